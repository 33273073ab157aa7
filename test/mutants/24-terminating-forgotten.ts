import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Resources of containers on their way out are counted as free. kubernetes/kubernetes: a host's room is taken until the process is gone, not until it is told to go. */
export const mutant: Mutant = {
  bug: "resources of containers on their way out are counted as free",
  real: "kubernetes/kubernetes: a host's room is taken until the process is gone, not until it is told to go.",
  within: 2000,
  plugin: schedulerWith({
    fits: (request, host, snapshot) => {
      const leaving = snapshot.placed(host.id).filter(({ isTerminating }) => isTerminating);
      const freeMillicores = host.freeMillicores + leaving.reduce((sum, { service }) => sum + service.cpuMillicores, 0);
      return fitsBut()(request, { ...host, freeMillicores }, snapshot);
    },
  }),
};
