import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** The old ones go when the new ones are ready, and the traffic moves later. argoproj/argo-rollouts #2235: old copies removed, the selector switched 195 s later. */
export const mutant: Mutant = {
  bug: "the old ones go when the new ones are ready, and the traffic moves later",
  real: "argoproj/argo-rollouts #2235: old copies removed, the selector switched 195 s later.",
  within: 2000,
  plugin: switchWith({
    mayMove: ({ previous }) => previous.every(({ existing }) => existing === 0),
    mayStopOld: ({ next, replicas }) => next.available >= replicas,
  }),
};
