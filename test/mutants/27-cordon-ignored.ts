import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Places on hosts that are cordoned. A drain that never ends, because what leaves comes back. */
export const mutant: Mutant = {
  bug: "places on hosts that are cordoned",
  real: "A drain that never ends, because what leaves comes back.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/cordoned/),
  }),
};
