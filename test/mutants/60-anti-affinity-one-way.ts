import { SchedulerCache } from "../../src/scheduling/kubernetes/schedulerCache.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Anti-affinity of what is on a host already is forgotten. kubernetes/kubernetes, InterPodAffinity: the rule is symmetric, and half of it is in the pods that are there. */
export const mutant: Mutant = {
  bug: "anti-affinity of what is on a host already is forgotten",
  real: "kubernetes/kubernetes, InterPodAffinity: the rule is symmetric, and half of it is in the pods that are there.",
  within: 2000,
  patch: () =>
    replaceMethod(
      SchedulerCache.prototype,
      "place",
      (original) =>
        function (this: SchedulerCache, pod, node) {
          original.call(this, { ...pod, spec: { ...pod.spec, requiredAntiAffinity: [] } }, node);
        },
    ),
};
