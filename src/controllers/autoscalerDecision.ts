import type { AutoscaleSpec } from "../cluster/policies.ts";
import {
  DOWNSCALE_WINDOW,
  type Limited,
  limitByBehavior,
  limitByDoubling,
  type Recommendation,
  type ScaleEvent,
  stabilise,
  stabiliseBothWays,
  storeScaleEvent,
} from "./autoscalerBehavior.ts";
import { computeFailure, type MetricFailure } from "./autoscalerMessages.ts";
import { type MetricsInput, proposeReplicas, type ReadMetric } from "./autoscalerMetrics.ts";

/** Deviations from the target up to this share are left alone (horizontal-pod-autoscaler-tolerance). */
const TOLERANCE = 0.1;

/** What the autoscaler keeps in mind of one service: plain data. */
export interface AutoscalerMemory {
  readonly recommendations: readonly Recommendation[];
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

/** What one look concludes. */
export interface AutoscalerDecision {
  readonly replicas: number;
  /** What asked for the number, in Kubernetes' words; empty where nothing did. */
  readonly why: string;
  /** Metrics that could not be used, each as an event tells it. */
  readonly failures: readonly MetricFailure[];
  /** What bound the wish; `no answer`: too many metrics told nothing, so nothing changes. */
  readonly reason: Limited["reason"] | "no answer" | "disabled";
  readonly memory: AutoscalerMemory;
}

/** A service that was never looked at. */
export const NO_MEMORY: AutoscalerMemory = { recommendations: [], ups: [], downs: [] };

/**
 * One look of the autoscaler: metrics, stabilisation, limits (Kubernetes, horizontal.go, reconcileAutoscaler).
 *
 * The first look writes down the present number as a recommendation, so that a new autoscaler shrinks nothing for the
 * length of its window. 0 containers switch it off.
 */
export function decideReplicas(
  spec: AutoscaleSpec,
  metrics: readonly ReadMetric[],
  input: Omit<MetricsInput, "tolerance">,
  before: AutoscalerMemory,
): AutoscalerDecision {
  const { current, now } = input;
  const recommendations =
    before.recommendations.length === 0 ? [{ replicas: current, at: now }] : before.recommendations;
  const memory = { ...before, recommendations };
  const unchanged = { replicas: current, why: "", failures: [], memory };
  if (current === 0) return { ...unchanged, reason: "disabled" };
  const bounded = (replicas: number, reason: Limited["reason"], why: string) =>
    changed(spec, { ...unchanged, replicas, reason, why }, input);
  if (current > spec.max) {
    return bounded(spec.max, "TooManyReplicas", "Current number of replicas above Spec.MaxReplicas");
  }
  if (current < spec.min) {
    return bounded(spec.min, "TooFewReplicas", "Current number of replicas below Spec.MinReplicas");
  }
  const { up, down } = spec.behavior ?? {};
  const tolerance = { up: up?.tolerance ?? TOLERANCE, down: down?.tolerance ?? TOLERANCE };
  const { replicas: desired, metric, failures } = proposeReplicas(metrics, { ...input, tolerance });
  if (desired === undefined) {
    const last = computeFailure(failures, metrics.length);
    return { ...unchanged, failures: last === undefined ? failures : [...failures, last], reason: "no answer" };
  }
  const limited = spec.behavior === undefined ? byOldRules : byBehavior;
  const decision = limited(spec, { current, desired, now }, memory);
  return changed(spec, { ...decision, why: reasonOf(desired, current, metric), failures }, input);
}

/** By the wish before it was held back, as Kubernetes has it: a held wish may give no reason. */
function reasonOf(desired: number, current: number, metric: string): string {
  if (desired > current) return `${metric} above target`;
  return desired < current ? "All metrics below target" : "";
}

interface Numbers {
  readonly current: number;
  readonly desired: number;
  readonly now: number;
}

function byOldRules(spec: AutoscaleSpec, { current, desired, now }: Numbers, memory: AutoscalerMemory) {
  const held = stabilise(memory.recommendations, desired, { now, window: DOWNSCALE_WINDOW });
  const limited = limitByDoubling(current, held.replicas, spec);
  return { ...limited, memory: { ...memory, recommendations: held.history } };
}

function byBehavior(spec: AutoscaleSpec, { current, desired, now }: Numbers, memory: AutoscalerMemory) {
  const rules = spec.behavior;
  if (rules === undefined) return byOldRules(spec, { current, desired, now }, memory);
  const windows = { now, upWindow: rules.up.window, downWindow: rules.down.window };
  const held = stabiliseBothWays(memory.recommendations, { current, desired }, windows);
  const numbers = { current, desired: held.replicas, min: spec.min, max: spec.max };
  const limited = limitByBehavior(numbers, rules, { ...memory, now });
  return { ...limited, memory: { ...memory, recommendations: held.history } };
}

/** Writes a change down for the policies to come. */
function changed(
  { behavior }: AutoscaleSpec,
  decision: AutoscalerDecision,
  { current, now }: { readonly current: number; readonly now: number },
): AutoscalerDecision {
  const change = decision.replicas - current;
  const { memory } = decision;
  if (change === 0 || behavior === undefined) return decision;
  const event = { change: Math.abs(change), now };
  if (change > 0) return { ...decision, memory: { ...memory, ups: storeScaleEvent(memory.ups, event, behavior.up) } };
  return { ...decision, memory: { ...memory, downs: storeScaleEvent(memory.downs, event, behavior.down) } };
}
