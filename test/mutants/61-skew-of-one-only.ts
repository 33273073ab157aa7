import { PodReader } from "../../src/scheduling/kubernetes/fromV1.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A maxSkew above one counts as none at all. A flag made out of a number. */
export const mutant: Mutant = {
  bug: "a maxSkew above one counts as none at all",
  real: "A flag made out of a number.",
  within: 2000,
  patch: () =>
    replaceMethod(
      PodReader.prototype,
      "read",
      (original) =>
        function (this: PodReader, json, context) {
          const pod = original.call(this, json, context);
          const spreadConstraints = pod.spec.spreadConstraints.filter(({ maxSkew }) => maxSkew === 1);
          return { ...pod, spec: { ...pod.spec, spreadConstraints } };
        },
    ),
};
