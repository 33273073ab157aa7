import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** Insists on a host that is half empty. A score taken for a filter: what is merely preferred is required. */
export const mutant: Mutant = {
  bug: "insists on a host that is half empty",
  real: "A score taken for a filter: what is merely preferred is required.",
  within: 2000,
  plugin: schedulerWith({
    fits: (request, host, snapshot) =>
      fitsBut()(request, host, snapshot) && 2 * host.freeMillicores >= host.spec.cpuMillicores,
  }),
};
