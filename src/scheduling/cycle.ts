import type { Cluster } from "../cluster/cluster.ts";
import { type Container, NOWHERE } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { BudgetView } from "../cluster/policies.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { PluginError } from "../kernel/errors.ts";
import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { askGuarded, checkVictims } from "./askGuarded.ts";
import {
  type PlacedContainer,
  type PlacementRequest,
  type QueueRules,
  type Scheduler,
  type Snapshot,
  summarise,
  summariseEvictions,
  type Verdict,
} from "./framework.ts";
import { Placements } from "./placements.ts";

/** Of a scheduler that says nothing of its queue: every wait ends to the point. */
const PLAIN_QUEUE: QueueRules = {
  firstBackoff: SECOND,
  longestBackoff: 10 * SECOND,
  backoffTick: 0,
  flushTick: 0,
  isOrderedByLastTry: false,
};
/** However little changes, an unschedulable container is tried again after this (kube-scheduler, scheduling_queue.go). */
const FLUSH_AFTER = 5 * MINUTE;

/** Facts after which something that did not fit may fit. */
const HELPFUL: ReadonlySet<Fact["kind"]> = new Set([
  "resources-freed",
  "host-up",
  "host-reachable",
  "host-uncordoned",
  "container-deleted",
]);

/** Containers that wait for a place: plain rows. Each is in one of `waiting`, `parked` and `stirred`, or in none. */
export interface SchedulingState {
  /** Ready to be tried, by priority, then by when they came in (Kubernetes: activeQ, PrioritySort). */
  waiting: number[];
  /** Found no place, and nothing has changed since that could help: by container, when their back-off ends. */
  parked: Map<number, Micros>;
  /** Found no place, but something has changed: tried again when their back-off ends. */
  stirred: Map<number, Micros>;
  /** Failed tries, by container. */
  attempts: Map<number, number>;
  /** When it was tried last, by container: kept only where the queue is ordered by it. */
  triedAt: Map<number, Micros>;
  /** Room is being made for these: host id by container. */
  nominated: Map<number, number>;
  /** Containers that were asked to go for another, until they are gone. */
  victims: Set<number>;
  /** What the scheduler keeps from one placement to the next. */
  memory: number;
  /** A placement is under way. */
  busy: boolean;
  /** The time of the earliest wake-up that is scheduled; −1: none. */
  wakeAt: Micros;
}

/** The story of one placement after another: take the first that waits, ask the scheduler, bind or park. */
export class SchedulingCycle {
  state: SchedulingState = {
    waiting: [],
    parked: new Map(),
    stirred: new Map(),
    attempts: new Map(),
    triedAt: new Map(),
    nominated: new Map(),
    victims: new Set(),
    memory: 0,
    busy: false,
    wakeAt: -1,
  };
  readonly #cluster: Cluster;
  readonly #scheduler: Scheduler;
  readonly #queue: QueueRules;
  readonly #place: EventKind;
  readonly #wake: EventKind;
  readonly #flush: EventKind;
  readonly #placements: Placements;
  /** The disruption budgets as they stand. Set by those who know. */
  budgets: () => readonly BudgetView[] = () => [];

  constructor(cluster: Cluster, scheduler: Scheduler) {
    this.#cluster = cluster;
    this.#scheduler = scheduler;
    this.#queue = scheduler.queue ?? PLAIN_QUEUE;
    this.#placements = new Placements(cluster);
    this.#place = cluster.engine.define("placement", BAND.control, () => this.#placeNext());
    this.#wake = cluster.engine.define("scheduler-wake", BAND.control, () => this.#wakeDue());
    this.#flush = cluster.engine.define("scheduler-flush", BAND.control, (id, attempts) =>
      this.#flushOne(id, attempts),
    );
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** After the state was put back. */
  rebind(): void {
    this.#placements.forget();
  }

  /** Places what waits, at once: how a service that runs from the start got where it is. What comes too early is not tried. */
  settle(isTooEarly: (container: Container) => boolean = () => false): void {
    for (let next = this.#takeFirst(); next !== undefined; next = this.#takeFirst()) {
      if (!isTooEarly(next)) this.#try(next);
    }
  }

  #hear(fact: Fact): void {
    if (fact.kind === "container-created") {
      if (this.#scheduler.accepts?.(this.#serviceOf(fact.container.id)) !== false) this.#enqueue(fact.container.id);
      return;
    }
    if (fact.kind === "container-phase" && fact.container.phase === "gone") this.#forget(fact.container.id);
    if (fact.kind === "control-plane" && fact.up) this.#begin();
    if (this.state.parked.size === 0) return;
    if (HELPFUL.has(fact.kind)) this.#stir(() => true);
    const helped = this.#scheduler.isHelpedByPlacement;
    if (helped === undefined || fact.kind !== "container-phase" || fact.container.phase !== "assigned") return;
    this.#stir((id) => helped(this.#serviceOf(id)));
  }

