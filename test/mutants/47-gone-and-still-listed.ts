import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A container that ends before it has a host stays on its release's list. Two lists of one thing, of which one path of deletion knows only the first. */
export const mutant: Mutant = {
  bug: "a container that ends before it has a host stays on its release's list",
  real: "Two lists of one thing, of which one path of deletion knows only the first.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "remove",
      (original) =>
        function (this: Cluster, container, why) {
          original.call(this, container, why);
          if (container.host < 0) this.release(container.release).members.push(container.id);
        },
    ),
};
