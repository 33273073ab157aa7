import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A host does not get its resources back. A leak of one container's cpu per release. */
export const mutant: Mutant = {
  bug: "a host does not get its resources back",
  real: "A leak of one container's cpu per release.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "remove",
      (original) =>
        function (this: Cluster, container, why) {
          original.call(this, container, why);
          if (container.host >= 0) this.host(container.host).freeMillicores -= 1;
        },
    ),
};
