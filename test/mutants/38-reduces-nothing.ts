import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

/** Reduces a list of hosts that may be empty. Array.prototype.reduce without a first value throws on an empty list. */
export const mutant: Mutant = {
  bug: "reduces a list of hosts that may be empty",
  real: "Array.prototype.reduce without a first value throws on an empty list.",
  within: 2000,
  plugin: schedulerWith({
    otherwise: (_request, { hosts }) => {
      const best = hosts
        .filter(({ freeMillicores }) => freeMillicores < 0)
        .reduce((one, other) => (one.id < other.id ? one : other));
      return { kind: "fits", host: best.id, scores: [] };
    },
  }),
};
