import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** One container more than maxSurge allows. kubernetes/kubernetes #95498 and #107920: more containers exist than wanted plus surge. */
export const mutant: Mutant = {
  bug: "one container more than maxSurge allows",
  real: "kubernetes/kubernetes #95498 and #107920: more containers exist than wanted plus surge.",
  within: 2000,
  plugin: rollingWith({
    room: ({ next, previous, replicas }, { surge }) =>
      replicas + surge + 1 - total([next, ...previous], (one) => Math.max(one.desired, one.existing)),
  }),
};
