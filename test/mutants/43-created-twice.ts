import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A container is created twice when two looks overlap. kubernetes/kubernetes: what the ReplicaSet controller's expectations are for. */
export const mutant: Mutant = {
  bug: "a container is created twice when two looks overlap",
  real: "kubernetes/kubernetes: what the ReplicaSet controller's expectations are for.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "createContainer",
      (original) =>
        function (this: Cluster, release, root) {
          if (this.now > 0 && release.members.length === 1) original.call(this, release, root);
          return original.call(this, release, root);
        },
    ),
};
