import { canary } from "../../src/rollout/strategies/canary.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A canary behind a router that is given up takes the stable release down for one look, and brings it back. Argo Rollouts: aborts that scaled the wrong ReplicaSet. */
export const mutant: Mutant = {
  bug: "a canary behind a router that is given up takes the stable release down for one look, and brings it back",
  real: "Argo Rollouts: aborts that scaled the wrong ReplicaSet.",
  within: 2000,
  patch: () =>
    replaceMethod(
      canary,
      "plan",
      (original) =>
        function (this: typeof canary, view, settings) {
          const plan = original.call(this, view, settings);
          if (!settings.trafficRouting || (plan.outcome !== "rolled-back" && plan.outcome !== "aborted")) return plan;
          return { ...plan, scale: view.previous.map(({ id }) => ({ release: id, desired: 0 })) };
        },
    ),
};
