import type { Invariant } from "../invariant.ts";
import { difference, endOf, summaryDifference, unlikeThis } from "./outcome.ts";

/** What steps backwards, experiments and the interactive page stand on. */
export const forkedIsTheSame: Invariant = {
  name: "forked-is-the-same",
  statement:
    "A run that is stopped, asked for results, and forked goes on as if it had not been; and so does the fork.",
  appliesTo: "engine",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd(result) {
      let original = result.summary;
      const forked = rerun(scenario, (simulation) => {
        simulation.runUntil(Math.floor(scenario.duration / 3));
        simulation.result();
        const twin = simulation.fork();
        twin.step();
        // The run that was stopped is judged by its sums, the fork by its course over time too: one series is half of the cost.
        simulation.runUntil(scenario.duration);
        original = simulation.figures();
        return endOf(twin);
      });
      return unlikeThis(
        result,
        () => rerun(scenario),
        (straight) =>
          summaryDifference(straight.summary, original, ["straight through", "stopped"]) ??
          difference(straight, forked, ["straight through", "forked"]),
      );
    },
  }),
};
