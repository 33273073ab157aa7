import { PodReader } from "../../src/scheduling/kubernetes/fromV1.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Looks at a pod's first spread constraint only. An index of 0 where a loop was meant. */
export const mutant: Mutant = {
  bug: "looks at a pod's first spread constraint only",
  real: "An index of 0 where a loop was meant.",
  within: 2000,
  patch: () =>
    replaceMethod(
      PodReader.prototype,
      "read",
      (original) =>
        function (this: PodReader, json, context) {
          const pod = original.call(this, json, context);
          const spreadConstraints = pod.spec.spreadConstraints.slice(0, 1);
          return { ...pod, spec: { ...pod.spec, spreadConstraints } };
        },
    ),
};
