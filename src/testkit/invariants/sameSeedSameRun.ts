import type { Invariant } from "../invariant.ts";

/** A plug-in that keeps something between runs, or draws chance of its own, shows here. */
export const sameSeedSameRun: Invariant = {
  name: "same-seed-same-run",
  statement: "The same scenario and seed give the same run, watched or not.",
  appliesTo: "engine",
  needsRuns: true,
  start: (simulation, rerun) => ({
    atEnd({ summary }) {
      const again = rerun(simulation.scenario).summary;
      if (again.digest === summary.digest) return undefined;
      return `digest ${summary.digest} watched, ${again.digest} unwatched`;
    },
  }),
};
