import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

const turn = { next: 0 };

/** Keeps its place in the round outside the run. State that hides in a plug-in is not saved with the run. */
export const mutant: Mutant = {
  bug: "keeps its place in the round outside the run",
  real: "State that hides in a plug-in is not saved with the run.",
  within: 2000,
  plugin: schedulerWith({
    choose: (hosts) => hosts[turn.next++ % hosts.length],
  }),
};
