import type { Invariant } from "../invariant.ts";
import { boundsOf, closesOnPurpose, releasesOf } from "./knobs.ts";

/**
 * The course's third step and Argo Rollouts' blueGreen: switch when the new ones are ready, all of them.
 *
 * Going back from a release that failed is an emergency, and left out.
 */
export const switchKeepsCapacity: Invariant = {
  name: "switch-keeps-capacity",
  statement:
    "When all traffic moves to the new release, as many of it are available as are wanted, or as served before.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { view, plan } = planning;
    const { next, replicas } = view;
    if (closesOnPurpose(planning) || !Array.isArray(plan.receiving)) return undefined;
    if (plan.receiving.length !== 1 || plan.receiving[0] !== next.id) return undefined;
    const served = releasesOf(view).filter((one) => one.receiving && one.id !== next.id);
    const before = served.reduce((sum, one) => sum + Math.min(one.available, one.desired), 0);
    const floor = Math.min(before, replicas - (boundsOf(planning)?.unavailable ?? 0));
    if (next.available >= floor) return undefined;
    return `all traffic moves to ${next.image} with ${next.available} available; ${before} served before, ${replicas} are wanted`;
  },
};
