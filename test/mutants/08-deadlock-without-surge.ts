import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** Waits for a new one to be ready before any old one goes: without surge, for ever. kubernetes/kubernetes #99513: a rollout that waits for room that only it could make. */
export const mutant: Mutant = {
  bug: "waits for a new one to be ready before any old one goes: without surge, for ever",
  real: "kubernetes/kubernetes #99513: a rollout that waits for room that only it could make.",
  within: 2000,
  plugin: rollingWith({
    spare: ({ next, previous }) =>
      Math.max(0, next.available - (next.desired - total(previous, () => 0))) && next.available > 0
        ? total(previous, (one) => one.desired) - (next.desired - next.available)
        : 0,
  }),
};
