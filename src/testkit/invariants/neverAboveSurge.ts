import type { Invariant } from "../invariant.ts";
import { boundsOf, releasesOf, wantedAfter } from "./knobs.ts";

/**
 * Kubernetes, Deployment page, "Max Surge", counted as its controller does: what is asked for of all releases
 * (deployment_util.go, NewRSNewReplicas and GetReplicaCountForReplicaSets, which add up spec.replicas). Containers that a
 * plan gives up count no more, though they are there until whoever keeps the replicas has looked.
 */
export const neverAboveSurge: Invariant = {
  name: "never-above-surge",
  statement: "No plan asks for more containers, of all releases together, than the wanted number plus maxSurge.",
  appliesTo: "rollout",
  onPlan(planning) {
    const bounds = boundsOf(planning);
    if (bounds === undefined) return undefined;
    const { view } = planning;
    const releases = releasesOf(view);
    const before = releases.reduce((sum, { desired }) => sum + desired, 0);
    const after = releases.reduce((sum, release) => sum + wantedAfter(planning, release), 0);
    const most = view.replicas + bounds.surge;
    if (after <= most || after <= before) return undefined;
    return `the plan asks for ${after} containers; ${view.replicas} wanted and ${bounds.surge} of surge make ${most}`;
  },
};
