import type { Cluster } from "../cluster/cluster.ts";
import { type Container, NOWHERE } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Host } from "../cluster/hosts.ts";
import { type Micros, toSeconds } from "../kernel/time.ts";
import type { ContainerLane, ContainerState, EventMark, HostLane, StateStep } from "./result.ts";

/** What happened when, for charts: plain data. Long runs are cut, and say so. */
export interface ChronicleState {
  /** By service: how many containers of each release are in each state, at each change. */
  steps: { at: Micros; release: number; state: ContainerState; count: number }[][];
  /** By service, by `release/state`: the latest count. */
  counts: Map<string, number>[];
  wanted: { at: Micros; replicas: number }[][];
  /** By container id: its state now; and its phases on its host, where they are kept. */
  states: ContainerState[];
  lanes: Map<number, { state: ContainerState; start: Micros; end: Micros }[]>;
  laneIds: number[];
  phases: number;
  hosts: Map<number, { kind: HostTrouble; start: Micros; end: Micros }[]>;
  marks: EventMark[];
  truncated: boolean;
}

type HostTrouble = "down" | "partitioned" | "slow" | "unreachable";

const MOST_STEPS = 8000;
const MOST_LANES = 600;
const MOST_PHASES = 12_000;
const MOST_MARKS = 400;
/** Still under way. */
const OPEN = -1;

/** Listens to everything and writes it down. Changes nothing but its own rows. */
export class Chronicle {
  readonly state: ChronicleState;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const services = cluster.scenario.services;
    this.state = {
      steps: services.map(() => []),
      counts: services.map(() => new Map()),
      wanted: services.map((spec) => [{ at: 0, replicas: spec.replicas }]),
      states: [],
      lanes: new Map(),
      laneIds: [],
      phases: 0,
      hosts: new Map(),
      marks: [],
      truncated: false,
    };
  }

  hear(fact: Fact, now: Micros): void {
    switch (fact.kind) {
      case "container-created":
      case "container-phase":
      case "container-ready":
      case "container-unready":
        this.#container(fact.container, now);
        return;
      case "replicas-changed":
        this.state.wanted[fact.service.id]?.push({ at: now, replicas: fact.service.replicas });
        return;
      case "host-down":
      case "host-up":
      case "host-cut":
      case "host-mended":
      case "host-slow":
      case "host-unreachable":
      case "host-reachable":
        this.#host(fact.host, now);
        return;
      default:
        return;
    }
  }

  /** A moment worth a mark on the time axis. */
  mark(mark: EventMark): void {
    if (this.state.marks.length < MOST_MARKS) this.state.marks.push(mark);
    else this.state.truncated = true;
  }

  stepsOf(service: number): StateStep[] {
    const nameOf = (release: number) => this.#cluster.release(release).image.name;
    return (this.state.steps[service] ?? []).map(({ at, release, state, count }) => ({
      atS: toSeconds(at),
      version: nameOf(release),
      state,
      count,
    }));
  }

  lanes(now: Micros): ContainerLane[] {
    return this.state.laneIds.map((id) => {
      const container = this.#cluster.container(id);
      return {
        container: container.name,
        service: this.#cluster.service(container.service).spec.name,
        version: this.#cluster.release(container.release).image.name,
        host: this.#cluster.host(container.host).spec.name,
        phases: (this.state.lanes.get(id) ?? []).map(({ state, start, end }) => ({
          state,
          startS: toSeconds(start),
          endS: toSeconds(end === OPEN ? now : end),
        })),
      };
    });
  }

  hostLanes(now: Micros): HostLane[] {
    return this.#cluster.state.hosts.slice(0, MOST_LANES).map((host) => ({
      host: host.spec.name,
      zone: host.spec.zone,
      troubles: (this.state.hosts.get(host.id) ?? []).map(({ kind, start, end }) => ({
        kind,
        startS: toSeconds(start),
        endS: toSeconds(end === OPEN ? now : end),
      })),
    }));
  }

  #container(container: Container, now: Micros): void {
    const { state } = this;
    const next = stateOf(container);
    const before = state.states[container.id];
    if (before === next) return;
    state.states[container.id] = next;
    if (before !== undefined) this.#step(container, before, -1, now);
    if (next !== "gone") this.#step(container, next, 1, now);
    if (container.host !== NOWHERE) this.#lane(container, next, now);
  }

  #step(container: Container, state: ContainerState, change: 1 | -1, now: Micros): void {
    const counts = this.state.counts[container.service] as Map<string, number>;
    const key = `${container.release}/${state}`;
    const count = (counts.get(key) ?? 0) + change;
    counts.set(key, count);
    const steps = this.state.steps[container.service] ?? [];
    if (steps.length < MOST_STEPS) steps.push({ at: now, release: container.release, state, count });
    else this.state.truncated = true;
  }

  #lane(container: Container, next: ContainerState, now: Micros): void {
    const { state } = this;
    let lane = state.lanes.get(container.id);
    if (lane === undefined) {
      if (state.laneIds.length >= MOST_LANES || next === "gone") {
        state.truncated ||= next !== "gone";
        return;
      }
      lane = [];
      state.lanes.set(container.id, lane);
      state.laneIds.push(container.id);
    }
    const last = lane.at(-1);
    if (last !== undefined && last.end === OPEN) last.end = now;
    if (next === "gone") return;
    if (state.phases++ < MOST_PHASES) lane.push({ state: next, start: now, end: OPEN });
    else state.truncated = true;
  }

  #host(host: Host, now: Micros): void {
    let rows = this.state.hosts.get(host.id);
    if (rows === undefined) {
      rows = [];
      this.state.hosts.set(host.id, rows);
    }
    const troubles: Record<HostTrouble, boolean> = {
      down: host.downs > 0,
      partitioned: host.downs === 0 && (host.controlCuts > 0 || host.clientCuts > 0),
      slow: host.slowFactors.length > 0,
      unreachable: host.known === "unreachable",
    };
    for (const kind of ["down", "partitioned", "slow", "unreachable"] as const) {
      const open = rows.find((row) => row.kind === kind && row.end === OPEN);
      if (troubles[kind] && open === undefined) {
        if (rows.length < MOST_PHASES) rows.push({ kind, start: now, end: OPEN });
        else this.state.truncated = true;
      }
      if (!troubles[kind] && open !== undefined) open.end = now;
    }
  }
}

function stateOf(container: Container): ContainerState {
  if (container.phase !== "running") return container.phase;
  if (container.ready) return "ready";
  return container.everReady ? "unready" : "running";
}
