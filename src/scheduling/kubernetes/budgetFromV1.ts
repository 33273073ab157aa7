import { selects } from "./labels.ts";
import type { PodInfo } from "./podInfo.ts";
import type { DisruptionBudget } from "./preemption.ts";
import { readSelector } from "./selectorsFromV1.ts";
import { V1Field } from "./v1Fields.ts";

const LARGEST = 2 ** 31 - 1;

/**
 * Reads a PodDisruptionBudget. Without a status, as in a manifest, what it allows is worked out from the bound `pods`, all taken to
 * be healthy. Percentages round up. Source: Kubernetes, Specifying a Disruption Budget page.
 *
 * @throws V1FieldError where a field has a wrong shape
 */
export function budgetFromV1(json: unknown, pods: readonly PodInfo[]): DisruptionBudget {
  const root = new V1Field(json, "");
  const namespace = root.at("metadata").at("namespace").text() || "default";
  const selector = readSelector(root.at("spec").at("selector"));
  const status = root.at("status");
  const covered = pods.filter(
    (pod) =>
      pod.namespace === namespace && pod.nodeName !== undefined && !pod.isTerminating && selects(selector, pod.labels),
  );
  return {
    namespace,
    selector,
    disruptionsAllowed:
      status.at("disruptionsAllowed").whole(-LARGEST, LARGEST) ?? allowed(root.at("spec"), covered.length),
    disruptedPods: new Set(
      status
        .at("disruptedPods")
        .entries()
        .map(([name]) => name),
    ),
  };
}

function allowed(spec: V1Field, healthy: number): number {
  const least = countOf(spec.at("minAvailable"), healthy);
  const most = countOf(spec.at("maxUnavailable"), healthy);
  if (least !== undefined) return Math.max(0, healthy - least);
  return most === undefined ? 0 : Math.min(healthy, most);
}

function countOf(field: V1Field, all: number): number | undefined {
  const { value } = field;
  if (value === undefined) return undefined;
  const percent = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  if (percent !== undefined) return Math.ceil((Number(percent) * all) / 100);
  const count = field.whole(0, LARGEST);
  if (count === undefined) throw field.refused("a count or a percentage, such as 1 or 50%");
  return count;
}
