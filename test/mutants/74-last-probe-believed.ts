import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** The last probe before its host's crash is believed until the host is back. Readiness kept in a cache that outlives what it speaks of. */
export const mutant: Mutant = {
  bug: "the last probe before its host's crash is believed until the host is back",
  real: "Readiness kept in a cache that outlives what it speaks of.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "announce",
      (original) =>
        function (this: Cluster, fact) {
          if (fact.kind === "container-died" && fact.silently) fact.container.probed = true;
          if (fact.kind === "host-up") for (const id of fact.host.containers) this.container(id).probed = false;
          original.call(this, fact);
        },
    ),
};
