import { PodReader } from "../../src/scheduling/kubernetes/fromV1.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Host ports are not looked at. Few manifests have them, and a scheduler of one's own works for months without. */
export const mutant: Mutant = {
  bug: "host ports are not looked at",
  real: "Few manifests have them, and a scheduler of one's own works for months without.",
  within: 2000,
  patch: () =>
    replaceMethod(
      PodReader.prototype,
      "read",
      (original) =>
        function (this: PodReader, json, context) {
          const pod = original.call(this, json, context);
          return { ...pod, spec: { ...pod.spec, hostPorts: [] } };
        },
    ),
};
