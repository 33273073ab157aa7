import { z } from "zod";
import { duration } from "../../fields/duration.ts";
import { progressDeadlineSeconds, watchProgress } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, ScaleTo, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  notice: duration.prefault("5m").describe("How long the person takes to notice that something broke."),
  act: duration.prefault("1m").describe("How long the person takes to do one thing, such as to start one container."),
  order: z
    .enum(["stop-first", "start-first"])
    .default("stop-first")
    .describe("Whether an old container is stopped before its successor is started, or after it is ready."),
  progressDeadlineSeconds,
});

/** What a scenario may set of `by-hand`. */
export type ByHandSettings = z.output<typeof settings>;

/**
 * A person without an orchestrator: stops one old container, starts one new one, waits until it is ready, and goes on.
 *
 * Each start and each stop takes `act`. A person who releases is watching, so `notice` does not delay a rollout, only
 * the mending of what breaks. A version that never gets ready stops the person at the first container. The defaults are
 * our own choice.
 */
export const byHand: Strategy<ByHandSettings> = {
  kind: "strategy",
  name: "by-hand",
  describe: "A person stops and starts containers one at a time, and mends what breaks.",
  settings,
  operatedBy: "person",
  pace: ({ notice, act }) => ({ notice, act }),
  plan: planByHand,
};

function planByHand(view: RolloutView, settings: ByHandSettings): Plan {
  const { next, previous, replicas } = view;
  const act = nextAct(view, settings.order);
  const oldLeft = sum(previous.map((old) => old.desired + old.existing + old.terminating));
  if (act === undefined && oldLeft === 0 && next.desired === replicas && next.available >= replicas) {
    return { receiving: "all", outcome: "completed" };
  }
  const scale = act === undefined ? [] : [act];
  return { receiving: "all", ...watchProgress(view, settings.progressDeadlineSeconds), scale };
}

/** The one thing to do now, or nothing: then the person waits for a container to stop, or to get ready. */
function nextAct(view: RolloutView, order: ByHandSettings["order"]): ScaleTo | undefined {
  const { next, previous, replicas } = view;
  const total = next.desired + sum(previous.map((old) => old.desired));
  const settled = next.existing === next.desired && next.ready >= next.desired;
  const most = order === "stop-first" ? replicas : replicas + 1;
  if (total > most) return stopOne(view);
  if (next.desired < replicas && total < most) {
    const stopped = previous.every((old) => old.existing <= old.desired);
    const gone = order === "start-first" || previous.every((old) => old.terminating === 0);
    return settled && stopped && gone ? { release: next.id, desired: next.desired + 1 } : undefined;
  }
  return settled ? stopOne(view) : undefined;
}

/** The oldest release first; of the new one only what is above the wanted number. */
function stopOne({ next, previous, replicas }: RolloutView): ScaleTo | undefined {
  const oldest = previous.findLast((old) => old.desired > 0);
  if (oldest !== undefined) return { release: oldest.id, desired: oldest.desired - 1 };
  return next.desired > replicas ? { release: next.id, desired: next.desired - 1 } : undefined;
}
