import type { Invariant } from "../invariant.ts";
import { boundsOf, releasesOf, wantedAfter } from "./knobs.ts";

/** Kubernetes, Deployment page, "Max Unavailable". What faults take is not the plan's doing. */
export const neverBelowFloor: Invariant = {
  name: "never-below-floor",
  statement: "No plan takes an available container away where fewer than the wanted number less maxUnavailable stay.",
  appliesTo: "rollout",
  onPlan(planning) {
    const bounds = boundsOf(planning);
    if (bounds === undefined) return undefined;
    const { view } = planning;
    // A change of the wanted number is shared out by size alone, as in Kubernetes (sync.go, scale).
    if ((planning.before?.view.replicas ?? view.replicas) !== view.replicas) return undefined;
    const sum = (wanted: (release: (typeof view)["next"]) => number) =>
      releasesOf(view).reduce((total, release) => total + Math.min(release.available, wanted(release)), 0);
    const before = sum(({ desired }) => desired);
    const after = sum((release) => wantedAfter(planning, release));
    const floor = view.replicas - bounds.unavailable;
    if (after >= floor || after >= before) return undefined;
    return `the plan leaves ${after} available of ${before}; ${view.replicas} wanted less ${bounds.unavailable} make ${floor}`;
  },
};
