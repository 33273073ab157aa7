import { Probes } from "../../src/cluster/probes.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** The startup probe does not ask again after a restart. Kubernetes 1.21 stopped its startup probes after a container's first restart (kubernetes/kubernetes#101093). */
export const mutant: Mutant = {
  bug: "the startup probe does not ask again after a restart",
  real: "Kubernetes 1.21 stopped its startup probes after a container's first restart (kubernetes/kubernetes#101093).",
  within: 6000,
  patch: () =>
    replaceMethod(
      Probes.prototype,
      "processAnswers",
      (original) =>
        function (this: Probes, container) {
          if (container.started || container.restarts === 0) original.call(this, container);
        },
    ),
};
