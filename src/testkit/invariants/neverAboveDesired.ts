import type { Invariant } from "../invariant.ts";

/** What a lost or doubled creation would show (Kubernetes, ReplicaSet expectations). */
export const neverAboveDesired: Invariant = {
  name: "never-above-desired",
  statement: "No container is created beyond the number that is wanted of its release.",
  appliesTo: "rollout",
  start: () => ({
    onFact(fact, _now, cluster) {
      if (fact.kind !== "container-created") return undefined;
      const release = cluster.release(fact.container.release);
      const active = cluster.activeOf(release).length;
      if (active <= release.desired) return undefined;
      return `${fact.container.name} makes ${active} of ${release.image.name} where ${release.desired} are wanted`;
    },
  }),
};
