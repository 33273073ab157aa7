import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { SchedulerCache } from "../../src/scheduling/kubernetes/schedulerCache.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const specs = new WeakMap<PodInfo["spec"], PodInfo["spec"]>();

/** Anti-affinity of what is on a host already is forgotten. Kubernetes, InterPodAffinity: the rule is symmetric, and half of it is in the pods that are there. */
export const mutant: Mutant = {
  bug: "anti-affinity of what is on a host already is forgotten",
  real: "Kubernetes, InterPodAffinity: the rule is symmetric, and half of it is in the pods that are there.",
  within: 2000,
  patch: () => {
    const mends = (["place", "remove"] as const).map((name) =>
      replaceMethod(
        SchedulerCache.prototype,
        name,
        (original) =>
          function (this: SchedulerCache, pod, node) {
            original.call(this, tame(pod), node);
          },
      ),
    );
    return () => {
      for (const mend of mends) mend();
    };
  },
};

function tame(pod: PodInfo): PodInfo {
  const spec = specs.get(pod.spec) ?? { ...pod.spec, requiredAntiAffinity: [] };
  specs.set(pod.spec, spec);
  return { ...pod, spec };
}
