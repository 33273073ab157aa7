import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** A rollback sends all traffic back before the old version runs again. argoproj/argo-rollouts #3020: the old version at 90 % canary gets everything with two or three copies. */
export const mutant: Mutant = {
  bug: "a rollback sends all traffic back before the old version runs again",
  real: "argoproj/argo-rollouts #3020: the old version at 90 % canary gets everything with two or three copies.",
  within: 3000,
  plugin: switchWith({
    mayMove: ({ next, replicas, reason }) => reason === "rollback" || next.available >= replicas,
  }),
};
