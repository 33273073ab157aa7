import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** Traffic moves when half of the new ones are available. A readiness gate in per cent, copied from a rolling update. */
export const mutant: Mutant = {
  bug: "traffic moves when half of the new ones are available",
  real: "A readiness gate in per cent, copied from a rolling update.",
  within: 2000,
  plugin: switchWith({
    mayMove: ({ next, replicas }) => 2 * next.available >= replicas,
  }),
};
