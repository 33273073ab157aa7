import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { PluginError } from "../kernel/errors.ts";
import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { type PlacementRequest, type Scheduler, type Snapshot, summarise, type Verdict } from "./framework.ts";

const FIRST_BACKOFF = SECOND;
const LONGEST_BACKOFF = 10 * SECOND;
/** However little changes, an unschedulable container is tried again after this (kube-scheduler, scheduling_queue.go). */
const FLUSH_AFTER = 5 * MINUTE;

/** Facts after which something that did not fit may fit. */
const HELPFUL: ReadonlySet<Fact["kind"]> = new Set([
  "resources-freed",
  "host-up",
  "host-reachable",
  "container-deleted",
]);

/** Containers that wait for a place: plain rows. */
export interface SchedulingState {
  /** Ready to be tried, by priority, then age. */
  waiting: number[];
  /** Found no place; tried again at a change, but not before `notBefore`. */
  parked: { id: number; attempts: number; notBefore: Micros }[];
  attempts: Record<number, number>;
  /** A placement is under way. */
  busy: boolean;
  /** The time of the earliest wake-up that is scheduled. */
  wakeAt: Micros;
}

/** The story of one placement after another: take the first that waits, ask the scheduler, bind or park. */
export class SchedulingCycle {
  state: SchedulingState = { waiting: [], parked: [], attempts: {}, busy: false, wakeAt: -1 };
  readonly #cluster: Cluster;
  readonly #scheduler: Scheduler;
  readonly #place: EventKind;
  readonly #wake: EventKind;

  constructor(cluster: Cluster, scheduler: Scheduler) {
    this.#cluster = cluster;
    this.#scheduler = scheduler;
    this.#place = cluster.engine.define("placement", BAND.control, () => this.#placeNext());
    this.#wake = cluster.engine.define("scheduler-wake", BAND.control, () => this.#wakeParked());
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Places everything that waits, at once: how a service that runs from the start got where it is. */
  settle(): void {
    while (this.state.waiting.length > 0) this.#tryFirst();
  }

  #hear(fact: Fact): void {
    if (fact.kind === "container-created") {
      this.#enqueue(fact.container.id);
      return;
    }
    if (fact.kind === "control-plane" && fact.up) this.#begin();
    if (HELPFUL.has(fact.kind) && this.state.parked.length > 0) this.#wakeLater();
  }

  #enqueue(id: number): void {
    const { waiting } = this.state;
    const priority = (one: number) => this.#cluster.service(this.#cluster.container(one).service).spec.priority;
    let at = waiting.length;
    while (at > 0 && priority(waiting[at - 1] as number) < priority(id)) at--;
    waiting.splice(at, 0, id);
    this.#begin();
  }

  #begin(): void {
    if (this.state.busy || this.state.waiting.length === 0 || !this.#cluster.controlPlaneUp()) return;
    this.state.busy = true;
    this.#cluster.engine.after(this.#cluster.scenario.cluster.control.scheduling, this.#place);
  }

  #placeNext(): void {
    this.state.busy = false;
    if (!this.#cluster.controlPlaneUp()) return;
    this.#tryFirst();
    this.#begin();
  }

  #tryFirst(): void {
    const id = this.state.waiting.shift();
    if (id === undefined) return;
    const container = this.#cluster.container(id);
    if (container.phase !== "pending") return;
    const verdict = this.#ask(container);
    if (verdict.kind === "fits") {
      delete this.state.attempts[id];
      this.#cluster.bind(container, this.#cluster.host(verdict.host));
      return;
    }
    this.#park(container);
    this.#cluster.announce({ kind: "container-unschedulable", container, reasons: summarise(verdict.refusals) });
  }

  #ask(container: Container): Verdict {
    const snapshot = this.#snapshot();
    const random = this.#cluster.streams.named("scheduler");
    const request = this.#requestOf(container);
    const verdict = this.#scheduler.place(request, snapshot, () => random.next());
    if (verdict.kind === "fits") this.#check(verdict.host, request);
    return verdict;
  }

  /** A scheduler from outside may name a host that does not exist, or has no room: that is its fault, and told as such. */
  #check(id: number, { service, container }: PlacementRequest): void {
    const host = this.#cluster.state.hosts[id];
    const scheduler = `scheduler "${this.#scheduler.name}"`;
    if (host === undefined)
      throw new PluginError(`${scheduler} placed ${container} on host number ${id}, which does not exist`);
    if (host.freeMillicores < service.cpuMillicores || host.freeBytes < service.memoryBytes) {
      throw new PluginError(`${scheduler} placed ${container} on ${host.spec.name}, which has no room for it`);
    }
  }

  #requestOf(container: Container): PlacementRequest {
    const { image } = this.#cluster.release(container.release);
    return {
      container: container.name,
      service: this.#cluster.service(container.service).spec,
      image: image.name,
      imageBytes: image.sizeBytes,
    };
  }

  #snapshot(): Snapshot {
    return {
      hosts: this.#cluster.state.hosts,
      countsOf: (name) => {
        const counts = new Map<number, number>();
        for (const release of this.#cluster.serviceNamed(name).releases) {
          for (const container of this.#cluster.membersOf(release)) {
            if (!isActive(container) || container.host < 0) continue;
            counts.set(container.host, (counts.get(container.host) ?? 0) + 1);
          }
        }
        return counts;
      },
    };
  }

  #park(container: Container): void {
    const attempts = (this.state.attempts[container.id] ?? 0) + 1;
    this.state.attempts[container.id] = attempts;
    const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(attempts - 1, 10));
    this.state.parked.push({ id: container.id, attempts, notBefore: this.#cluster.now + backoff });
    this.#cluster.engine.after(FLUSH_AFTER, this.#wake);
  }

  #wakeLater(): void {
    const earliest = Math.min(...this.state.parked.map((row) => row.notBefore));
    const at = Math.max(this.#cluster.now, earliest);
    if (this.state.wakeAt === at) return;
    this.state.wakeAt = at;
    this.#cluster.engine.at(at, this.#wake);
  }

  #wakeParked(): void {
    const now = this.#cluster.now;
    const due = this.state.parked.filter((row) => row.notBefore <= now);
    this.state.parked = this.state.parked.filter((row) => row.notBefore > now);
    this.state.wakeAt = -1;
    for (const row of due) if (this.#cluster.container(row.id).phase === "pending") this.#enqueue(row.id);
    if (this.state.parked.length > 0) this.#wakeLater();
  }
}
