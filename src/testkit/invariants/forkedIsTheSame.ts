import type { Invariant } from "../invariant.ts";

/** What steps backwards, experiments and the interactive page stand on. */
export const forkedIsTheSame: Invariant = {
  name: "forked-is-the-same",
  statement: "A run that is stopped, asked for results, and forked goes on as if it had not been.",
  appliesTo: "engine",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd({ summary }) {
      const again = rerun(scenario, (simulation) => {
        simulation.runUntil(Math.floor(scenario.duration / 3));
        simulation.result();
        const twin = simulation.fork();
        twin.step();
        simulation.run();
        return twin.run();
      }).summary;
      return again.digest === summary.digest ? undefined : `digest ${summary.digest}, forked ${again.digest}`;
    },
  }),
};
