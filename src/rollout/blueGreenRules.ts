import type { Micros } from "../kernel/time.ts";

/** How many containers the new set gets: those of the preview until it is promoted, else all (Argo Rollouts,
 * replicaset.go, NewRSNewReplicas). */
export function previewOrFull(input: {
  readonly replicas: number;
  /** Undefined: no preview of its own size. */
  readonly preview: number | undefined;
  /** Another set has the traffic: without one there is nothing to be careful about. */
  readonly otherActive: boolean;
  /** The pause at the preview's size is over, for this very set. */
  readonly checkpoint: boolean;
  /** Promoted in full: everything is skipped. */
  readonly promoted: boolean;
}): number {
  const { replicas, preview, otherActive, checkpoint, promoted } = input;
  return preview === undefined || !otherActive || checkpoint || promoted ? replicas : preview;
}

/**
 * Where the pause before the switch stands: `wait` for the new set, `paused`, or `over`: the traffic may go
 * (Argo Rollouts, bluegreen.go, reconcileBlueGreenPause).
 *
 * There is a pause only where a person promotes, or a time is set. It begins when the whole new set is available and
 * ends when a person resumes or, unless a person holds it, when the time is over.
 */
export function blueGreenPause(input: {
  /** Another set has the traffic: without one there is nothing to pause before. */
  readonly otherActive: boolean;
  readonly available: boolean;
  /** µs from the beginning of the pause to the switch, 0: no pause; undefined: a person promotes. */
  readonly autoPromotion: Micros | undefined;
  /** Undefined: there was no pause yet. */
  readonly pausedFor: Micros | undefined;
  readonly resumed: boolean;
  readonly held: boolean;
}): "wait" | "paused" | "over" {
  const { otherActive, available, autoPromotion, pausedFor, resumed, held } = input;
  if (!available) return "wait";
  if (held) return "paused";
  if (!otherActive || autoPromotion === 0 || resumed) return "over";
  if (pausedFor === undefined || autoPromotion === undefined) return "paused";
  return pausedFor >= autoPromotion ? "over" : "paused";
}

/**
 * What becomes of the new set: its full size or, when the rollout was aborted, what it has until its deadline, then
 * nothing (Argo Rollouts, replicaset.go, reconcileNewReplicaSet, shouldDelayScaleDownOnAbort).
 *
 * @param input.deadline µs from now, below 0: passed; undefined: none is set, and a delay of `delay` begins. A delay of 0
 * keeps the set for ever, at its full size.
 */
export function newSetSize(input: {
  readonly replicas: number;
  readonly desired: number;
  readonly aborted: boolean;
  readonly delay: Micros;
  readonly deadline: Micros | undefined;
}): { readonly desired: number; readonly deadline: Micros | undefined } {
  const { replicas, desired, aborted, delay, deadline } = input;
  if (!aborted || delay === 0) return { desired: replicas, deadline: undefined };
  if (deadline === undefined) return { desired, deadline: delay };
  return { desired: deadline < 0 ? 0 : desired, deadline };
}

/** A set that no service points to any more. */
export interface ReplacedSet {
  readonly revision: number;
  readonly desired: number;
  /** When it goes, in µs from now; undefined, or not ahead: at once. */
  readonly deadline: Micros | undefined;
}

/**
 * How many containers each replaced set keeps: all until its deadline, and only the newest `limit` sets that are still up
 * have one, those counted whose deadline has passed (Argo Rollouts, replicaset.go, scaleDownDelayHelper).
 *
 * @returns in the order of `sets`. `limit` undefined: no limit.
 */
export function delayedScaleDown(sets: readonly ReplacedSet[], limit: number | undefined): number[] {
  const waiting = sets
    .filter(({ desired }) => desired > 0)
    .sort((one, other) => other.revision - one.revision)
    .slice(0, limit)
    .filter(({ deadline }) => deadline !== undefined && deadline > 0);
  return sets.map((set) => (waiting.includes(set) ? set.desired : 0));
}

/** True when the canary's pause is over: a person went on or, where a time is set, it has passed (pause.go,
 * CompletedCanaryPauseStep). */
export function canaryPauseOver(input: {
  /** Undefined: until a person goes on. */
  readonly length: Micros | undefined;
  /** Undefined: a person took the mark away. */
  readonly pausedFor: Micros | undefined;
}): boolean {
  const { length, pausedFor } = input;
  if (pausedFor === undefined) return true;
  return length !== undefined && pausedFor >= length;
}
