import { type Micros, SECOND } from "../kernel/time.ts";

/** How a zone looks to the control plane: kinds as in Kubernetes' node_lifecycle_controller.go, ComputeZoneState. */
export type ZoneState = "normal" | "partial-disruption" | "full-disruption";

/** Hosts of one zone, as the control plane believes them to be. */
export interface ZoneCount {
  readonly hosts: number;
  readonly unreachable: number;
}

/** From one eviction to the next at 0.1 hosts a second (node-eviction-rate). */
const USUAL_PAUSE: Micros = 10 * SECOND;
/** The same at 0.01 hosts a second (secondary-node-eviction-rate). */
const LONG_PAUSE: Micros = 100 * SECOND;
/** A zone counts as disrupted from this share of unreachable hosts on (unhealthy-zone-threshold) … */
const UNHEALTHY_SHARE = 0.55;
/** … and when there are more than this many. */
const FEW = 2;
/** Up to this many hosts, a disrupted zone is left alone altogether (large-cluster-size-threshold). */
const LARGE_ZONE = 50;

/** How a zone with these hosts looks. */
export function zoneState({ hosts, unreachable }: ZoneCount): ZoneState {
  if (unreachable > 0 && unreachable === hosts) return "full-disruption";
  if (unreachable > FEW && unreachable / hosts >= UNHEALTHY_SHARE) return "partial-disruption";
  return "normal";
}

/**
 * The least time from one host's eviction to the next in a zone, in µs; undefined: none is evicted now.
 *
 * Kubernetes slows down where many hosts of a zone are lost, and stops in small zones. A zone that is lost whole is evicted at the usual
 * pace as long as another one lives; `allLost` is for when none does. Source: Kubernetes, Nodes page, "Rate limits on eviction".
 */
export function evictionPause(zone: ZoneCount): Micros | undefined {
  if (zoneState(zone) !== "partial-disruption") return USUAL_PAUSE;
  return zone.hosts > LARGE_ZONE ? LONG_PAUSE : undefined;
}

/** True where no host of any zone is left: then the fault is likely the control plane's own, and nothing is evicted. */
export function allLost(zones: readonly ZoneCount[]): boolean {
  return zones.every((zone) => zoneState(zone) === "full-disruption");
}
