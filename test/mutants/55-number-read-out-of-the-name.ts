import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

/** The first part of a name that is a number; 0 without one. */
function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

/** Breaks ties by the number that it reads out of a host's name. Names like node-7 are read so in many a home-made tool, until somebody calls a host otherwise. */
export const mutant: Mutant = {
  bug: "breaks ties by the number that it reads out of a host's name",
  real: "Names like node-7 are read so in many a home-made tool, until somebody calls a host otherwise.",
  within: 2000,
  plugin: schedulerWith({
    choose: (hosts) => [...hosts].sort((one, other) => numberOf(other.spec.name) - numberOf(one.spec.name))[0],
  }),
};
