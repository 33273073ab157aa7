import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A container is ready as soon as its process runs. archimedes #1309: a started task counted as healthy, its registration was minutes away. */
export const mutant: Mutant = {
  bug: "a container is ready as soon as its process runs",
  real: "archimedes #1309: a started task counted as healthy, its registration was minutes away.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "enter",
      (original) =>
        function (this: Cluster, container, phase, why) {
          original.call(this, container, phase, why);
          if (phase !== "running" || container.deleted || this.now === 0) return;
          container.ready = true;
          this.announce({ kind: "container-ready", container });
        },
    ),
};
