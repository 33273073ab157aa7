import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Forgets taints. Custom schedulers that copy the fit of resources and nothing else. */
export const mutant: Mutant = {
  bug: "forgets taints",
  real: "Custom schedulers that copy the fit of resources and nothing else.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/taint/),
  }),
};
