import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Forgets the node selector. Custom schedulers that copy the fit of resources and nothing else. */
export const mutant: Mutant = {
  bug: "forgets the node selector",
  real: "Custom schedulers that copy the fit of resources and nothing else.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/label/),
  }),
};
