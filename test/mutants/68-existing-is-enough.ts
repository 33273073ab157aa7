import type { Mutant } from "./base/mutant.ts";

/** The old ones go as soon as the new ones exist. kubernetes/kubernetes #14400: old copies gone long before the new ones had booted. */
export const mutant: Mutant = {
  bug: "the old ones go as soon as the new ones exist",
  real: "kubernetes/kubernetes #14400: old copies gone long before the new ones had booted.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas }) => {
      const start = { release: next.id, desired: replicas };
      if (next.existing < replicas) return { receiving: "all", scale: [start] };
      const stop = previous.map(({ id }) => ({ release: id, desired: 0 }));
      const isDone = next.available >= replicas;
      return { receiving: "all", scale: [start, ...stop], outcome: isDone ? "completed" : undefined };
    },
  },
};
