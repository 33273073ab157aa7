import type { Invariant } from "../invariant.ts";
import { difference } from "./outcome.ts";

/** A plug-in that keeps something between runs, or draws chance of its own, shows here. */
export const sameSeedSameRun: Invariant = {
  name: "same-seed-same-run",
  statement:
    "The same scenario and seed give the same run and figures, watched or not: no plug-in's variable outlives a run.",
  appliesTo: "engine",
  needsRuns: true,
  start: (simulation, rerun) => ({
    atEnd: (result) => difference(result, rerun(simulation.scenario), ["watched", "unwatched"]),
  }),
};
