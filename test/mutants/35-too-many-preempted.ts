import type { Mutant } from "./base/mutant.ts";
import { preemptWith, schedulerWith } from "./base/schedulerBase.ts";

/** Preempts every container of lower priority on the host. kube-scheduler reprieves as many as it can; a first version does not. */
export const mutant: Mutant = {
  bug: "preempts every container of lower priority on the host",
  real: "kube-scheduler reprieves as many as it can; a first version does not.",
  within: 3000,
  plugin: schedulerWith({
    otherwise: preemptWith(({ service }, on) =>
      on.filter((one) => one.service.priority < service.priority).map(({ id }) => id),
    ),
  }),
};
