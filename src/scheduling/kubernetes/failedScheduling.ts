import type { Rejection } from "./plugin.ts";
import type { NodeVerdict } from "./scheduler.ts";

const NO_VICTIMS = "No preemption victims found for incoming pod";
const NOT_HELPFUL = "Preemption is not helpful for scheduling";

/**
 * The message of a FailedScheduling event: how many nodes said what, as kube-scheduler counts and sorts it. The last
 * part is for pods that may preempt: where evictions were tried in vain, and where no eviction could have helped.
 */
export function failedSchedulingMessage(nodeCount: number, verdicts: Iterable<NodeVerdict>): string {
  const reasons = new Map<string, number>();
  const preemption = new Map<string, number>();
  for (const verdict of verdicts) {
    if (verdict.kind !== "rejected") continue;
    for (const reason of verdict.rejection.reasons) count(reasons, reason);
    const couldHelp = verdict.rejection.code === "Unschedulable";
    count(preemption, couldHelp ? NO_VICTIMS : NOT_HELPFUL);
  }
  const head = `0/${nodeCount} nodes are available`;
  return `${head}: ${listed(reasons)}. preemption: ${head}: ${listed(preemption)}.`;
}

/**
 * Why evictions on a node do not help a pod that it rejects. `hasLower`: pods of lower priority are there, and also without
 * them it rejects the pod. Source: kube-scheduler, preemption.go and default_preemption.go, SelectVictimsOnNode.
 */
export function noEvictionHelps({ code, reasons }: Rejection, hasLower: boolean): string {
  if (code !== "Unschedulable") return NOT_HELPFUL;
  return hasLower ? (reasons[0] ?? NO_VICTIMS) : NO_VICTIMS;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** As kube-scheduler sorts it: as text, so that 10 comes before 2. */
function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, times]) => `${times} ${reason}`)
    .sort()
    .join(", ");
}
