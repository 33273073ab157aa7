import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** Goes on with five replicas whatever is wanted now. A size read when the rollout began, and not again: scaling in mid-rollout is lost. */
export const mutant: Mutant = {
  bug: "goes on with five replicas whatever is wanted now",
  real: "A size read when the rollout began, and not again: scaling in mid-rollout is lost.",
  within: 2000,
  plugin: rollingWith({
    replicas: () => 5,
  }),
};
