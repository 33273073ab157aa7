import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** The surge is counted from what is wanted of the new release only. Argo Rollouts' early canary: the stable set was left out of the sum. */
export const mutant: Mutant = {
  bug: "the surge is counted from what is wanted of the new release only",
  real: "Argo Rollouts' early canary: the stable set was left out of the sum.",
  within: 2000,
  plugin: rollingWith({
    room: ({ next, replicas }, { surge }) => replicas + surge - next.desired,
  }),
};
