import type { Mutant } from "./base/mutant.ts";
import { rollingWith, total } from "./base/rollingBase.ts";

/** The old ones go ten seconds after the beginning, ready or not. kubernetes/kubernetes #15557: a twenty-minute boot, old copies gone after one minute. */
export const mutant: Mutant = {
  bug: "the old ones go ten seconds after the beginning, ready or not",
  real: "kubernetes/kubernetes #15557: a twenty-minute boot, old copies gone after one minute.",
  within: 2000,
  plugin: rollingWith({
    spare: ({ now, startedAt, previous }) => (now - startedAt > 10_000_000 ? total(previous, (one) => one.desired) : 0),
  }),
};
