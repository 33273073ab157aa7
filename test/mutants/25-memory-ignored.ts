import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Looks at cpu and forgets memory. The second of two resources is the one that is forgotten. */
export const mutant: Mutant = {
  bug: "looks at cpu and forgets memory",
  real: "The second of two resources is the one that is forgotten.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/bytes needed/),
  }),
};
