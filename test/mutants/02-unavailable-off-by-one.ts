import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** One available container more goes than maxUnavailable allows. The fencepost error of every hand-written rolling update. */
export const mutant: Mutant = {
  bug: "one available container more goes than maxUnavailable allows",
  real: "The fencepost error of every hand-written rolling update.",
  within: 2000,
  plugin: rollingWith({
    spare: ({ next, previous, replicas }, { unavailable }) =>
      total([next, ...previous], (one) => Math.min(one.available, one.desired)) - (replicas - unavailable - 1),
  }),
};
