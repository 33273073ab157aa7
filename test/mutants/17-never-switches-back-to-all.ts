import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** Waits for one more than are wanted before it moves the traffic. An off-by-one in the readiness gate: the rollout neither ends nor says why. */
export const mutant: Mutant = {
  bug: "waits for one more than are wanted before it moves the traffic",
  real: "An off-by-one in the readiness gate: the rollout neither ends nor says why.",
  within: 2000,
  plugin: switchWith({
    mayMove: ({ next, replicas }) => next.available > replicas,
  }),
};
