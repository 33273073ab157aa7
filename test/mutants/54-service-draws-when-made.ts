import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Every service draws from the scheduler's stream when it is made. A new setting that is drawn for everybody, from a stream that was there. */
export const mutant: Mutant = {
  bug: "every service draws from the scheduler's stream when it is made",
  real: "A new setting that is drawn for everybody, from a stream that was there.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "addRelease",
      (original) =>
        function (this: Cluster, service, imageName, root) {
          if (this.now === 0) this.streams.named("scheduler").next();
          return original.call(this, service, imageName, root);
        },
    ),
};
