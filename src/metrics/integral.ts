import type { Micros } from "../kernel/time.ts";

/** A step function's area over time, exact: value × µs, never sampled. */
export interface Integral {
  value: number;
  area: number;
  since: Micros;
  peak: number;
}

export function newIntegral(): Integral {
  return { value: 0, area: 0, since: 0, peak: 0 };
}

/** The function takes another value from now on. */
export function setValue(integral: Integral, value: number, now: Micros): void {
  integral.area += integral.value * (now - integral.since);
  integral.since = now;
  integral.value = value;
  if (value > integral.peak) integral.peak = value;
}

/** Forgets what was: the area counts from now on. */
export function startOver(integral: Integral, now: Micros): void {
  integral.area = 0;
  integral.since = now;
  integral.peak = integral.value;
}

/** The area up to now. */
export function areaAt(integral: Integral, now: Micros): number {
  return integral.area + integral.value * (now - integral.since);
}
