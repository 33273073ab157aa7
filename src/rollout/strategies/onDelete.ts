import { z } from "zod";
import type { Micros } from "../../kernel/time.ts";
import { revisionHistoryLimit, seconds } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
  revisionHistoryLimit,
});

/** What a scenario may set of `on-delete`. */
export type OnDeleteSettings = z.output<typeof settings>;

/**
 * Replaces nothing: a new version only comes where an old container was lost or deleted (Kubernetes, OnDelete of StatefulSets
 * and DaemonSets; a ReplicaSet whose template was changed does the same).
 *
 * It is over when the last old container has gone its own way, which may be never.
 */
export const onDelete: Strategy<OnDeleteSettings> = {
  kind: "strategy",
  name: "on-delete",
  describe: "Replaces nothing by itself: new containers are new, old ones stay until something ends them.",
  settings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (limits) => limits.revisionHistoryLimit,
  plan: planOnDelete,
};

function planOnDelete({ next, previous, replicas }: RolloutView): Plan {
  const left = sum(previous.map((old) => old.existing));
  if (left === 0 && next.available >= replicas && next.desired === replicas) {
    return { receiving: "all", scale: previous.map(({ id }) => ({ release: id, desired: 0 })), outcome: "completed" };
  }
  let surplus = Math.max(0, left - replicas);
  const old = previous.map(({ id, existing }) => {
    const gone = Math.min(surplus, existing);
    surplus -= gone;
    return { release: id, desired: existing - gone };
  });
  return { receiving: "all", scale: [...old, { release: next.id, desired: Math.max(0, replicas - left) }] };
}
