/**
 * What the API server and Argo's controller refuse in how a workload is updated, beyond types and ranges.
 *
 * Source: Kubernetes, pkg/apis/apps/validation/validation.go; of Rollouts, `rolloutRules.ts`.
 */
import type { JsonMap } from "../cluster/podTemplate.ts";
import { refusal } from "../fields/refusal.ts";
import { BOTH_NONE, type Finding, isNone } from "./findings.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import { rolloutFindings } from "./rolloutRules.ts";
import { mapAt, type Workload } from "./workload.ts";

/** Tells of everything that would be refused in a workload's own spec. */
export function checkUpdateRules({ object, kind, template }: Workload, report: ManifestReport): void {
  const spec = mapAt(object.value, "spec");
  const findings = [...patienceFindings(object.kind, spec), ...strategyFindings(object, spec)];
  for (const [path, text] of findings) report.problem(object, ["spec", ...path], text);
  const { restartPolicy = "Always" } = template.spec;
  if (kind === "Pod" || restartPolicy === "Always") return;
  const text = refusal(restartPolicy, "Always: only a Pod of its own may have another");
  report.problem(template.object, [...template.path, "spec", "restartPolicy"], text);
}

function strategyFindings(object: ManifestObject, spec: JsonMap): Finding[] {
  switch (object.kind) {
    case "Deployment":
      return deploymentFindings(mapAt(spec, "strategy"));
    case "DaemonSet":
      return daemonFindings(mapAt(spec, "updateStrategy"));
    case "Rollout":
      return rolloutFindings(spec);
    default:
      return [];
  }
}

/** Only Deployments and Rollouts have a deadline. */
function patienceFindings(kind: string, { minReadySeconds = 0, progressDeadlineSeconds = 600 }: JsonMap): Finding[] {
  if (kind !== "Deployment" && kind !== "Rollout") return [];
  if (typeof minReadySeconds !== "number" || typeof progressDeadlineSeconds !== "number") return [];
  if (progressDeadlineSeconds > minReadySeconds) return [];
  const text = refusal(progressDeadlineSeconds, `more than the minReadySeconds of ${minReadySeconds}`);
  return [[["progressDeadlineSeconds"], text]];
}

function deploymentFindings(strategy: JsonMap): Finding[] {
  const at = ["strategy", "rollingUpdate"];
  if (strategy.type === "Recreate") {
    const text = "found it beside the type Recreate, expected it with RollingUpdate only";
    return strategy.rollingUpdate === undefined ? [] : [[at, text]];
  }
  const { maxSurge, maxUnavailable } = mapAt(strategy, "rollingUpdate");
  return isNone(maxSurge) && isNone(maxUnavailable) ? [[[...at, "maxUnavailable"], BOTH_NONE]] : [];
}

function daemonFindings(strategy: JsonMap): Finding[] {
  if (strategy.type === "OnDelete") return [];
  const at = ["updateStrategy", "rollingUpdate"];
  const { maxSurge = 0, maxUnavailable = 1 } = mapAt(strategy, "rollingUpdate");
  if (isNone(maxSurge) && isNone(maxUnavailable)) return [[[...at, "maxUnavailable"], BOTH_NONE]];
  if (isNone(maxSurge) || isNone(maxUnavailable)) return [];
  const text = refusal(maxSurge, `0, or a maxUnavailable of 0 beside it (it is ${String(maxUnavailable)})`);
  return [[[...at, "maxSurge"], text]];
}
