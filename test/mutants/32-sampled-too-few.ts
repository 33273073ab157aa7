import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

/** Looks at the first two hosts only. percentageOfNodesToScore applied to a small cluster (kube-scheduler has a minimum for that). */
export const mutant: Mutant = {
  bug: "looks at the first two hosts only",
  real: "percentageOfNodesToScore applied to a small cluster (kube-scheduler has a minimum for that).",
  within: 2000,
  plugin: schedulerWith({
    candidates: ({ hosts }) => hosts.slice(0, 2),
  }),
};
