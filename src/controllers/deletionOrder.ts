import { type Container, NOWHERE } from "../cluster/containers.ts";
import type { Micros } from "../kernel/time.ts";

/** What decides which container of a release goes first when there are too many of them. */
export interface Candidate {
  readonly id: number;
  readonly assigned: boolean;
  /** False while the host has yet to start it: Kubernetes' phase Pending. */
  readonly launched: boolean;
  readonly ready: boolean;
  readonly readySince: Micros;
  /** Active containers of the same service on its host, itself included; 0 for one without a host. */
  readonly neighbours: number;
  readonly restarts: number;
  readonly createdAt: Micros;
}

/**
 * Which of two containers a shrinking release deletes first: negative where `one` goes before `other`.
 *
 * In order: not assigned; not launched; not ready; more of the service on its host; ready for a shorter time; more restarts;
 * newer. Ids settle what is left, so the order is total. Kubernetes' ActivePodsWithRanks (controller_utils.go), without
 * `pod-deletion-cost`, which scenarios cannot set, without the phase Unknown, which Kubernetes no longer sets, and with times
 * compared exactly rather than by their logarithm, whose ties Kubernetes leaves to chance.
 */
export function deletionOrder(one: Candidate, other: Candidate): number {
  return (
    Number(one.assigned) - Number(other.assigned) ||
    Number(one.launched) - Number(other.launched) ||
    Number(one.ready) - Number(other.ready) ||
    other.neighbours - one.neighbours ||
    (one.ready ? other.readySince - one.readySince : 0) ||
    other.restarts - one.restarts ||
    other.createdAt - one.createdAt ||
    other.id - one.id
  );
}

/** What `deletionOrder` needs to know of a container; `neighbours` counts the service's active containers on its host. */
export function candidateOf(container: Container, neighbours: number): Candidate {
  const { phase } = container;
  return {
    id: container.id,
    assigned: container.host !== NOWHERE,
    launched: phase !== "pending" && phase !== "assigned" && phase !== "pulling",
    ready: container.ready,
    readySince: container.readySince,
    neighbours,
    restarts: container.restarts,
    createdAt: container.createdAt,
  };
}
