import type { Invariant } from "../invariant.ts";
import { boundsOf, closesOnPurpose, releasesOf, wantedAfter } from "./knobs.ts";

/**
 * Old ones go when new ones are ready and the traffic has moved: not before, and not by halves.
 *
 * Asked where the traffic is moved by name, without shares. Strategies that were given bounds keep to those instead; a change
 * of the wanted number is no step of a release.
 */
export const servingCapacityKept: Invariant = {
  name: "serving-capacity-kept",
  statement:
    "No plan stops available containers of the releases that have the traffic where fewer than wanted would stay.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { view, plan, before } = planning;
    if (closesOnPurpose(planning) || boundsOf(planning) !== undefined || Array.isArray(plan.weights)) return undefined;
    if ((before?.view.replicas ?? view.replicas) !== view.replicas) return undefined;
    const { receiving } = plan;
    if (!Array.isArray(receiving)) return undefined;
    const serving = releasesOf(view).filter(({ id }) => receiving.includes(id));
    const sum = (wanted: (release: (typeof view)["next"]) => number) =>
      serving.reduce((total, release) => total + Math.min(release.available, wanted(release)), 0);
    const now = sum(({ desired }) => desired);
    const after = sum((release) => wantedAfter(planning, release));
    if (after >= now || after >= view.replicas) return undefined;
    return `of ${now} available containers that have the traffic ${after} stay, and ${view.replicas} are wanted`;
  },
};
