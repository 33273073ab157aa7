import { resolveUp } from "../../src/fields/countOrPercent.ts";
import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** MaxUnavailable rounded up. Kubernetes' Deployment page says down; PodDisruptionBudgets round up, and the two are easily mixed. */
export const mutant: Mutant = {
  bug: "maxUnavailable rounded up",
  real: "Kubernetes' Deployment page says down; PodDisruptionBudgets round up, and the two are easily mixed.",
  within: 2000,
  plugin: rollingWith({
    bounds: ({ maxSurge, maxUnavailable }, replicas) => ({
      surge: resolveUp(maxSurge, replicas),
      unavailable: resolveUp(maxUnavailable, replicas),
    }),
  }),
};
