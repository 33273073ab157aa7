import type { Mutant } from "./base/mutant.ts";

/** Gives the canary a fifth of the traffic before it has a container. argoproj/argo-rollouts #587: 20 to 30 errors before the canary has even one container. */
export const mutant: Mutant = {
  bug: "gives the canary a fifth of the traffic before it has a container",
  real: "argoproj/argo-rollouts #587: 20 to 30 errors before the canary has even one container.",
  within: 2000,
  plugin: {
    kind: "strategy",
    name: "mutant",
    describe: "a strategy with a bug",
    plan: ({ next, previous, replicas }) => {
      const [old] = previous;
      if (old === undefined || previous.length > 1 || old.available === 0 || next.available >= replicas) {
        const scale = previous.map(({ id }) => ({ release: id, desired: 0 }));
        return {
          scale: [{ release: next.id, desired: replicas }, ...scale],
          receiving: "all",
          outcome: next.available >= replicas ? "completed" : undefined,
        };
      }
      const weights = [
        { release: old.id, percent: 80 },
        { release: next.id, percent: 20 },
      ];
      return { scale: [{ release: next.id, desired: replicas }], receiving: "all", weights };
    },
  },
};
