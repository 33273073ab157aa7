import type { ScalingRules } from "../cluster/policies.ts";
import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";

/** A recommendation once made. */
export interface Recommendation {
  readonly replicas: number;
  readonly at: Micros;
}

/** A change of the number once made; `change` is above 0 both ways. */
export interface ScaleEvent {
  readonly change: number;
  readonly at: Micros;
  /** Too old for any policy: its place is free for the next. */
  readonly outdated: boolean;
}

/** What a limit did to a wish. */
export interface Limited {
  readonly replicas: number;
  readonly reason: "DesiredWithinRange" | "TooManyReplicas" | "TooFewReplicas" | "ScaleUpLimit" | "ScaleDownLimit";
}

/** Both ends of what a service may have. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Changes of the past, by direction. */
export interface ScaleHistory {
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

/** Over which a lower recommendation must hold (horizontal-pod-autoscaler-downscale-stabilization). */
export const DOWNSCALE_WINDOW: Micros = 5 * MINUTE;

/** Kubernetes' own rules where `behavior` says nothing of a direction (autoscaling/v2, defaults.go). */
export const DEFAULT_RULES: { readonly up: ScalingRules; readonly down: ScalingRules } = {
  up: {
    select: "Max",
    window: 0,
    policies: [
      { type: "Pods", value: 4, period: 15 * SECOND },
      { type: "Percent", value: 100, period: 15 * SECOND },
    ],
  },
  down: { select: "Max", window: DOWNSCALE_WINDOW, policies: [{ type: "Percent", value: 100, period: 15 * SECOND }] },
};

/**
 * Holds a drop until nothing higher was recommended for `window` (horizontal.go, stabilizeRecommendation).
 *
 * @returns what holds now, and the history with the wish in it: in the place of the last one too old, or at the end.
 */
export function stabilise(
  history: readonly Recommendation[],
  desired: number,
  when: { readonly now: Micros; readonly window: Micros },
): { readonly replicas: number; readonly history: Recommendation[] } {
  const isOld = ({ at }: Recommendation) => when.now - at >= when.window;
  const young = history.filter((one) => !isOld(one));
  const replicas = Math.max(desired, ...young.map((one) => one.replicas));
  return { replicas, history: remembered(history, { replicas: desired, at: when.now }, isOld) };
}

/**
 * Holds a rise at the lowest recommendation of its window, and a drop at the highest of its own (horizontal.go,
 * stabilizeRecommendationWithBehaviors).
 */
export function stabiliseBothWays(
  history: readonly Recommendation[],
  numbers: { readonly current: number; readonly desired: number },
  when: { readonly now: Micros; readonly upWindow: Micros; readonly downWindow: Micros },
): { readonly replicas: number; readonly history: Recommendation[] } {
  const { current, desired } = numbers;
  const within = (window: Micros) => history.filter(({ at }) => when.now - at < window).map((one) => one.replicas);
  const up = Math.min(desired, ...within(when.upWindow));
  const down = Math.max(desired, ...within(when.downWindow));
  const longest = Math.max(when.upWindow, when.downWindow);
  const isOld = ({ at }: Recommendation) => when.now - at >= longest;
  const replicas = Math.min(Math.max(current, up), down);
  return { replicas, history: remembered(history, { replicas: desired, at: when.now }, isOld) };
}

/** The rules from before `behavior`: at most twice as many, or 4, at once (horizontal.go, convertDesiredReplicasWithRules). */
export function limitByDoubling(current: number, desired: number, { min, max }: Bounds): Limited {
  const limit = Math.max(2 * current, 4);
  const most = Math.min(max, limit);
  if (desired < min) return { replicas: min, reason: "TooFewReplicas" };
  if (desired <= most) return { replicas: desired, reason: "DesiredWithinRange" };
  return { replicas: most, reason: max > limit ? "ScaleUpLimit" : "TooManyReplicas" };
}

/** Keeps a wish within the bounds and within what the policies let change now (convertDesiredReplicasWithBehaviorRate). */
export function limitByBehavior(
  numbers: { readonly current: number; readonly desired: number } & Bounds,
  rules: { readonly up: ScalingRules; readonly down: ScalingRules },
  history: ScaleHistory & { readonly now: Micros },
): Limited {
  const { current, desired, min, max } = numbers;
  if (desired > current) {
    const limit = Math.max(current, scaleUpLimit(current, rules.up, history));
    const most = Math.min(max, limit);
    if (desired > most) return { replicas: most, reason: max > limit ? "ScaleUpLimit" : "TooManyReplicas" };
  } else if (desired < current) {
    const limit = Math.min(current, scaleDownLimit(current, rules.down, history));
    const least = Math.max(min, limit);
    if (desired < least) return { replicas: least, reason: min < limit ? "ScaleDownLimit" : "TooFewReplicas" };
  }
  return { replicas: desired, reason: "DesiredWithinRange" };
}

/**
 * The most containers that the policies allow now, counted from those there were when each policy's period began
 * (horizontal.go, calculateScaleUpLimitWithScalingRules). Percentages round up, else 1 would never grow.
 */
export function scaleUpLimit(
  current: number,
  rules: ScalingRules,
  history: ScaleHistory & { readonly now: Micros },
): number {
  if (rules.select === "Disabled") return current;
  const proposals = rules.policies.map(({ type, value, period }) => {
    const base = atBeginning(current, period, history);
    return type === "Pods" ? base + value : Math.ceil(base * (1 + value / 100));
  });
  return rules.select === "Min" ? Math.min(...proposals) : Math.max(...proposals);
}

/** The fewest, likewise; cut off toward 0 (horizontal.go, calculateScaleDownLimitWithBehaviors). */
export function scaleDownLimit(
  current: number,
  rules: ScalingRules,
  history: ScaleHistory & { readonly now: Micros },
): number {
  if (rules.select === "Disabled") return current;
  const proposals = rules.policies.map(({ type, value, period }) => {
    const base = atBeginning(current, period, history);
    return type === "Pods" ? base - value : Math.trunc(base * (1 - value / 100));
  });
  return rules.select === "Min" ? Math.max(...proposals) : Math.min(...proposals);
}

/** How much the number changed within a period, one that old not counted (horizontal.go, getReplicasChangePerPeriod). */
export function changeWithin(events: readonly ScaleEvent[], period: Micros, now: Micros): number {
  return events.reduce((sum, { change, at }) => (now - at < period ? sum + change : sum), 0);
}

/**
 * Writes a change down, in the place of the last one too old for every policy, or at the end (horizontal.go,
 * storeScaleEvent). Without rules nothing is written.
 */
export function storeScaleEvent(
  events: readonly ScaleEvent[],
  event: { readonly change: number; readonly now: Micros },
  rules: ScalingRules | undefined,
): ScaleEvent[] {
  if (rules === undefined) return [...events];
  const longest = Math.max(0, ...rules.policies.map(({ period }) => period));
  const marked = events.map((one) => (event.now - one.at >= longest ? { ...one, outdated: true } : one));
  return remembered(marked, { change: event.change, at: event.now, outdated: false }, (one) => one.outdated);
}

function atBeginning(current: number, period: Micros, { ups, downs, now }: ScaleHistory & { now: Micros }): number {
  return current - changeWithin(ups, period, now) + changeWithin(downs, period, now);
}

function remembered<Row>(rows: readonly Row[], row: Row, isOld: (one: Row) => boolean): Row[] {
  const place = rows.findLastIndex(isOld);
  return place < 0 ? [...rows, row] : rows.with(place, row);
}
