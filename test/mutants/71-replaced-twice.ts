import { Cluster } from "../../src/cluster/cluster.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Outside of releases a lost container is replaced by two, and one of them removed at the next look. kubernetes/kubernetes: what the ReplicaSet controller's expectations are for. */
export const mutant: Mutant = {
  bug: "outside of releases a lost container is replaced by two, and one of them removed at the next look",
  real: "kubernetes/kubernetes: what the ReplicaSet controller's expectations are for.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Cluster.prototype,
      "createContainer",
      (original) =>
        function (this: Cluster, release, root) {
          const service = this.state.services.find(({ releases }) => releases.includes(release));
          const isCalm = service?.releases.every((other) => other === release || other.desired === 0) === true;
          const isLast = this.activeOf(release).length === release.desired - 1;
          const made = original.call(this, release, root);
          if (isCalm && isLast && service !== undefined && this.now > 0) {
            original.call(this, release, root);
            this.announce({ kind: "desired-changed", service, release });
          }
          return made;
        },
    ),
};
