import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** Traffic moves as soon as new containers exist. archimedes #1309: old target removed nine seconds after the new task starts, 144 s without any target. */
export const mutant: Mutant = {
  bug: "traffic moves as soon as new containers exist",
  real: "archimedes #1309: old target removed nine seconds after the new task starts, 144 s without any target.",
  within: 2000,
  plugin: switchWith({
    mayMove: ({ next }) => next.existing > 0,
  }),
};
