import { counted } from "../../fields/refusal.ts";
import type { Plan } from "../../rollout/strategy.ts";
import type { Invariant } from "../invariant.ts";
import { boundsOf, closesOnPurpose, obeysAbort, releasesOf, wantedAfter } from "./knobs.ts";

/** Not for strategies that stop everything on purpose, nor where maxUnavailable allows it, or a person says so, nor while Kubernetes resizes. */
export const lastCapacityKept: Invariant = {
  name: "last-capacity-kept",
  statement:
    "No plan takes the last available container from those that get traffic, unless the strategy says `closes: true`.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { view, plan } = planning;
    const floor = view.replicas - (boundsOf(planning)?.unavailable ?? 0);
    if (closesOnPurpose(planning) || obeysAbort(planning) || floor <= 0) return undefined;
    // A change of the wanted number is shared out by size alone, as in Kubernetes (sync.go, scale), ready or not.
    const wanted = planning.before?.view.replicas ?? view.replicas;
    if (boundsOf(planning) !== undefined && wanted !== view.replicas) return undefined;
    const releases = releasesOf(view);
    const earlier = planning.before?.plan.weights;
    const before = releases.reduce((sum, one) => {
      return sum + (one.receiving && hasShare(earlier, one.id) ? Math.min(one.available, one.desired) : 0);
    }, 0);
    const after = releases.reduce((sum, one) => {
      const receives =
        plan.receiving === undefined ? one.receiving : plan.receiving === "all" || plan.receiving.includes(one.id);
      return (
        sum + (receives && hasShare(plan.weights, one.id) ? Math.min(one.available, wantedAfter(planning, one)) : 0)
      );
    }, 0);
    return before > 0 && after === 0
      ? `${counted(before, "available container")} got traffic, and after the plan none`
      : undefined;
  },
};

function hasShare(weights: Plan["weights"], id: number): boolean {
  return !Array.isArray(weights) || weights.some(({ release, percent }) => release === id && percent > 0);
}
