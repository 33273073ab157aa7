import exponentialQuantile from "@stdlib/stats-base-dists-exponential-quantile";
import type { ArrivalsSpec } from "../cluster/spec.ts";
import { type Micros, NEVER } from "../kernel/time.ts";
import { profileOf, profileOfCounts, type RateProfile } from "./profile.ts";

/** Where a source stands: plain numbers, whatever its kind. */
export interface ArrivalState {
  /** Piece, row or phase it is in. */
  index: number;
  /** Within the row: how many of its arrivals are out. */
  within: number;
  /** Exact position in µs, fractions included, so that rounding does not add up. */
  position: number;
  /** How many times its rate is in force. */
  factor: number;
  child: ArrivalState | undefined;
}

/** Arrival times of one service, one after another. */
export interface ArrivalSource {
  readonly state: ArrivalState;
  /** The next arrival, in whole µs, or NEVER. `uniform` is the service's traffic stream. */
  next(uniform: () => number): Micros;
  /** The service time that the latest arrival brought with it, or undefined. */
  demand(): Micros | undefined;
  /** Forgets what was under way and goes on from `time` at `factor` times the rate; false where the source has exact times. */
  setRate(time: Micros, factor: number): boolean;
}

/** A source for open-loop arrivals up to `horizon`. Closed-loop users are not one. */
export function arrivalSource(
  arrivals: Exclude<ArrivalsSpec, { kind: "users" | "none" }>,
  horizon: Micros,
  state: ArrivalState,
): ArrivalSource {
  switch (arrivals.kind) {
    case "constant":
      return rateSource(profileOf(arrivals, horizon), "even", state);
    case "poisson":
    case "ramp":
    case "daily":
    case "bursts":
      return rateSource(profileOf(arrivals, horizon), "poisson", state);
    case "trace":
      return arrivals.spread === "even"
        ? evenSource(arrivals, state)
        : rateSource(profileOfCounts(arrivals.starts, arrivals.counts, arrivals.step), "poisson", state);
    case "replay":
      return replaySource(arrivals, state);
    case "phases":
      return phaseSource(arrivals.phases, horizon, state);
  }
}

export function newArrivalState(): ArrivalState {
  return { index: 0, within: 0, position: 0, factor: 1, child: undefined };
}

const unitExponential = exponentialQuantile.factory(1);

/**
 * Arrivals at the rate of a profile: each takes one unit of the area under it (`even`), or an exponential share of area
 * (`poisson`: the exact inhomogeneous process, by inversion of its cumulated rate).
 */
function rateSource(profile: RateProfile, spacing: "even" | "poisson", state: ArrivalState): ArrivalSource {
  const { starts, from, to } = profile;
  const pieces = from.length;
  return {
    state,
    next(uniform) {
      let area = (spacing === "even" ? 1 : unitExponential(uniform())) / state.factor;
      for (; state.index < pieces; state.index++) {
        const start = starts[state.index] as number;
        const end = starts[state.index + 1] as number;
        const at = Math.max(start, state.position);
        const slope = ((to[state.index] as number) - (from[state.index] as number)) / (end - start);
        const rate = (from[state.index] as number) + slope * (at - start);
        const left = (rate + 0.5 * slope * (end - at)) * (end - at);
        if (area < left) {
          // The stable root of rate·x + slope/2·x² = area.
          const step = slope === 0 ? area / rate : (2 * area) / (rate + Math.sqrt(rate * rate + 2 * slope * area));
          state.position = at + step;
          return Math.round(state.position);
        }
        area -= left;
        state.position = end;
      }
      return NEVER;
    },
    demand: () => undefined,
    setRate(time, factor) {
      state.factor = factor;
      state.position = time;
      while (state.index > 0 && (starts[state.index] as number) > time) state.index--;
      return true;
    },
  };
}

/** Exactly `counts[i]` arrivals in each step, evenly: the k-th at (k + ½) ÷ count of it. */
function evenSource(trace: Extract<ArrivalsSpec, { kind: "trace" }>, state: ArrivalState): ArrivalSource {
  const { starts, counts, step } = trace;
  return {
    state,
    next() {
      while (state.index < counts.length && state.within >= (counts[state.index] as number)) {
        state.index++;
        state.within = 0;
      }
      if (state.index >= counts.length) return NEVER;
      const offset = ((state.within + 0.5) * step) / (counts[state.index] as number);
      state.within++;
      return (starts[state.index] as number) + Math.floor(offset);
    },
    demand: () => undefined,
    setRate: () => false,
  };
}

function replaySource(replay: Extract<ArrivalsSpec, { kind: "replay" }>, state: ArrivalState): ArrivalSource {
  return {
    state,
    next() {
      return replay.times[state.index++] ?? NEVER;
    },
    demand: () => replay.serviceTimes?.[state.index - 1],
    setRate: () => false,
  };
}

/** Each phase begins at its own time 0; what it would still send when its time is over is not sent. */
function phaseSource(
  phases: Extract<ArrivalsSpec, { kind: "phases" }>["phases"],
  horizon: Micros,
  state: ArrivalState,
): ArrivalSource {
  const starts: Micros[] = [0];
  for (const { length } of phases) starts.push((starts.at(-1) ?? 0) + length);
  let child: ArrivalSource | undefined;
  const enter = (): ArrivalSource | undefined => {
    const phase = phases[state.index];
    if (phase === undefined) return undefined;
    const { arrivals } = phase;
    if (arrivals.kind === "none" || arrivals.kind === "users") return silence(state);
    state.child ??= { ...newArrivalState(), factor: state.factor };
    return arrivalSource(arrivals, Math.min(phase.length, horizon), state.child);
  };
  return {
    state,
    next(uniform) {
      for (;;) {
        child ??= enter();
        if (child === undefined) return NEVER;
        const time = child.next(uniform);
        const absolute = time === NEVER ? NEVER : (starts[state.index] as number) + time;
        if (absolute < (starts[state.index + 1] as number)) return absolute;
        state.index++;
        state.child = undefined;
        child = undefined;
      }
    },
    demand: () => child?.demand(),
    setRate(time, factor) {
      state.factor = factor;
      return child?.setRate(time - (starts[state.index] as number), factor) ?? true;
    },
  };
}

function silence(state: ArrivalState): ArrivalSource {
  return { state, next: () => NEVER, demand: () => undefined, setRate: () => true };
}
