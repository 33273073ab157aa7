import { type CountOrPercent, resolveDown, resolveUp } from "../fields/countOrPercent.ts";

/** How far a rolling update may go above and below the wanted number of containers. */
export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/** One set of containers in Kubernetes' arithmetic: wanted (`spec.replicas`) and available ones. */
export interface SetCounts {
  readonly desired: number;
  readonly available: number;
}

/**
 * Turns both limits into counts: the surge rounded up, the unavailable ones rounded down.
 *
 * Both zero would never move, so then one may be unavailable (Kubernetes, deployment_util.go, ResolveFenceposts).
 */
export function resolveFenceposts(
  limits: { readonly maxSurge: CountOrPercent; readonly maxUnavailable: CountOrPercent },
  replicas: number,
): Fenceposts {
  const surge = resolveUp(limits.maxSurge, replicas);
  const unavailable = resolveDown(limits.maxUnavailable, replicas);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** How many may be unavailable: never more than there should be (Kubernetes, deployment_util.go, MaxUnavailable). */
export function maxUnavailable(fenceposts: Fenceposts, replicas: number): number {
  return Math.min(fenceposts.unavailable, replicas);
}

/** What the numbers of a new release go by; `total` counts every release, the new one too. */
export interface NewReleaseCounts {
  readonly replicas: number;
  readonly surge: number;
  readonly next: number;
  readonly total: number;
}

/** How many containers the new release should have now: never more than wanted (Kubernetes, rolling.go,
 * reconcileNewReplicaSet). */
export function newReplicas(counts: NewReleaseCounts): number {
  return counts.next >= counts.replicas ? counts.replicas : filledUp(counts);
}

/**
 * The new release filled up to the wanted number, within what the surge leaves; without room it stays as it is, however
 * large (Kubernetes, deployment_util.go, NewRSNewReplicas).
 */
export function filledUp({ replicas, surge, next, total }: NewReleaseCounts): number {
  const room = replicas + surge - total;
  return room <= 0 ? next : next + Math.min(room, replicas - next);
}

/**
 * How many old containers may go at most, whatever their health: the new ones that are not available yet hold their
 * share back.
 *
 * At or below 0: none (Kubernetes, rolling.go, reconcileOldReplicaSets).
 */
export function mostScaledDown(counts: {
  readonly replicas: number;
  readonly unavailable: number;
  readonly next: SetCounts;
  readonly old: readonly SetCounts[];
}): number {
  const { replicas, unavailable, next, old } = counts;
  const total = next.desired + sum(old.map((set) => set.desired));
  return total - (replicas - unavailable) - (next.desired - next.available);
}

/**
 * Takes away unhealthy old containers first, at most `most` in all: they serve nobody.
 *
 * @param old oldest first. @returns the new wanted numbers, in the same order (Kubernetes, rolling.go,
 * cleanupUnhealthyReplicas).
 */
export function cleanupUnhealthy(old: readonly SetCounts[], most: number): number[] {
  let left = Math.max(0, most);
  return old.map(({ desired, available }) => {
    const gone = Math.min(left, Math.max(0, desired - available));
    left -= gone;
    return desired - gone;
  });
}

/**
 * Takes away old containers as far as availability allows: what is available above the floor of `minAvailable`.
 *
 * @param old wanted numbers, oldest first. @returns the new ones, in the same order (Kubernetes, rolling.go,
 * scaleDownOldReplicaSetsForRollingUpdate).
 */
export function scaleDownOld(old: readonly number[], available: number, minAvailable: number): number[] {
  let left = Math.max(0, available - minAvailable);
  return old.map((desired) => {
    const gone = Math.min(left, desired);
    left -= gone;
    return desired - gone;
  });
}

/**
 * One old-release step of a rolling update: unhealthy ones first, then down to the availability floor. Oldest first.
 */
export function reconcileOld(counts: {
  readonly replicas: number;
  readonly unavailable: number;
  readonly next: SetCounts;
  readonly old: readonly SetCounts[];
}): number[] {
  const { replicas, unavailable, next, old } = counts;
  const most = mostScaledDown(counts);
  if (most <= 0) return old.map((set) => set.desired);
  const cleaned = cleanupUnhealthy(old, most);
  const available = next.available + sum(old.map((set) => set.available));
  return scaleDownOld(cleaned, available, replicas - unavailable);
}

/** The sum of some counts. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
