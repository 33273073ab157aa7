import type { Mutant } from "./base/mutant.ts";

const calls = { count: 0 };

/** Remembers outside its state how often it was asked. State that hides in a plug-in is not saved with the run. */
export const mutant: Mutant = {
  bug: "remembers outside its state how often it was asked",
  real: "State that hides in a plug-in is not saved with the run.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas }) => {
      calls.count++;
      if (next.available < replicas || calls.count % 2 === 0)
        return { scale: [{ release: next.id, desired: replicas }] };
      return { scale: previous.map(({ id }) => ({ release: id, desired: 0 })), outcome: "completed" };
    },
  },
};
