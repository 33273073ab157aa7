import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A host keeps a page of each container that ends there. A leak that only a restart of the node agent mends. */
export const mutant: Mutant = {
  bug: "a host keeps a page of the memory of each container that ends there",
  real: "A leak that only a restart of the node agent mends.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "remove",
      (original) =>
        function (this: Cluster, container, why) {
          original.call(this, container, why);
          if (container.host < 0) return;
          const host = this.host(container.host);
          if (host.freeBytes > 2 ** 30) host.freeBytes -= 4096;
        },
    ),
};
