import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Nobody is told that an evicted container is missing. A watch that filters out what it takes for its own doing. */
export const mutant: Mutant = {
  bug: "nobody is told that an evicted container is missing",
  real: "A watch that filters out what it takes for its own doing.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "announce",
      (original) =>
        function (this: Cluster, fact) {
          if (fact.kind === "container-deleted" && fact.why !== "scaled down") return;
          original.call(this, fact);
        },
    ),
};
