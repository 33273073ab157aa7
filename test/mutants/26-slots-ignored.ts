import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Forgets the limit of containers per host. kubelet's maxPods: OutOfpods at admission, after the scheduler said yes. */
export const mutant: Mutant = {
  bug: "forgets the limit of containers per host",
  real: "kubelet's maxPods: OutOfpods at admission, after the scheduler said yes.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/slots are taken/),
  }),
};
