/**
 * Durations drawn by inversion: a uniform number in, whole microseconds out.
 *
 * Only @stdlib's pure-JavaScript functions make transcendental numbers here: the engines' own `Math.log` and its kin differ in
 * the last bits, and a run must give the same bits everywhere. The result is rounded to whole µs at once.
 */
import ln from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import exponentialQuantile from "@stdlib/stats-base-dists-exponential-quantile";
import gammaQuantile from "@stdlib/stats-base-dists-gamma-quantile";
import lognormalQuantile from "@stdlib/stats-base-dists-lognormal-quantile";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import weibullQuantile from "@stdlib/stats-base-dists-weibull-quantile";
import { unreachable } from "./errors.ts";
import type { Micros } from "./time.ts";

/** A distribution of durations; every parameter that is a time is in µs. */
export type Distribution =
  | { readonly kind: "constant"; readonly value: Micros }
  | { readonly kind: "uniform"; readonly min: Micros; readonly max: Micros }
  | { readonly kind: "exponential"; readonly mean: Micros }
  /** Cut at 0. */
  | { readonly kind: "normal"; readonly mean: Micros; readonly sd: Micros }
  | { readonly kind: "lognormal"; readonly median: Micros; readonly p95: Micros }
  /** `cv` is the coefficient of variation, sd ÷ mean. */
  | { readonly kind: "gamma"; readonly mean: Micros; readonly cv: number }
  | { readonly kind: "weibull"; readonly shape: number; readonly scale: Micros }
  | { readonly kind: "pareto"; readonly min: Micros; readonly shape: number }
  /** Observed values, ascending, each equally likely. */
  | { readonly kind: "empirical"; readonly values: readonly Micros[] };

/** From a uniform number in [0, 1) to whole µs, at least 0. */
export type Sampler = (uniform: number) => Micros;

/** The 95 % quantile of the standard normal distribution: what turns a p95 into a lognormal's sigma. */
const Z95 = normalQuantile(0.95, 0, 1);

/** Longer than any run: what an infinite or absurd draw is cut to (about 285 years). */
const LONGEST = Number.MAX_SAFE_INTEGER;

/**
 * The quantile function of a distribution, compiled once.
 *
 * @throws RangeError where a parameter makes no distribution (a lognormal whose p95 lies below its median).
 */
export function samplerOf(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case "constant": {
      const value = Math.round(distribution.value);
      return () => value;
    }
    case "uniform": {
      const { min, max } = distribution;
      return (uniform) => Math.round(min + uniform * (max - min));
    }
    case "exponential": {
      if (distribution.mean === 0) return () => 0;
      const rate = 1 / distribution.mean;
      const quantile = exponentialQuantile.factory(rate);
      return (uniform) => wholeMicros(quantile(uniform));
    }
    case "normal": {
      const { mean, sd } = distribution;
      if (sd === 0) return () => wholeMicros(mean);
      const quantile = normalQuantile.factory(mean, sd);
      return (uniform) => wholeMicros(quantile(uniform));
    }
    case "lognormal":
      return lognormalSampler(distribution.median, distribution.p95);
    case "gamma": {
      if (distribution.cv === 0) return () => Math.round(distribution.mean);
      const shape = 1 / (distribution.cv * distribution.cv);
      const quantile = gammaQuantile.factory(shape, shape / distribution.mean);
      return (uniform) => wholeMicros(quantile(uniform));
    }
    case "weibull": {
      const quantile = weibullQuantile.factory(distribution.shape, distribution.scale);
      return (uniform) => wholeMicros(quantile(uniform));
    }
    case "pareto": {
      const { min, shape } = distribution;
      return (uniform) => wholeMicros(min * pow(1 - uniform, -1 / shape));
    }
    case "empirical": {
      const values = distribution.values;
      if (values.length === 0) throw new RangeError("an empirical distribution needs at least one value");
      return (uniform) => values[Math.floor(uniform * values.length)] ?? 0;
    }
    default:
      return unreachable(distribution);
  }
}

function lognormalSampler(median: Micros, p95: Micros): Sampler {
  if (!(median > 0) || p95 < median) throw new RangeError("a lognormal needs 0 < median <= p95");
  if (p95 === median) return () => Math.round(median);
  const sigma = (ln(p95) - ln(median)) / Z95;
  const quantile = lognormalQuantile.factory(ln(median), sigma);
  return (uniform) => wholeMicros(quantile(uniform));
}

/** Whole µs, never negative; a quantile at 0 of an unbounded-below distribution is −∞ and becomes 0. */
function wholeMicros(value: number): Micros {
  if (!(value > 0)) return 0;
  return value < LONGEST ? Math.round(value) : LONGEST;
}
