import { objection } from "../../src/testkit/invariants/fits.ts";
import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

/** Looks at a service's first toleration only. An index of 0 where a loop was meant. */
export const mutant: Mutant = {
  bug: "looks at a service's first toleration only",
  real: "An index of 0 where a loop was meant.",
  within: 2000,
  plugin: schedulerWith({
    fits: (request, host, snapshot) => {
      const service = { ...request.service, tolerations: request.service.tolerations.slice(0, 1) };
      return objection({ ...request, service }, host, snapshot) === undefined;
    },
  }),
};
