import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** Ready at once counts as available, whatever minReadySeconds says. Availability and readiness are told apart by one field in Kubernetes' own status, often read wrongly. */
export const mutant: Mutant = {
  bug: "ready at once counts as available, whatever minReadySeconds says",
  real: "Availability and readiness are told apart by one field in Kubernetes' own status, often read wrongly.",
  within: 2000,
  plugin: rollingWith({
    available: ({ ready, desired }) => Math.min(ready, desired),
    spare: ({ next, previous, replicas }, { unavailable }) =>
      total([next, ...previous], (one) => Math.min(one.ready, one.desired)) - (replicas - unavailable),
  }),
};
