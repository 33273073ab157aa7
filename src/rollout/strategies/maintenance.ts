import { z } from "zod";
import { duration } from "../../fields/duration.ts";
import { progressDeadlineSeconds, watchProgress } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  window: duration
    .prefault("1m")
    .describe("How long the site is closed before the old containers are stopped: the time the work itself takes."),
  progressDeadlineSeconds,
});

/** What a scenario may set of `maintenance`. */
export type MaintenanceSettings = z.output<typeof settings>;

/** When the site was closed; plain data. */
export interface MaintenanceState {
  readonly closedAt: number;
}

/**
 * The old days: the site goes down for maintenance, is updated in place, and comes back.
 *
 * From the first moment no request is let through, until all new containers are available. The default of one minute
 * for the work is our own choice: long enough to be seen, short for a real one.
 */
export const maintenance: Strategy<MaintenanceSettings, MaintenanceState> = {
  kind: "strategy",
  name: "maintenance",
  describe: "Closes the site, stops all old containers, starts all new ones, and opens it again.",
  settings,
  plan: planMaintenance,
};

function planMaintenance(view: RolloutView<MaintenanceState>, settings: MaintenanceSettings): Plan<MaintenanceState> {
  const { next, previous, replicas, now } = view;
  const state = view.state ?? { closedAt: now };
  const closed = { receiving: [], state } as const;
  const left = state.closedAt + settings.window - now;
  if (left > 0) return { ...closed, wakeAfter: left, note: "closes the site for maintenance" };
  const stopOld = previous.map(({ id }) => ({ release: id, desired: 0 }));
  const deadline = watchProgress(view, settings.progressDeadlineSeconds);
  if (sum(previous.map((old) => old.existing + old.terminating)) > 0) {
    return { note: "stops all old containers", ...closed, ...deadline, scale: stopOld };
  }
  const scale = [...stopOld, { release: next.id, desired: replicas }];
  if (next.existing === replicas && next.available >= replicas) {
    return { receiving: "all", scale, state, outcome: "completed", note: "opens the site again" };
  }
  return { note: "starts all new containers", ...closed, ...deadline, scale };
}
