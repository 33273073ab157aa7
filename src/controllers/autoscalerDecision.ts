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
import { type CalculatorInput, resourceReplicas } from "./autoscalerCalculator.ts";

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
  /** Use in percent of the request; undefined: the bounds alone decided, or nothing is known. */
  readonly utilisation: number | undefined;
  /** What bound the wish; `no answer`: the metric told nothing, so nothing changes. */
  readonly reason: Limited["reason"] | "no answer" | "disabled";
  readonly memory: AutoscalerMemory;
}

/** A service that was never looked at. */
export const NO_MEMORY: AutoscalerMemory = { recommendations: [], ups: [], downs: [] };

/**
 * One look of the autoscaler: metric, stabilisation, limits (Kubernetes, horizontal.go, reconcileAutoscaler).
 *
 * The first look writes down the present number as a recommendation, so that a new autoscaler shrinks nothing for the
 * length of its window. 0 containers switch it off.
 */
export function decideReplicas(
  spec: AutoscaleSpec,
  input: Omit<CalculatorInput, "tolerance">,
  before: AutoscalerMemory,
): AutoscalerDecision {
  const { current, now } = input;
  const recommendations =
    before.recommendations.length === 0 ? [{ replicas: current, at: now }] : before.recommendations;
  const memory = { ...before, recommendations };
  const unchanged = { replicas: current, utilisation: undefined, memory };
  if (current === 0) return { ...unchanged, reason: "disabled" };
  if (current > spec.max) return changed(spec, { ...unchanged, replicas: spec.max, reason: "TooManyReplicas" }, input);
  if (current < spec.min) return changed(spec, { ...unchanged, replicas: spec.min, reason: "TooFewReplicas" }, input);
  const { up, down } = spec.behavior ?? {};
  const tolerance = { up: up?.tolerance ?? TOLERANCE, down: down?.tolerance ?? TOLERANCE };
  const wanted = resourceReplicas({ ...input, tolerance }, { kind: "cpu", targetPercent: spec.cpuPercent });
  if (typeof wanted === "string") return { ...unchanged, reason: "no answer" };
  const limited = spec.behavior === undefined ? byOldRules : byBehavior;
  const decision = limited(spec, { current, desired: wanted.replicas, now }, memory);
  return changed(spec, { ...decision, utilisation: wanted.utilisation }, input);
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
