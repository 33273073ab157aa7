import type { CanaryCounts, CanarySet } from "./canaryCounts.ts";

/** An explicit size of the canary, apart from its traffic (Argo Rollouts, setCanaryScale). */
export interface CanaryScale {
  readonly replicas?: number | undefined;
  /** In percent of all replicas; may be above 100. */
  readonly weight?: number | undefined;
  /** As many as its traffic needs again: ends an earlier explicit size. */
  readonly matchTrafficWeight?: boolean | undefined;
}

/** Shares of the traffic in percent. */
export interface TrafficShares {
  readonly canary: number;
  readonly stable: number;
}

/** What `routedCanaryCounts` goes by. */
export interface RoutedCanaryInput {
  readonly replicas: number;
  /** Of the canary in percent; 100 when promoted in full. */
  readonly weight: number;
  readonly promoted: boolean;
  readonly scale: CanaryScale | undefined;
  readonly aborted: boolean;
  /** The canary is kept for ever after an abort (`abortScaleDownDelaySeconds: 0`): its explicit size stays in force. */
  readonly keptAfterAbort: boolean;
  /** At least so many in a set that has any, though never more than all (minPodsPerReplicaSet). */
  readonly minContainers?: number | undefined;
}

/** What `dynamicCanaryCounts` goes by besides. */
export interface DynamicCanaryInput extends RoutedCanaryInput {
  /** How the traffic is split now; undefined: not known. */
  readonly trafficNow: TrafficShares | undefined;
  /** Containers the canary is to have at present; undefined: there is no canary beside a stable set. */
  readonly committed: number | undefined;
}

/** `ceil(weight × replicas ÷ all)`: the containers that a share of the traffic needs (canary.go, trafficWeightToReplicas). */
export function weightToReplicas(replicas: number, weight: number, maxWeight = 100): number {
  // A share such as a third of 100 is no binary number: what it is too much by is no container.
  return Math.max(0, Math.ceil((weight * replicas) / maxWeight - 1e-9));
}

/**
 * The numbers of a canary whose traffic is split by a router: the stable set stays whole (Argo Rollouts, canary.go,
 * CalculateReplicaCountsForTrafficRoutedCanary).
 */
export function routedCanaryCounts(input: RoutedCanaryInput): CanaryCounts {
  return { canary: routedCanary(input).count, stable: input.replicas };
}

/**
 * As `routedCanaryCounts`, but the stable set shrinks with its traffic (`dynamicStableScale`): to what the traffic needs
 * now, or will need if that is more. On an abort the canary keeps what its traffic needs until that is gone, but does not
 * grow for stable containers that are missing for a reason of their own (canary.go, committedCeiling).
 */
export function dynamicCanaryCounts(input: DynamicCanaryInput): CanaryCounts {
  const { replicas, trafficNow, aborted, committed } = input;
  const wanted = routedCanary(input);
  const needed = (share: number | undefined) => (share === undefined ? 0 : weightToReplicas(replicas, share));
  const stable = Math.max(needed(100 - wanted.weight), needed(trafficNow?.stable));
  const capped = aborted && trafficNow !== undefined && committed !== undefined && wanted.follows;
  const count = capped ? Math.min(wanted.count, committed) : wanted.count;
  const canary = aborted ? Math.max(count, needed(trafficNow?.canary)) : wanted.count;
  return { canary: atLeast(canary, input), stable: atLeast(stable, input) };
}

/**
 * The canary's share during an abort under `dynamicStableScale`: as much as the missing stable containers cannot carry
 * yet, taken from the steps, so that the traffic goes back in steps as the stable set grows; at the end 0.
 *
 * @param input.steps weights of all setWeight steps, in order. `explicitDelay`: a scale-down delay for aborts is set,
 * so what the canary still has does not count (Argo Rollouts, utils/replicaset/canary_test.go,
 * TestGetDesiredCanaryWeightOnAbortWithScaleDownDelay).
 */
export function abortWeight(input: {
  readonly replicas: number;
  readonly steps: readonly number[];
  readonly canary: CanarySet | undefined;
  readonly stable: CanarySet | undefined;
  readonly explicitDelay: boolean;
}): number {
  const { replicas, steps, canary, stable, explicitDelay } = input;
  if (canary === undefined || stable === undefined) return 0;
  const lacking = replicas - stable.available;
  const limit = explicitDelay ? lacking : Math.max(lacking, canary.available);
  return steps.findLast((weight) => weightToReplicas(replicas, weight) < limit) ?? 0;
}

/** The explicit size in force at a step: the latest one, unless told to match the traffic since (canary.go, UseSetCanaryScale). */
export function scaleInForce(steps: readonly (CanaryScale | undefined)[], at: number): CanaryScale | undefined {
  const latest = steps.slice(0, at + 1).findLast((scale) => scale !== undefined);
  return latest?.matchTrafficWeight === true ? undefined : latest;
}

/** `follows`: its size follows from its weight; it was neither promoted nor set by hand. */
function routedCanary(input: RoutedCanaryInput): {
  readonly count: number;
  readonly weight: number;
  readonly follows: boolean;
} {
  const { replicas, promoted, aborted, keptAfterAbort } = input;
  const inForce = input.scale?.matchTrafficWeight === true ? undefined : input.scale;
  const scale = promoted || (aborted && !keptAfterAbort) ? undefined : inForce;
  if (scale?.replicas !== undefined) return { count: scale.replicas, weight: 0, follows: false };
  const weight = promoted ? 100 : (scale?.weight ?? input.weight);
  const follows = !promoted && scale === undefined;
  return { count: atLeast(weightToReplicas(replicas, weight), input), weight, follows };
}

function atLeast(count: number, { replicas, minContainers }: RoutedCanaryInput): number {
  if (count === 0 || minContainers === undefined) return count;
  return Math.max(count, Math.min(minContainers, replicas));
}
