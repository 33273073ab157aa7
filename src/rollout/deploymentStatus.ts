import type { Micros } from "../kernel/time.ts";
import { sum } from "./rollingCounts.ts";

/** What a Deployment's status tells of its containers. */
export interface DeploymentCounts {
  /** All that count, of every release. */
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** All wanted ones updated and available, and no other left (Kubernetes, deployment_util.go, DeploymentComplete). */
export function deploymentComplete(desired: number, counts: Omit<DeploymentCounts, "ready">): boolean {
  return counts.updated === desired && counts.replicas === desired && counts.available === desired;
}

/** More updated, ready or available ones, or fewer old ones (Kubernetes, deployment_util.go, DeploymentProgressing). */
export function deploymentProgressing(before: DeploymentCounts, after: DeploymentCounts): boolean {
  return (
    after.updated > before.updated ||
    after.replicas - after.updated < before.replicas - before.updated ||
    after.ready > before.ready ||
    after.available > before.available
  );
}

/** True once the deadline since the last progress has passed; the deadline itself is in time (DeploymentTimedOut). */
export function deploymentTimedOut(input: {
  /** In µs; undefined: none. */
  readonly deadline: Micros | undefined;
  readonly sinceProgress: Micros;
  readonly complete: boolean;
}): boolean {
  const { deadline, sinceProgress, complete } = input;
  return deadline !== undefined && !complete && sinceProgress > deadline;
}

/** A ReplicaSet as sums and clean-up see it. */
export interface SetStatus {
  readonly desired: number;
  readonly actual: number;
  /** Undefined: not told. */
  readonly terminating: number | undefined;
  /** Its controller has looked at its latest wish. */
  readonly observed: boolean;
}

/**
 * Sums over ReplicaSets. The terminating ones are unknown as soon as an observed set does not tell them (Kubernetes,
 * deployment_util.go, GetTerminatingReplicaCountForReplicaSets).
 */
export function replicaSums(sets: readonly SetStatus[]): {
  readonly desired: number;
  readonly actual: number;
  readonly terminating: number | undefined;
} {
  const silent = sets.some(({ terminating, observed }) => observed && terminating === undefined);
  return {
    desired: sum(sets.map((set) => set.desired)),
    actual: sum(sets.map((set) => set.actual)),
    terminating: silent ? undefined : sum(sets.map((set) => set.terminating ?? 0)),
  };
}

/**
 * The places of the old releases that are forgotten: of those above the limit, oldest first, the ones without containers
 * (Kubernetes, sync.go, cleanupDeployment; revisionHistoryLimit, 10 by default).
 *
 * @param old oldest first, without those being deleted.
 */
export function forgottenRevisions(
  old: readonly { readonly desired: number; readonly actual: number }[],
  limit: number | undefined,
): number[] {
  const excess = limit === undefined ? 0 : old.length - limit;
  return old.flatMap(({ desired, actual }, place) => (place < excess && desired === 0 && actual === 0 ? [place] : []));
}