  /** One that waits for its turn is passed over then. */
  #forget(id: number): void {
    this.state.parked.delete(id);
    this.state.stirred.delete(id);
    this.state.attempts.delete(id);
    this.state.triedAt.delete(id);
    this.state.nominated.delete(id);
    this.state.victims.delete(id);
  }

  #serviceOf(id: number) {
    return this.#cluster.service(this.#cluster.container(id).service).spec;
  }

  #enqueue(id: number): void {
    const { waiting } = this.state;
    let at = waiting.length;
    while (at > 0 && this.#goesBefore(id, waiting[at - 1] as number)) at--;
    waiting.splice(at, 0, id);
    this.#begin();
  }

  #goesBefore(id: number, other: number): boolean {
    const difference = this.#serviceOf(id).priority - this.#serviceOf(other).priority;
    return difference > 0 || (difference === 0 && this.#inQueueSince(id) < this.#inQueueSince(other));
  }

  /** Where the last try does not count, all are alike, and the later one goes behind. */
  #inQueueSince(id: number): Micros {
    if (!this.#queue.isOrderedByLastTry) return 0;
    return this.state.triedAt.get(id) ?? this.#cluster.container(id).createdAt;
  }

  #begin(): void {
    if (this.state.busy || this.state.waiting.length === 0 || !this.#cluster.controlPlaneUp()) return;
    this.state.busy = true;
    this.#cluster.engine.after(this.#cluster.scenario.cluster.control.scheduling, this.#place);
  }

  #placeNext(): void {
    this.state.busy = false;
    if (!this.#cluster.controlPlaneUp()) return;
    const first = this.#takeFirst();
    if (first !== undefined) this.#try(first);
    this.#begin();
  }

  #try(container: Container): void {
    const verdict = container.pinned === NOWHERE ? this.#ask(container) : this.#onItsHost(container);
    if (verdict.kind === "fits") {
      this.state.attempts.delete(container.id);
      this.state.triedAt.delete(container.id);
      this.state.nominated.delete(container.id);
      this.#cluster.bind(container, this.#cluster.host(verdict.host));
      return;
    }
    if (verdict.kind === "preempt") this.#makeRoom(container, verdict);
    this.#park(container);
    const reasons = summarise(verdict.refusals);
    const preemption = summariseEvictions(verdict);
    this.#cluster.announce({ kind: "container-unschedulable", container, reasons, preemption });
  }

  /** Victims end gracefully; the container is tried again when they are gone (Kubernetes, Pod Priority page). */
  #makeRoom(container: Container, { host, victims }: Extract<Verdict, { kind: "preempt" }>): void {
    this.state.nominated.set(container.id, host);
    for (const id of victims) {
      const victim = this.#cluster.container(id);
      this.state.victims.add(id);
      this.#cluster.deleteContainer(victim, container.root, `preempted by ${container.name}`);
    }
  }

  /** The first that still wants a place: others were deleted while they waited. */
  #takeFirst(): Container | undefined {
    for (;;) {
      const id = this.state.waiting.shift();
      if (id === undefined) return undefined;
      const container = this.#cluster.container(id);
      if (container.phase === "pending") return container;
    }
  }

  #ask(container: Container): Verdict {
    const snapshot = this.#snapshot();
    const random = this.#cluster.streams.named("scheduler");
    const request = this.#requestOf(container);
    this.#scheduler.memory?.set(this.state.memory);
    const verdict = askGuarded(this.#scheduler, request, snapshot, () => random.next());
    this.state.memory = this.#scheduler.memory?.get() ?? 0;
    if (verdict.kind === "fits") this.#check(verdict.host, request);
    if (verdict.kind === "preempt") checkVictims(this.#cluster, this.#scheduler.name, verdict);
    return verdict;
  }

  /** A scheduler from outside may name a host that does not exist, or has no room: that is its fault, and told as such. */
  #check(id: number, { service, container }: PlacementRequest): void {
    const host = this.#cluster.state.hosts[id];
    const scheduler = `scheduler "${this.#scheduler.name}"`;
    if (host === undefined)
      throw new PluginError(`${scheduler} placed ${container} on host number ${id}, which does not exist`);
    const full = host.containers.length >= host.spec.podLimit;
    if (full || host.freeMillicores < service.cpuMillicores || host.freeBytes < service.memoryBytes) {
      throw new PluginError(`${scheduler} placed ${container} on ${host.spec.name}, which has no room for it`);
    }
  }

  /** Made for one host by a DaemonSet: there, or nowhere; a cordon does not keep it out (Kubernetes, DaemonSet page). */
  #onItsHost(container: Container): Verdict {
    const host = this.#cluster.host(container.pinned);
    const { cpuMillicores, memoryBytes } = this.#cluster.service(container.service).spec;
    const reason =
      (host.known === "unreachable" && "host(s) were unreachable") ||
      (host.containers.length >= host.spec.podLimit && "Too many pods") ||
      (host.freeMillicores < cpuMillicores && "Insufficient cpu") ||
      (host.freeBytes < memoryBytes && "Insufficient memory");
    if (!reason) return { kind: "fits", host: host.id, scores: [] };
    return { kind: "unschedulable", refusals: [{ host: host.spec.name, plugin: "daemon", reason }] };
  }

  #requestOf(container: Container): PlacementRequest {
    const { image } = this.#cluster.release(container.release);
    return {
      id: container.id,
      container: container.name,
      service: this.#cluster.service(container.service).spec,
      image: image.name,
      imageBytes: image.sizeBytes,
    };
  }

  #snapshot(): Snapshot {
    return {
      hosts: this.#cluster.state.hosts,
      countsOf: (name) => this.#placements.countsOf(this.#cluster.serviceNamed(name).id),
      placed: (host) => this.#cluster.host(host).containers.map((id) => this.#placed(id)),
      placedVersion: (host) => this.#placements.versionOf(host),
      nominated: this.state.nominated,
      waiting: (id) => (this.#cluster.container(id).phase === "pending" ? this.#placed(id) : undefined),
      services: this.#cluster.scenario.services,
      imageBytes: (name) => this.#cluster.scenario.images.find((image) => image.name === name)?.sizeBytes ?? 0,
      budgets: () => this.budgets(),
    };
  }

  #placed(id: number): PlacedContainer {
    const container = this.#cluster.container(id);
    return {
      id,
      name: container.name,
      service: this.#cluster.service(container.service).spec,
      image: this.#cluster.release(container.release).image.name,
      isTerminating: container.deleted,
      isVictim: this.state.victims.has(id),
      startedAt:
        container.startedAt === 0 && container.phase !== "running" ? Number.POSITIVE_INFINITY : container.startedAt,
    };
  }

  #park({ id }: Container): void {
    const { now } = this.#cluster;
    const { firstBackoff, longestBackoff, flushTick, isOrderedByLastTry } = this.#queue;
    const attempts = (this.state.attempts.get(id) ?? 0) + 1;
    this.state.attempts.set(id, attempts);
    if (isOrderedByLastTry) this.state.triedAt.set(id, now);
    this.state.parked.set(id, now + Math.min(longestBackoff, firstBackoff * 2 ** Math.min(attempts - 1, 31)));
    const flushAt = now + FLUSH_AFTER;
    // Who looks every so often finds it at the first look after that.
    const lookAt = flushTick === 0 ? flushAt : (Math.floor(flushAt / flushTick) + 1) * flushTick;
    this.#cluster.engine.at(lookAt, this.#flush, id, attempts);
  }

  #flushOne(id: number, attempts: number): void {
    const notBefore = this.state.parked.get(id);
    if (notBefore === undefined || this.state.attempts.get(id) !== attempts) return;
    if (notBefore > this.#cluster.now) {
      this.#stir((one) => one === id);
      return;
    }
    this.state.parked.delete(id);
    this.#enqueue(id);
  }

  /** Something has changed that could help those: they are tried when their back-off is over. */
  #stir(concerns: (id: number) => boolean): void {
    for (const [id, notBefore] of this.state.parked) {
      if (!concerns(id)) continue;
      this.state.parked.delete(id);
      this.state.stirred.set(id, this.#backoffEnd(notBefore));
    }
    this.#scheduleWake();
  }

  #backoffEnd(notBefore: Micros): Micros {
    const { backoffTick } = this.#queue;
    if (notBefore <= this.#cluster.now || backoffTick === 0) return notBefore;
    return Math.ceil(notBefore / backoffTick) * backoffTick;
  }

  #scheduleWake(): void {
    const { now } = this.#cluster;
    let earliest = Number.POSITIVE_INFINITY;
    for (const notBefore of this.state.stirred.values()) earliest = Math.min(earliest, notBefore);
    const at = Math.max(now, earliest);
    if (at === Number.POSITIVE_INFINITY || (this.state.wakeAt >= now && this.state.wakeAt <= at)) return;
    this.state.wakeAt = at;
    this.#cluster.engine.at(at, this.#wake);
  }

  #wakeDue(): void {
    const { now } = this.#cluster;
    if (this.state.wakeAt === now) this.state.wakeAt = -1;
    for (const [id, notBefore] of this.state.stirred) {
      if (notBefore > now) continue;
      this.state.stirred.delete(id);
      this.#enqueue(id);
    }
    this.#scheduleWake();
  }
}
