import type { JsonMap, PodTemplate } from "../../cluster/podTemplate.ts";
import type { HostView } from "../../scheduling/framework.ts";
import type { Invariant } from "../invariant.ts";
import { listAt, type PodPlacement, placeOf, podPlacement, selects } from "./podRules.ts";

/**
 * Kubernetes, "Pod Topology Spread Constraints": with the newcomer a place has at most maxSkew more than the emptiest.
 *
 * Asked where every host counts as a place: no node selector or affinity, no matchLabelKeys, no minDomains, and the usual
 * nodeTaintsPolicy, which looks at no taint.
 */
export const topologySpreadHeld: Invariant = {
  name: "topology-spread-held",
  statement: "With the new container no place has more than maxSkew above the emptiest, where DoNotSchedule asks so.",
  appliesTo: "placement",
  onPlacement(placement) {
    const placed = podPlacement(placement);
    if (placed === undefined) return undefined;
    const { pod, host } = placed;
    if (pod.spec.nodeSelector !== undefined && Object.keys(pod.spec.nodeSelector as JsonMap).length > 0)
      return undefined;
    for (const constraint of listAt(pod.spec, "topologySpreadConstraints")) {
      const why = skewOf(constraint, placed, placement.snapshot.hosts);
      if (why !== undefined) return `${placement.request.container} goes to ${host.spec.name}, and ${why}`;
    }
    return undefined;
  },
};

function skewOf(constraint: JsonMap, placed: PodPlacement, hosts: readonly HostView[]): string | undefined {
  const { topologyKey, maxSkew, whenUnsatisfiable, minDomains, matchLabelKeys } = constraint;
  if (whenUnsatisfiable !== "DoNotSchedule" || typeof topologyKey !== "string" || typeof maxSkew !== "number") return;
  if (minDomains !== undefined || matchLabelKeys !== undefined) return;
  const counts = new Map<string, number>();
  for (const host of hosts) counts.set(placeOf(host, topologyKey) ?? "", 0);
  for (const { pod, isTerminating, host } of placed.neighbours) {
    const place = placeOf(host, topologyKey) ?? "";
    if (!isTerminating && counted(constraint, pod, placed.pod)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const own = selects(constraint, placed.pod) === true ? 1 : 0;
  const here = placeOf(placed.host, topologyKey) ?? "";
  const skew = (counts.get(here) ?? 0) + own - Math.min(...counts.values());
  return skew > maxSkew ? `${here} then has ${skew} more than the emptiest place, ${maxSkew} may` : undefined;
}

function counted(constraint: JsonMap, other: PodTemplate, pod: PodTemplate): boolean {
  return other.namespace === pod.namespace && selects(constraint, other) === true;
}
