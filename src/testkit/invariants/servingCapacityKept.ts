import type { Invariant } from "../invariant.ts";
import { boundsOf, closesOnPurpose, releasesOf, wantedAfter } from "./knobs.ts";

/**
 * Old ones go when new ones are ready and the traffic has moved: not before, and not by halves.
 *
 * Asked where the traffic is not shared out. Where it goes to all releases a strategy replaces containers step by step, and how
 * many may lack meanwhile is its own affair, up to a half. Strategies that were given bounds keep to those instead; a change of
 * the wanted number is no step of a release, and going back from a bad one an emergency.
 */
export const servingCapacityKept: Invariant = {
  name: "serving-capacity-kept",
  statement:
    "No plan stops available containers that have the traffic where fewer than wanted would stay, or than half of them where all have it.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { view, plan, before } = planning;
    if (closesOnPurpose(planning) || boundsOf(planning) !== undefined || Array.isArray(plan.weights)) return undefined;
    if ((before?.view.replicas ?? view.replicas) !== view.replicas) return undefined;
    const { receiving, outcome } = plan;
    const isByName = Array.isArray(receiving);
    if (!isByName && (outcome === "rolled-back" || outcome === "aborted")) return undefined;
    if (receiving === undefined && Array.isArray(before?.plan.weights)) return undefined;
    const serving = releasesOf(view).filter((one) => {
      if (receiving === undefined) return one.receiving;
      return receiving === "all" || receiving.includes(one.id);
    });
    const floor = isByName ? view.replicas : view.replicas / 2;
    const sum = (wanted: (release: (typeof view)["next"]) => number) =>
      serving.reduce((total, release) => total + Math.min(release.available, wanted(release)), 0);
    const now = sum(({ desired }) => desired);
    const after = sum((release) => wantedAfter(planning, release));
    if (after >= now || after >= floor) return undefined;
    return `of ${now} available containers that have the traffic ${after} stay, and ${view.replicas} are wanted`;
  },
};
