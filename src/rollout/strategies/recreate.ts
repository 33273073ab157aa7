import { z } from "zod";
import type { Micros } from "../../kernel/time.ts";
import { heldSizes } from "../heldSizes.ts";
import { progressDeadlineSeconds, revisionHistoryLimit, seconds, watchProgress } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
  progressDeadlineSeconds,
  revisionHistoryLimit,
});

/** What a scenario may set of `recreate`. */
export type RecreateSettings = z.output<typeof settings>;

/**
 * Stops all old containers, and starts the new ones when none of the old is left (Kubernetes, Recreate).
 *
 * Old and new never run together, and for a while nothing serves. It waits for the old processes to be gone, not only
 * deleted (Kubernetes, recreate.go, oldPodsRunning).
 */
export const recreate: Strategy<RecreateSettings> = {
  kind: "strategy",
  name: "recreate",
  describe: "Stops all old containers, then starts all new ones (Kubernetes' Recreate).",
  settings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (limits) => limits.revisionHistoryLimit,
  plan: planRecreate,
};

function planRecreate(view: RolloutView, { progressDeadlineSeconds: deadline }: RecreateSettings): Plan {
  const { next, previous, replicas } = view;
  if (view.paused) return { receiving: "all", note: "paused", scale: heldSizes(view, { former: undefined, surge: 0 }) };
  const stopOld = previous.map(({ id }) => ({ release: id, desired: 0 }));
  if (sum(previous.map((old) => old.existing + old.terminating)) > 0) {
    return { receiving: "all", ...watchProgress(view, deadline), scale: stopOld };
  }
  const scale = [...stopOld, { release: next.id, desired: replicas }];
  if (next.existing === replicas && next.available >= replicas) {
    return { receiving: "all", scale, outcome: "completed" };
  }
  return { receiving: "all", ...watchProgress(view, deadline), scale };
}
