import type { LifecycleSpec } from "../cluster/spec.ts";
import type { Micros } from "../kernel/time.ts";

/**
 * The last time before `silent` at which a host that renews at `phase`, `phase + heartbeat`, … has renewed its lease, in µs.
 *
 * Undefined where its first renewal was still to come. A renewal at the very moment of silence is lost: failures act first.
 */
export function lastRenewal(phase: Micros, heartbeat: Micros, silent: Micros): Micros | undefined {
  if (silent <= phase) return undefined;
  return phase + Math.floor((silent - 1 - phase) / heartbeat) * heartbeat;
}

/** The first renewal at or after `now`, in µs. */
export function nextRenewal(phase: Micros, heartbeat: Micros, now: Micros): Micros {
  if (now <= phase) return phase;
  return phase + Math.ceil((now - phase) / heartbeat) * heartbeat;
}

/**
 * When the controller, which looks at multiples of its period only, gives up a host whose lease was last renewed at `lease`: the
 * first look, not before `now`, at which the lease is older than `unreachableAfter`.
 */
export function givenUpAt(lease: Micros, spec: LifecycleSpec, now: Micros): Micros {
  const { monitorPeriod, unreachableAfter } = spec;
  const tooOld = Math.floor((lease + unreachableAfter) / monitorPeriod) + 1;
  return Math.max(tooOld, Math.ceil(now / monitorPeriod)) * monitorPeriod;
}
