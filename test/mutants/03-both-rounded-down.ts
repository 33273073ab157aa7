import { resolveDown } from "../../src/fields/countOrPercent.ts";
import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** MaxSurge rounded down like maxUnavailable: with few replicas neither moves. Kubernetes, ResolveFenceposts, whose comment tells why both zero must not be. */
export const mutant: Mutant = {
  bug: "maxSurge rounded down like maxUnavailable: with few replicas neither moves",
  real: "Kubernetes, ResolveFenceposts, whose comment tells why both zero must not be.",
  within: 2000,
  plugin: rollingWith({
    bounds: ({ maxSurge, maxUnavailable }, replicas) => ({
      surge: resolveDown(maxSurge, replicas),
      unavailable: resolveDown(maxUnavailable, replicas),
    }),
  }),
};
