import type { Invariant } from "../invariant.ts";

/** Kubernetes, `kubectl rollout undo`; a rollback of a rollback goes forward again. */
export const rollbackGoesBack: Invariant = {
  name: "rollback-goes-back",
  statement: "A rollback brings another version than the one in force, and one that was deployed before.",
  appliesTo: "rollout",
  start({ world: { cluster } }) {
    const seen = new Map(cluster.state.services.map(({ id, spec }) => [id, new Set([spec.image])]));
    return {
      onFact(fact) {
        if (fact.kind !== "rollout-began") return undefined;
        const { reason, from, to } = fact.rollout;
        const images = seen.get(fact.service.id);
        if (reason === "rollback" && from === to) return `the rollback goes from ${from} to itself`;
        if (reason === "rollback" && images?.has(to) === false)
          return `the rollback goes to ${to}, which never was deployed`;
        images?.add(to);
        return undefined;
      },
    };
  },
};
