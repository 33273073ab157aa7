import type { Mutant } from "./base/mutant.ts";

/** Removes the surplus, and then thinks that it was needed. Two loops that each undo what the other did: scale up, scale down, for ever. */
export const mutant: Mutant = {
  bug: "removes the surplus, and then thinks that it was needed",
  real: "Two loops that each undo what the other did: scale up, scale down, for ever.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas, now }) => {
      const extra = Math.floor(now / 10_000_000) % 2;
      const scale = previous.map(({ id }) => ({ release: id, desired: next.available >= replicas ? 0 : replicas }));
      return { scale: [{ release: next.id, desired: replicas + extra }, ...scale], wakeAfter: 10_000_000 };
    },
  },
};
