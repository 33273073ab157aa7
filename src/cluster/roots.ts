import type { Micros } from "../kernel/time.ts";

/** What brings failures about: an entry of the timeline, a hazard, the beginning, or plain overload. */
export interface Root {
  readonly id: number;
  /** As reports name it: `timeline[1] crash host-3 at 5m`. One label, one row, however often it happens. */
  readonly label: string;
  readonly firstAt: Micros;
}

/** Demand above capacity, with nothing broken. */
export const OVERLOAD = 0;
/** The state the run began in. */
export const BEGINNING = 1;

/** Plain rows: saved and restored with the cluster. */
export function newRoots(): Root[] {
  return [
    { id: OVERLOAD, label: "overload", firstAt: 0 },
    { id: BEGINNING, label: "start of the run", firstAt: 0 },
  ];
}

/** The root of that label, made at its first mention. */
export function rootNamed(roots: Root[], label: string, now: Micros): number {
  const known = roots.find((root) => root.label === label);
  if (known !== undefined) return known.id;
  roots.push({ id: roots.length, label, firstAt: now });
  return roots.length - 1;
}
