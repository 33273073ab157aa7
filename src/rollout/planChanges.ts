import type { Cluster } from "../cluster/cluster.ts";
import type { Release, Service, TrafficWeight } from "../cluster/services.ts";
import { unreachable } from "../kernel/errors.ts";
import type { Plan } from "./strategy.ts";

/** One difference between what a plan wants and what is. `undefined` receives: every release does. */
export type Change =
  | { readonly kind: "receiving"; readonly releases: readonly number[] | undefined }
  | { readonly kind: "weights"; readonly weights: readonly TrafficWeight[] | undefined }
  | { readonly kind: "scale"; readonly release: Release; readonly desired: number };

/** What is to be done for a plan to hold: the traffic first, so that nothing is stopped that still gets some. */
export function changesOf(plan: Plan, service: Service, cluster: Cluster): Change[] {
  const changes: Change[] = [];
  if (plan.receiving !== undefined) {
    const releases = plan.receiving === "all" ? undefined : plan.receiving;
    if (!sameReleases(service.receiving, releases)) changes.push({ kind: "receiving", releases });
  }
  if (plan.weights !== undefined || plan.receiving !== undefined) {
    const weights = plan.weights === "none" ? undefined : plan.weights;
    if (!sameWeights(service.weights, weights)) changes.push({ kind: "weights", weights });
  }
  const wanted = new Map((plan.scale ?? []).map(({ release, desired }) => [release, desired]));
  for (const [id, desired] of wanted) {
    const release = cluster.release(id);
    if (release.desired !== desired) changes.push({ kind: "scale", release, desired });
  }
  return changes;
}

/** What of it a person can do in one act: point the traffic elsewhere, or start or stop one container. */
export function oneAct(change: Change): Change {
  if (change.kind !== "scale") return change;
  const { release, desired } = change;
  return { kind: "scale", release, desired: release.desired + Math.sign(desired - release.desired) };
}

/** Carries a change out in the cluster. */
export function applyChange(cluster: Cluster, service: Service, change: Change, root: number): void {
  switch (change.kind) {
    case "receiving":
      cluster.setReceiving(service, change.releases && [...change.releases], root);
      break;
    case "weights":
      cluster.setWeights(service, change.weights, root);
      break;
    case "scale":
      cluster.setDesired(change.release, change.desired, root);
      break;
    default:
      unreachable(change);
  }
}

/** `shop:v2 2 → 4, shop:v1 5 → 4`: for a step that its strategy does not describe; empty where no size changes. */
export function describeScaling(changes: readonly Change[]): string {
  return changes
    .flatMap((change) =>
      change.kind === "scale" ? [`${change.release.image.name} ${change.release.desired} → ${change.desired}`] : [],
    )
    .join(", ");
}

function sameWeights(one: readonly TrafficWeight[] | undefined, other: readonly TrafficWeight[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const shareOf = (weights: readonly TrafficWeight[], id: number) =>
    weights.find(({ release }) => release === id)?.percent ?? 0;
  return [...one, ...other].every(({ release }) => shareOf(one, release) === shareOf(other, release));
}

function sameReleases(one: readonly number[] | undefined, other: readonly number[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((id) => other.includes(id));
}
