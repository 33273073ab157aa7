import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Places on hosts that the control plane has given up. kubernetes/kubernetes: taints of lost nodes were once alpha, and schedulers of one's own forget them. */
export const mutant: Mutant = {
  bug: "places on hosts that the control plane has given up",
  real: "kubernetes/kubernetes: taints of lost nodes were once alpha, and schedulers of one's own forget them.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/unreachable/),
  }),
};
