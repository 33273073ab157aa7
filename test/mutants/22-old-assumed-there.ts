import type { Mutant } from "./base/mutant.ts";

/** Takes for granted that there is an old release. Nothing old is left once it is scaled to nothing, or was overtaken: the list is empty. */
export const mutant: Mutant = {
  bug: "takes for granted that there is an old release",
  real: "Nothing old is left once it is scaled to nothing, or was overtaken: the list is empty.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas }) => {
      const [old] = previous;
      if (next.available < replicas) return { scale: [{ release: next.id, desired: replicas }] };
      if ((old as { desired: number }).desired > 0)
        return { scale: previous.map(({ id }) => ({ release: id, desired: 0 })) };
      return { scale: [], outcome: "completed" };
    },
  },
};
