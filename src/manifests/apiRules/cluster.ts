/**
 * Budgets, priorities and nodes.
 *
 * Source: Kubernetes, pkg/apis/policy/validation, pkg/apis/scheduling/validation and pkg/apis/core/validation (v1.34).
 */
import type { JsonMap } from "../../cluster/podTemplate.ts";
import { EFFECTS } from "./affinity.ts";
import { eachOf, type Finding, fitting, found, needed, within } from "./finding.ts";
import { selectorFindings } from "./labels.ts";
import { LABEL_VALUE, QUALIFIED_NAME } from "./names.ts";
import { countOrPercent } from "./workloads.ts";

const HIGHEST_OF_USERS = 1_000_000_000;
const SYSTEM = "system-";
const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/** The spec of a PodDisruptionBudget. */
export function budgetFindings(spec: JsonMap): Finding[] {
  return [
    ...countOrPercent(spec, "minAvailable", 100),
    ...countOrPercent(spec, "maxUnavailable", 100),
    ...within(spec, "selector", selectorFindings),
  ];
}

/** A PriorityClass: names and values that only the system's own two have. */
export function priorityFindings({ value, globalDefault }: JsonMap, name: string): Finding[] {
  const own = SYSTEM_CLASSES.get(name);
  if (own !== undefined) {
    return [
      ...(value === own ? [] : [found(["value"], value, `${own}, which is ${name}'s`)]),
      ...(globalDefault === true ? [found(["globalDefault"], true, `false, as for ${name}`)] : []),
    ];
  }
  const findings: Finding[] = [];
  if (name.startsWith(SYSTEM)) findings.push(found(["metadata", "name"], name, `a name without ${SYSTEM} in front`));
  if (typeof value === "number" && value > HIGHEST_OF_USERS) {
    findings.push(found(["value"], value, `at most ${HIGHEST_OF_USERS}: what is above is the system's`));
  }
  return findings;
}

/** The spec of a Node. */
export function nodeFindings(spec: JsonMap): Finding[] {
  const seen = new Set<string>();
  return eachOf(spec, "taints", (taint) => {
    const { key, effect } = taint;
    const pair = `${String(key)} ${String(effect)}`;
    const isSecond = seen.has(pair);
    seen.add(pair);
    return [
      ...needed(taint, "key", QUALIFIED_NAME),
      ...fitting(taint, "value", LABEL_VALUE),
      ...(EFFECTS.includes(String(effect)) ? [] : [found(["effect"], effect, `one of ${EFFECTS.join(", ")}`)]),
      ...(isSecond ? [found(["key"], key, `one taint of this key with the effect ${String(effect)}`)] : []),
    ];
  });
}
