import type { Mutant } from "./base/mutant.ts";

/** Waits by the clock on the wall. A pause measured with the process' own clock, which a simulation does not move. */
export const mutant: Mutant = {
  bug: "waits by the clock on the wall",
  real: "A pause measured with the process' own clock, which a simulation does not move.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas, startedAt }) => {
      if (next.available < replicas || Date.now() < startedAt)
        return { scale: [{ release: next.id, desired: replicas }] };
      return { scale: previous.map(({ id }) => ({ release: id, desired: 0 })), outcome: "completed" };
    },
  },
};
