import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { assert } from "../kernel/errors.ts";
import type { MetricSummary } from "./comparison.ts";

/** The lower and the upper end of a 95 % confidence interval. */
export type Interval = [number, number];

/** How much a variant differs from the baseline, replication by replication. */
export interface PairedDifference {
  readonly meanDifference: number;
  /** Null where one pair alone says nothing of the spread. */
  readonly ci95: Interval | null;
  readonly n: number;
}

const UPPER_TAIL = 0.975;
const Z = normalQuantile(UPPER_TAIL, 0, 1);

/** The arithmetic mean; null of nothing. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  // A second pass over the residuals takes back what rounding lost in the first.
  const first = sum(values) / values.length;
  let residue = 0;
  for (const value of values) residue += value - first;
  return first + residue / values.length;
}

/**
 * The standard error of the mean of independent values: s ÷ √n with the unbiased s².
 *
 * Null below two values.
 */
export function standardError(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  let squares = 0;
  for (const value of values) squares += (value - centre) * (value - centre);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * Mean of independent replications with its 95 % interval from Student's t, n − 1 degrees of freedom.
 *
 * The interval is null below two values. Source: Law, "Simulation Modeling and Analysis", the fixed-sample-size procedure.
 */
export function meanInterval(values: readonly number[]): MetricSummary {
  const centre = mean(values);
  return { mean: centre, ci95: centre === null ? null : intervalAround(centre, values), n: values.length };
}

/**
 * Mean of `variant[i] − baseline[i]` with its 95 % t interval: what common random numbers are for.
 *
 * Both lists are one value per replication in the same order. Null where there is no pair. Source: Law, "Simulation Modeling
 * and Analysis", the paired-t confidence interval.
 */
export function pairedDifference(variant: readonly number[], baseline: readonly number[]): PairedDifference | null {
  assert(variant.length === baseline.length, "paired values come from the same replications");
  const differences = variant.map((value, i) => value - (baseline[i] ?? Number.NaN));
  const centre = mean(differences);
  if (centre === null) return null;
  return { meanDifference: centre, ci95: intervalAround(centre, differences), n: differences.length };
}

/**
 * 95 % interval of a share, from `successes` of `trials`; within [0, 1], and sensible at 0 and at 1.
 *
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  assert(successes >= 0 && successes <= trials, "successes lie between none and all of the trials");
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const spread = (Z * Z) / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  // The ends are exactly 0 and 1 in theory there; rounding must not move them.
  return [successes === 0 ? 0 : Math.max(0, centre - half), successes === trials ? 1 : Math.min(1, centre + half)];
}

function intervalAround(centre: number, values: readonly number[]): Interval | null {
  const error = standardError(values);
  if (error === null) return null;
  const half = tQuantile(UPPER_TAIL, values.length - 1) * error;
  return [centre - half, centre + half];
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
