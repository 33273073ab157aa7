/** How the scheduler and its plugins talk, after Kubernetes' scheduling framework. */
import type { PodInfo } from "./podInfo.ts";
import type { SchedulerCache } from "./schedulerCache.ts";

/** The highest score of one plugin for one node, before its weight. Source: Kubernetes, Scheduling Framework page. */
export const MAX_NODE_SCORE = 100;

/** Whether evicting other pods could help. */
export type RejectionCode = "Unschedulable" | "UnschedulableAndUnresolvable";

/** Why a node will not do. */
export interface Rejection {
  readonly code: RejectionCode;
  /** In Kubernetes' words. */
  readonly reasons: readonly string[];
}

/**
 * A filter made ready for one pod. It reads the cache's running sums, so that it stays right while pods come and go, until the
 * cache's nodes change.
 */
export interface NodeFilter {
  passes(node: number): boolean;
  /** Why a node does not pass; asked only of such. */
  rejection(node: number): Rejection;
  /** Whether every node passes for now; asked once for each pod. */
  isIdle?(): boolean;
}

/** Nodes that passed all filters: the first `count` of `nodes`. */
export interface FeasibleNodes {
  readonly nodes: Int32Array;
  readonly count: number;
}

/** A score made ready for one pod, as lasting as a filter. */
export interface NodeScore {
  /** Called once for each pod, before the scores. False: the plugin has no say this time, and counts 0 everywhere. */
  begin?(feasible: FeasibleNodes): boolean;
  /** Set if every node gets the same score: then it cannot change which is best. */
  readonly isSame?: true;
  /** The raw score. Without `normalise` it is the score, 0…100. */
  score(node: number): number;
  /** As `score`, of all feasible nodes in their order at once: for what is asked so often that a call for each node tells. */
  scoreAll?(feasible: FeasibleNodes, scores: Float64Array): void;
  /** Turns the raw scores of the first `count` feasible nodes, in their order, into 0…100. */
  normalise?(scores: Float64Array, count: number): void;
}

/** One plugin with its arguments. */
export interface Plugin {
  readonly name: string;
  /** The filter depends on the pod's `spec` and the node with its pods alone: its answers are kept until that node changes. */
  readonly isFilterLocal: boolean;
  /** The same of the score, which then has neither `begin` nor `normalise`. */
  readonly isScoreLocal: boolean;
  /** `undefined`: nothing to filter for this pod. */
  filter?(pod: PodInfo, cache: SchedulerCache): NodeFilter | undefined;
  /** The only nodes that can pass, by name, if the pod says so: no other needs to be looked at. */
  candidates?(pod: PodInfo): ReadonlySet<string> | undefined;
  /** `undefined`: no say for this pod. */
  score?(pod: PodInfo, cache: SchedulerCache): NodeScore | undefined;
}

/** Unschedulable: evicting pods could help. */
export function resolvable(...reasons: readonly string[]): Rejection {
  return { code: "Unschedulable", reasons };
}

/** UnschedulableAndUnresolvable: no eviction helps. */
export function unresolvable(...reasons: readonly string[]): Rejection {
  return { code: "UnschedulableAndUnresolvable", reasons };
}

/** Scales to 0…100 by the highest, dividing whole numbers as Go does; reversed, the highest becomes 0 and all are 100 if it is 0. */
export function normaliseByMax(scores: Float64Array, count: number, isReversed: boolean): void {
  let most = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, scores[i] ?? 0);
  for (let i = 0; i < count; i++) {
    const share = most === 0 ? 0 : Math.trunc((MAX_NODE_SCORE * (scores[i] ?? 0)) / most);
    scores[i] = isReversed ? MAX_NODE_SCORE - share : share;
  }
}
