import { resolveUp } from "../../src/fields/countOrPercent.ts";
import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** MaxUnavailable rounded to the nearest whole number. Math.round where Kubernetes rounds down. */
export const mutant: Mutant = {
  bug: "maxUnavailable rounded to the nearest whole number",
  real: "Math.round where Kubernetes rounds down.",
  within: 2000,
  plugin: rollingWith({
    bounds: ({ maxSurge, maxUnavailable }, replicas) => {
      const surge = resolveUp(maxSurge, replicas);
      const { kind, value } = maxUnavailable;
      const unavailable = Math.min(replicas, kind === "count" ? value : Math.round((value * replicas) / 100));
      return { surge, unavailable: surge === 0 && unavailable === 0 ? Math.min(1, replicas) : unavailable };
    },
  }),
};
