import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** Every container that exists counts as available, crashed or not. archimedes #1309: started counted as healthy. */
export const mutant: Mutant = {
  bug: "every container that exists counts as available, crashed or not",
  real: "archimedes #1309: started counted as healthy.",
  within: 2000,
  plugin: rollingWith({
    spare: ({ next, previous, replicas }, { unavailable }) =>
      total([next, ...previous], (one) => Math.min(one.existing, one.desired)) - (replicas - unavailable),
  }),
};
