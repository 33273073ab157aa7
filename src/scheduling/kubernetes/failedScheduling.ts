import type { NodeVerdict } from "./scheduler.ts";

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
    count(
      preemption,
      couldHelp ? "No preemption victims found for incoming pod" : "Preemption is not helpful for scheduling",
    );
  }
  const head = `0/${nodeCount} nodes are available`;
  return `${head}: ${listed(reasons)}. preemption: ${head}: ${listed(preemption)}.`;
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
