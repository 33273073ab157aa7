import cos from "@stdlib/math-base-special-cos";
import type { ArrivalsSpec } from "../cluster/spec.ts";
import { DAY, MINUTE, type Micros, SECOND } from "../kernel/time.ts";

/** A rate of arrivals over time in straight pieces. Rates are per µs. */
export interface RateProfile {
  /** Piece i runs from `starts[i]` to `starts[i + 1]`; one more start than pieces. Ascending. */
  readonly starts: readonly Micros[];
  /** Rate at the beginning, and at the end, of each piece. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A sine in pieces of this length differs from the true one by less than 0.01 % of its height. */
const DAILY_PIECE = 5 * MINUTE;

/** Kinds of arrivals that a rate describes. */
export type RateArrivals = Extract<ArrivalsSpec, { kind: "constant" | "poisson" | "ramp" | "daily" | "bursts" }>;

/** The rate of these arrivals up to `horizon`. */
export function profileOf(arrivals: RateArrivals, horizon: Micros): RateProfile {
  switch (arrivals.kind) {
    case "constant":
    case "poisson":
      return flat(arrivals.perSecond, horizon);
    case "ramp":
      return ramp(arrivals, horizon);
    case "daily":
      return daily(arrivals, horizon);
    case "bursts":
      return bursts(arrivals, horizon);
  }
}

/** Piecewise constant: `counts[i]` over `step` from `starts[i]`, nothing in the gaps. */
export function profileOfCounts(starts: readonly Micros[], counts: readonly number[], step: Micros): RateProfile {
  const profile = newProfile(0);
  starts.forEach((start, i) => {
    gapUntil(profile, start);
    const rate = (counts[i] ?? 0) / step;
    piece(profile, start + step, rate, rate);
  });
  return profile;
}

function flat(perSecond: number, horizon: Micros): RateProfile {
  const profile = newProfile(0);
  piece(profile, horizon, perSecond / SECOND, perSecond / SECOND);
  return profile;
}

function ramp(spec: Extract<ArrivalsSpec, { kind: "ramp" }>, horizon: Micros): RateProfile {
  const profile = newProfile(0);
  const last = spec.toPerSecond / SECOND;
  piece(profile, spec.over, spec.fromPerSecond / SECOND, last);
  if (horizon > spec.over) piece(profile, horizon, last, last);
  return profile;
}

/** mean + (peak − mean) × cos(2π (t − peakAt) ÷ 1 day), never below 0. */
function daily(spec: Extract<ArrivalsSpec, { kind: "daily" }>, horizon: Micros): RateProfile {
  const swing = spec.peakPerSecond - spec.meanPerSecond;
  const rateAt = (time: Micros) => {
    const turn = (time - spec.peakAt) / DAY;
    return Math.max(0, spec.meanPerSecond + swing * cos(2 * Math.PI * turn)) / SECOND;
  };
  const profile = newProfile(0);
  for (let start = 0; start < horizon; start += DAILY_PIECE) {
    piece(profile, start + DAILY_PIECE, rateAt(start), rateAt(start + DAILY_PIECE));
  }
  return profile;
}

/** The first burst comes after one period. */
function bursts(spec: Extract<ArrivalsSpec, { kind: "bursts" }>, horizon: Micros): RateProfile {
  const base = spec.basePerSecond / SECOND;
  const peak = spec.peakPerSecond / SECOND;
  const profile = newProfile(0);
  piece(profile, spec.every, base, base);
  for (let start = spec.every; start < horizon; start += spec.every) {
    piece(profile, start + spec.length, peak, peak);
    piece(profile, start + spec.every, base, base);
  }
  return profile;
}

interface GrowingProfile {
  starts: Micros[];
  from: number[];
  to: number[];
}

function newProfile(start: Micros): GrowingProfile {
  return { starts: [start], from: [], to: [] };
}

function piece(profile: GrowingProfile, end: Micros, from: number, to: number): void {
  if (end <= (profile.starts.at(-1) ?? 0)) return;
  profile.starts.push(end);
  profile.from.push(from);
  profile.to.push(to);
}

function gapUntil(profile: GrowingProfile, start: Micros): void {
  if (start > (profile.starts.at(-1) ?? 0)) piece(profile, start, 0, 0);
}
