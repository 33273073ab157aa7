import { groupSamples, type SampledContainer, type SampleGroups, type SampleTrust } from "./autoscalerSamples.ts";

/** What a metric asks for. */
export interface Wanted {
  readonly replicas: number;
  /** The metric as it was read: percent of the request, or the value per container; whole. */
  readonly utilisation: number;
}

/** What `resourceReplicas` found; the average is per counted container, in the unit of the samples. */
export interface WantedByResource extends Wanted {
  readonly average: number;
}

/** Why a metric asks for nothing. */
export type NoAnswer = "no containers" | "no samples" | "no request";

/** What every calculation needs to know. */
export interface CalculatorInput extends SampleTrust {
  readonly containers: readonly SampledContainer[];
  /** Containers wanted now: `spec.replicas`. */
  readonly current: number;
  /** Deviations up to this share of the target are left alone: 0.1 by default. */
  readonly tolerance: Tolerance;
}

/** A share of the target, each way (the newer per-direction setting; the same both ways by default). */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/**
 * How many containers keep the use of a resource at `target` percent of what they asked for (Kubernetes,
 * replica_calculator.go, GetResourceReplicas).
 *
 * `ceil(counted × use ÷ target)`, use in whole percent, rounded down. Where samples are missing it guesses against
 * the change: going down they use their whole request (or the target, if above), going up nothing, as do cold ones;
 * and if the guess turns the change around, nothing changes.
 */
export function resourceReplicas(
  input: CalculatorInput,
  metric: { readonly kind: "cpu" | "other"; readonly targetPercent: number },
): WantedByResource | NoAnswer {
  const { targetPercent } = metric;
  if (input.containers.length === 0) return "no containers";
  const groups = groupSamples(input.containers, metric.kind, input);
  if (groups.counted.length === 0) return "no samples";
  if (input.containers.some(({ requested }) => requested <= 0)) return "no request";
  const used = groups.counted.map(({ sample, requested }) => ({ used: sample?.used ?? 0, requested }));
  const utilisation = percentOf(used);
  const average = Math.trunc(total(used, "used") / used.length);
  const replicas = guarded(input, groups, {
    ratio: utilisation / targetPercent,
    missingAtTarget: false,
    again: (missing, unready) => {
      const guesses = (containers: readonly SampledContainer[], percent: number) =>
        containers.map(({ requested }) => ({ used: Math.trunc((requested * percent) / 100), requested }));
      const full = missing.full ? Math.max(100, targetPercent) : 0;
      const all = [...used, ...guesses(missing.containers, full), ...guesses(unready, 0)];
      return { ratio: percentOf(all) / targetPercent, counted: all.length };
    },
  });
  return { replicas, utilisation, average };
}

/**
 * How many containers keep a plain value per container at `target` (GetMetricReplicas, GetRawResourceReplicas):
 * missing samples count as exactly the target going down, else as 0, even where the rest is exactly at the target.
 */
export function valueReplicas(
  input: CalculatorInput,
  metric: { readonly kind: "cpu" | "other"; readonly target: number },
): Wanted | NoAnswer {
  const { target } = metric;
  if (input.containers.length === 0) return "no containers";
  const groups = groupSamples(input.containers, metric.kind, input);
  if (groups.counted.length === 0) return "no samples";
  const used = groups.counted.map(({ sample }) => sample?.used ?? 0);
  const averageOf = (values: readonly number[]) =>
    Math.trunc(values.reduce((sum, one) => sum + one, 0) / values.length);
  const replicas = guarded(input, groups, {
    ratio: averageOf(used) / target,
    missingAtTarget: true,
    again: (missing, unready) => {
      const guesses = missing.containers.map(() => (missing.full ? target : 0));
      const all = [...used, ...guesses, ...unready.map(() => 0)];
      return { ratio: averageOf(all) / target, counted: all.length };
    },
  });
  return { replicas, utilisation: averageOf(used) };
}

/**
 * How many containers a metric of something else asks for: in proportion to the ready ones (GetObjectMetricReplicas,
 * GetExternalMetricReplicas). From 0 containers, the ratio itself counts.
 */
export function objectReplicas(
  input: CalculatorInput,
  metric: { readonly value: number; readonly target: number },
): Wanted | NoAnswer {
  const ratio = metric.value / metric.target;
  if (input.current === 0) return { replicas: Math.ceil(ratio), utilisation: metric.value };
  if (isWithin(ratio, input.tolerance)) return { replicas: input.current, utilisation: metric.value };
  if (input.containers.length === 0) return "no containers";
  const ready = input.containers.filter(
    (container) => container.phase === "running" && container.ready === true,
  ).length;
  return { replicas: Math.ceil(ratio * ready), utilisation: metric.value };
}

/** As `objectReplicas` for a target per container: `ceil(value ÷ target)` (GetObjectPerPodMetricReplicas). */
export function perContainerReplicas(
  { current, tolerance }: Pick<CalculatorInput, "current" | "tolerance">,
  metric: { readonly value: number; readonly target: number },
): Wanted {
  const ratio = metric.value / (metric.target * current);
  const replicas = isWithin(ratio, tolerance) ? current : Math.ceil(metric.value / metric.target);
  return { replicas, utilisation: Math.ceil(metric.value / current) };
}

/** A second look with guesses for what the samples do not tell. */
interface Calculation {
  readonly ratio: number;
  /** Missing samples are guessed even where all others are exactly at the target: for plain values only. */
  readonly missingAtTarget: boolean;
  readonly again: (
    missing: { readonly containers: readonly SampledContainer[]; readonly full: boolean },
    unready: readonly SampledContainer[],
  ) => { readonly ratio: number; readonly counted: number };
}

function guarded(
  { current, tolerance }: CalculatorInput,
  { counted, unready, missing }: SampleGroups<SampledContainer>,
  { ratio, missingAtTarget, again }: Calculation,
): number {
  const cold = ratio > 1 ? unready : [];
  if (cold.length === 0 && missing.length === 0) {
    return isWithin(ratio, tolerance) ? current : Math.ceil(ratio * counted.length);
  }
  const guesses = ratio === 1 && !missingAtTarget ? [] : missing;
  const second = again({ containers: guesses, full: ratio < 1 }, cold);
  const turned = (ratio < 1 && second.ratio > 1) || (ratio > 1 && second.ratio < 1);
  if (turned || isWithin(second.ratio, tolerance)) return current;
  const replicas = Math.ceil(second.ratio * second.counted);
  const wrongWay = (second.ratio < 1 && replicas > current) || (second.ratio > 1 && replicas < current);
  return wrongWay ? current : replicas;
}

/** The edge itself is within (replica_calculator.go, isWithin). */
function isWithin(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

interface Use {
  readonly used: number;
  readonly requested: number;
}

/** In whole percent, rounded down, as Kubernetes' integer division does (metrics/utilization.go). */
function percentOf(uses: readonly Use[]): number {
  return Math.trunc((total(uses, "used") * 100) / total(uses, "requested"));
}

function total(uses: readonly Use[], field: keyof Use): number {
  return uses.reduce((sum, use) => sum + use[field], 0);
}
