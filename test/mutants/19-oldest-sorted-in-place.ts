import type { Mutant } from "./base/mutant.ts";

/** Sorts the old releases in the view itself. Array.prototype.sort works in place; the view belongs to the simulator. */
export const mutant: Mutant = {
  bug: "sorts the old releases in the view itself",
  real: "Array.prototype.sort works in place; the view belongs to the simulator.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas }) => {
      const oldest = (previous as unknown as { revision: number; id: number }[]).sort(
        (one, other) => one.revision - other.revision,
      );
      const scale = oldest.map(({ id }) => ({ release: id, desired: 0 }));
      if (next.available < replicas) return { scale: [{ release: next.id, desired: replicas }] };
      return { scale, outcome: "completed" };
    },
  },
};
