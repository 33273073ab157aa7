import type { Invariant } from "../invariant.ts";
import { boundsOf, releasesOf, wantedAfter } from "./knobs.ts";

/** Kubernetes, Deployment page, "Max Surge". As the orchestrator counts: terminating containers are not in it. */
export const neverAboveSurge: Invariant = {
  name: "never-above-surge",
  statement: "No plan brings the containers of all releases above the wanted number plus maxSurge.",
  appliesTo: "rollout",
  onPlan(planning) {
    const bounds = boundsOf(planning);
    if (bounds === undefined) return undefined;
    const { view } = planning;
    const total = (wanted: (release: (typeof view)["next"]) => number) =>
      releasesOf(view).reduce((sum, release) => sum + Math.max(release.existing, wanted(release)), 0);
    const before = total(({ desired }) => desired);
    const after = total((release) => wantedAfter(planning, release));
    const most = view.replicas + bounds.surge;
    if (after <= most || after <= before) return undefined;
    return `the plan goes to ${after} containers; ${view.replicas} wanted and ${bounds.surge} of surge make ${most}`;
  },
};
