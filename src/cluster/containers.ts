import type { Micros } from "../kernel/time.ts";

/**
 * Where a container stands. `running` is up but not yet ready; readiness itself is a flag beside.
 *
 * `crashed` waits for somebody to start it again (`backoff` for the host's agent, with a time set).
 */
export type Phase =
  | "pending"
  | "assigned"
  | "pulling"
  | "starting"
  | "running"
  | "backoff"
  | "crashed"
  | "terminating"
  | "gone";

export type ProbeKind = "readiness" | "liveness" | "startup";

/** Where one probe of one process stands: plain data. */
export interface ProbeRun {
  /** When it asks first; from then on every period. */
  firstAt: Micros;
  /** The next time that is an event, to cancel it; −1: nothing can change, and it is not simulated one by one. */
  handle: number;
  /** Missed in a row, and passed in a row. */
  misses: number;
  passes: number;
}

/** No host yet. */
export const NOWHERE = -1;
/** A time that has not come. */
export const NEVER: Micros = -1;

export interface Container {
  readonly id: number;
  readonly name: string;
  readonly service: number;
  readonly release: number;
  readonly createdAt: Micros;
  /** Its place in a StatefulSet, from 0; −1: it has none. */
  readonly ordinal: number;
  /** The only host it may run on (of a DaemonSet); NOWHERE: any will do. */
  readonly pinned: number;
  host: number;
  phase: Phase;
  /** Counts up with every change of phase, so that an event meant for an earlier one is recognised. */
  epoch: number;
  /** The probe passes: what its host knows. */
  probed: boolean;
  /** The readiness that the control plane was told of; stale while its host is not heard. */
  ready: boolean;
  everReady: boolean;
  readySince: Micros;
  assignedAt: Micros;
  startedAt: Micros;
  restarts: number;
  /** Restarts without ten good minutes between: sets the back-off. */
  backoffs: number;
  /** How long it waits in the present back-off; 0: it starts again at once. */
  backoff: Micros;
  /** When its latest process ended; NEVER: none has. */
  endedAt: Micros;
  /** Failed pulls in a row. */
  pullFailures: number;
  /** Its process answers: start-up is over and no SIGTERM has come. */
  answers: boolean;
  /** SIGTERM has come. */
  stopping: boolean;
  /** The control plane wants it gone (`deletionTimestamp`). Its host may not know yet. */
  deleted: boolean;
  deletedAt: Micros;
  /** When its present process began to exist; it answers only after start-up. */
  processAt: Micros;
  /** Its startup probe has passed since then, or it has none: the other probes may ask. */
  started: boolean;
  /** Its process hangs: alive, and answering nobody. */
  hung: boolean;
  /** Its host is stopping it for a failed probe, to start it again. */
  condemned: boolean;
  /** Of its present process, by kind; a probe that has not begun has none. */
  probes: Record<ProbeKind, ProbeRun | undefined>;
  /** What brought its present trouble, or its end, about. */
  root: number;
}

/** None has begun. Every kind has its key, so that all are one kind of object to V8. */
export function noProbes(): Record<ProbeKind, ProbeRun | undefined> {
  return { readiness: undefined, liveness: undefined, startup: undefined };
}

export function newContainer(part: {
  id: number;
  name: string;
  service: number;
  release: number;
  createdAt: Micros;
  root: number;
  ordinal?: number;
  pinned?: number;
}): Container {
  // Key by key: a spread among keys is a slow path of V8, and containers are made by the thousand.
  return {
    ordinal: part.ordinal ?? -1,
    pinned: part.pinned ?? NOWHERE,
    id: part.id,
    name: part.name,
    service: part.service,
    release: part.release,
    createdAt: part.createdAt,
    root: part.root,
    host: NOWHERE,
    phase: "pending",
    epoch: 0,
    probed: false,
    ready: false,
    everReady: false,
    readySince: 0,
    assignedAt: 0,
    startedAt: 0,
    restarts: 0,
    backoffs: 0,
    backoff: 0,
    endedAt: NEVER,
    pullFailures: 0,
    answers: false,
    stopping: false,
    deleted: false,
    deletedAt: 0,
    processAt: 0,
    started: true,
    hung: false,
    condemned: false,
    probes: noProbes(),
  };
}

/** True while it counts as a replica: neither deleted nor gone. */
export function isActive(container: Container): boolean {
  return !container.deleted && container.phase !== "gone";
}

/** True while it has a process that could serve: start-up over, alive. */
export function isAlive(container: Container): boolean {
  return container.phase === "running" || (container.phase === "terminating" && container.answers);
}

/** True when it has been ready without a break for `minReady`. */
export function isAvailable(container: Container, now: Micros, minReady: Micros): boolean {
  return container.ready && !container.deleted && now - container.readySince >= minReady;
}
