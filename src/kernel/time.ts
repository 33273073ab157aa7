/**
 * Simulated time: a whole number of microseconds since the start of the run.
 *
 * Exact in a double for 285 years. Everything a user reads or writes carries a unit instead.
 */
export type Micros = number;

export const MICROSECOND: Micros = 1;
export const MILLISECOND: Micros = 1_000;
export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

/** A time that never comes. */
export const NEVER: Micros = Number.MAX_SAFE_INTEGER;

/** Seconds of simulated time, as reports show them. */
export function toSeconds(time: Micros): number {
  return time / SECOND;
}

/** Milliseconds of simulated time, as reports show latencies. */
export function toMillis(time: Micros): number {
  return time / MILLISECOND;
}

/** What is written before the seconds. */
const UNITS: readonly (readonly [string, Micros])[] = [
  ["d", DAY],
  ["h", HOUR],
  ["m", MINUTE],
];

/**
 * `5m3s`, `250ms`, `2m0.05s`, `0s`: exact, and readable by the scenario file too. Minutes are never followed by `ms`, which
 * would be taken for minutes and seconds.
 */
export function formatDuration(time: Micros): string {
  if (time < 0) return `-${formatDuration(-time)}`;
  let rest = time;
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  if (text !== "" || rest >= SECOND) return rest > 0 ? `${text}${withFraction(rest, SECOND)}s` : text;
  if (rest === 0) return "0s";
  return rest < MILLISECOND ? `${rest}us` : `${withFraction(rest, MILLISECOND)}ms`;
}

/** `rest` in units of `size`, a power of ten, with all its decimals. */
function withFraction(rest: Micros, size: Micros): string {
  const decimals = String(size + (rest % size)).slice(1);
  return `${Math.floor(rest / size)}.${decimals}`.replace(/\.?0*$/u, "");
}
