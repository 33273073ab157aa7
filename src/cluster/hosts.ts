import type { Micros } from "../kernel/time.ts";
import type { HostSpec } from "./spec.ts";

/** One host as it truly is, and as the control plane believes it to be. */
export interface Host {
  readonly id: number;
  readonly spec: HostSpec;
  /** How many outages hold it down now; up at 0. Overlapping ones are one. */
  downs: number;
  /** How many partitions cut it off from the control plane, and from clients. */
  controlCuts: number;
  clientCuts: number;
  /** Factors of the slow-downs in force; their product stretches service and start-up. */
  slowFactors: number[];
  cordoned: boolean;
  /** What the control plane believes. */
  known: "reachable" | "unreachable";
  /** When the present silence began: the host went down, or was cut off. Meaningless while it is heard. */
  silentSince: Micros;
  /** Moment of its lease renewal within a heartbeat. */
  leasePhase: Micros;
  /** What brought its present trouble about. */
  root: number;
  slowRoot: number;
  freeMillicores: number;
  freeBytes: number;
  /** Containers that hold resources here, by id, ascending. */
  containers: number[];
  /** Images whose layers are here. */
  cached: string[];
  pulls: Pull[];
  /** Time up to which the pulls' remaining bytes are true. */
  pulledAt: Micros;
}

/** One image on its way to one host; every container that waits for it. */
export interface Pull {
  readonly image: string;
  remainingBytes: number;
  waiting: number[];
}

export function newHost(id: number, spec: HostSpec, leasePhase: Micros): Host {
  return {
    id,
    spec,
    downs: 0,
    controlCuts: 0,
    clientCuts: 0,
    slowFactors: [],
    cordoned: false,
    known: "reachable",
    silentSince: 0,
    leasePhase,
    root: 0,
    slowRoot: 0,
    freeMillicores: spec.cpuMillicores,
    freeBytes: spec.memoryBytes,
    containers: [],
    cached: [],
    pulls: [],
    pulledAt: 0,
  };
}

export function isUp(host: Host): boolean {
  return host.downs === 0;
}

/** True when the control plane hears it: up, and not cut off. */
export function isHeard(host: Host): boolean {
  return host.downs === 0 && host.controlCuts === 0;
}

/** True when a client's packet reaches it. */
export function isReachable(host: Host): boolean {
  return host.downs === 0 && host.clientCuts === 0;
}

/** How many times longer service and start-up take here. */
export function slownessOf(host: Host): number {
  let factor = 1;
  for (const slow of host.slowFactors) factor *= slow;
  return factor;
}
