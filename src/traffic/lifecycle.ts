import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { MILLISECOND, type Micros } from "../kernel/time.ts";
import type { Demand } from "./demand.ts";
import { CAUSE, NO_RELEASE, type TrafficObserver } from "./observer.ts";
import type { Pickable } from "./pickable.ts";
import { Policies } from "./policies.ts";
import { rootOfPressure } from "./pressure.ts";
import { freeRow, NONE, openRow, openTwin, STAGE } from "./requests.ts";
import { Retries } from "./retries.ts";
import { CONDITION, enqueue, leaveQueue, type Server, startServing, stopServing } from "./servers.ts";
import { TimeOuts } from "./timeOuts.ts";
import { nextView, type ServiceTraffic, type TrafficState } from "./trafficState.ts";
import { meter } from "./usage.ts";
import { type PickStreams, pick, type View } from "./views.ts";

/** What a client does when its request is over, if it is one of a closed loop. */
export type UserDone = (service: number, user: number, at: Micros) => void;

/**
 * The story of a request: arrive, be sent, meet the container, wait, be served, be answered; or fail, and be tried again.
 * A row belongs to one attempt of one request. A row whose client has left (`abandoned`) stays until its container is done with
 * it. Every end of an attempt moves the row's generation on, so that what was scheduled for it no longer fits.
 */
export class Lifecycle {
  readonly #cluster: Cluster;
  readonly #agent: NodeAgent;
  readonly #state: TrafficState;
  readonly #pickable: Pickable;
  readonly #observer: TrafficObserver;
  readonly #policies: Policies;
  readonly #streams: readonly PickStreams[];
  readonly #reach: EventKind;
  readonly #finish: EventKind;
  readonly #failing: EventKind;
  readonly #retry: EventKind;
  readonly #retries: Retries;
  readonly #timeOuts: TimeOuts;
  /** Told when a closed-loop user's request is over. */
  userDone: UserDone = () => undefined;

  constructor(parts: {
    cluster: Cluster;
    agent: NodeAgent;
    state: TrafficState;
    pickable: Pickable;
    observer: TrafficObserver;
  }) {
    this.#cluster = parts.cluster;
    this.#agent = parts.agent;
    this.#state = parts.state;
    this.#pickable = parts.pickable;
    this.#observer = parts.observer;
    const { engine, scenario, streams } = parts.cluster;
    this.#policies = new Policies(scenario);
    this.#retries = new Retries(parts.cluster, parts.state, this.#policies);
    this.#streams = scenario.services.map((spec) => ({
      split: streams.named(`split/${spec.name}`),
      choice: streams.named(`balancer/${spec.name}`),
    }));
    const onAttempt = (name: string, act: (row: number) => void): EventKind =>
      engine.define(name, BAND.traffic, (row, generation) => {
        if (this.#state.columns.generation[row] === generation) act(row);
      });
    this.#reach = onAttempt("request-reaches", (row) => this.#meet(row));
    this.#finish = onAttempt("request-served", (row) => this.#served(row));
    this.#failing = onAttempt("request-fails", (row) => this.#fail(row));
    this.#retry = onAttempt("request-retried", (row) => this.#send(row));
    this.#timeOuts = new TimeOuts(engine, parts.state, (row) => this.#timeOut(row));
  }

  /** A user's request begins. */
  arrive(service: number, demand: Demand): void {
    const { columns } = this.#state;
    const { now } = this.#cluster.engine;
    const row = openRow(columns, service, now);
    columns.demand[row] = demand.service;
    columns.errorQuantile[row] = demand.error;
    columns.user[row] = demand.user;
    this.#retries.earn(service);
    this.#observer.arrived(service, now);
    this.#send(row);
  }

  /** The container's process is gone: whatever was inside is lost. `silently`: nobody resets the connections. */
  cutOff(server: Server, root: number, silently: boolean): void {
    const { columns } = this.#state;
    const rows: number[] = [];
    for (let row = server.servedHead; row !== NONE; row = columns.next[row] as number) rows.push(row);
    for (let row = server.queueHead; row !== NONE; row = columns.next[row] as number) rows.push(row);
    if (rows.length === 0) return;
    const { busy } = server;
    server.servedHead = NONE;
    server.queueHead = NONE;
    server.queueTail = NONE;
    server.busy = 0;
    server.queued = 0;
    this.#countBusy(server, -busy);
    for (const row of rows) {
      if (columns.abandoned[row] === 1) {
        freeRow(columns, row);
        continue;
      }
      columns.cause[row] = CAUSE.cutOff;
      columns.root[row] = root;
      this.#hang(row, silently ? undefined : this.#policies.of(server.service).network);
    }
  }

  #send(row: number): void {
    const { columns } = this.#state;
    const { engine } = this.#cluster;
    const service = columns.service[row] as number;
    const traffic = this.#state.services[service] as ServiceTraffic;
    const policy = this.#policies.of(service);
    const view = nextView(traffic);
    const attempt = (columns.attempt[row] as number) + 1;
    columns.attempt[row] = attempt;
    columns.sentAt[row] = engine.now;
    columns.view[row] = view.index;
    traffic.sent++;
    this.#observer.attempted(service, columns.arrivedAt[row] as number, attempt > 1);
    const container = pick(view, policy.routing, this.#streams[service] as PickStreams);
    columns.server[row] = container;
    if (container === NONE) {
      columns.cause[row] = CAUSE.noEndpoints;
      columns.root[row] = view.lossRoot;
      this.#fail(row);
      return;
    }
    if (policy.countsOutstanding) view.outstanding[container] = (view.outstanding[container] ?? 0) + 1;
    columns.stage[row] = STAGE.travelling;
    this.#timeOuts.add(service, row, engine.now + policy.timeout);
    if (policy.network === 0) this.#meet(row);
    else engine.after(policy.network, this.#reach, row, columns.generation[row] as number);
  }

  #meet(row: number): void {
    const { columns } = this.#state;
    const server = this.#state.servers[columns.server[row] as number] as Server;
    if (server.reachable && server.condition === CONDITION.answers) {
      columns.cameAt[row] = this.#cluster.engine.now;
      server.met++;
      if (server.busy < server.slots) this.#begin(row, server);
      else if (server.queued < server.queueLimit) enqueue(columns, server, row);
      else this.#refuse(row, CAUSE.queueFull, this.#pressureOn(row, server));
      return;
    }
    const container = this.#cluster.container(server.container);
    if (!server.reachable) {
      columns.cause[row] = CAUSE.hostDown;
      columns.root[row] = this.#cluster.host(container.host).root;
      this.#hang(row, this.#policies.of(server.service).connectTimeout - this.#policies.of(server.service).network);
      return;
    }
    if (server.condition === CONDITION.hung) {
      this.#taken(row, server, container.root);
      return;
    }
    const cause =
      server.condition === CONDITION.stopping
        ? CAUSE.terminating
        : server.condition === CONDITION.notReady
          ? CAUSE.notReady
          : CAUSE.connectionRefused;
    this.#refuse(row, cause, container.root);
  }

  /** A process that hangs still lets requests in, as far as its queue goes; of the rest nothing is heard either. */
  #taken(row: number, server: Server, root: number): void {
    const { columns } = this.#state;
    columns.cameAt[row] = this.#cluster.engine.now;
    columns.cause[row] = CAUSE.timeout;
    columns.root[row] = root;
    if (server.queued < server.queueLimit) enqueue(columns, server, row);
    else this.#hang(row, undefined);
  }

  #refuse(row: number, cause: number, root: number): void {
    this.#state.columns.cause[row] = cause;
    this.#state.columns.root[row] = root;
    this.#hang(row, this.#policies.of(this.#state.columns.service[row] as number).network);
  }

  /** Fails after `delay`, unless the deadline comes first; without one, only the deadline ends it. */
  #hang(row: number, delay: Micros | undefined): void {
    const { columns } = this.#state;
    columns.stage[row] = STAGE.hanging;
    if (delay === 0) this.#fail(row);
    else if (delay !== undefined) {
      this.#cluster.engine.after(Math.max(0, delay), this.#failing, row, columns.generation[row] as number);
    }
  }

  #begin(row: number, server: Server): void {
    const { columns } = this.#state;
    const { engine } = this.#cluster;
    startServing(columns, server, row);
    this.#countBusy(server, 1);
    const demand = columns.demand[row] as number;
    const time = demand < 0 ? -1 - demand : this.#policies.serviceTime(server.image, demand);
    this.#observer.begun(
      server.service,
      engine.now - (columns.cameAt[row] as number),
      columns.arrivedAt[row] as number,
    );
    const stretched = server.slowness === 1 ? time : Math.round(time * server.slowness);
    engine.after(stretched, this.#finish, row, columns.generation[row] as number);
  }

  #served(row: number): void {
    const { columns } = this.#state;
    // Cut off meanwhile: it hangs, and this end of service is nobody's.
    if (columns.stage[row] !== STAGE.served) return;
    const server = this.#state.servers[columns.server[row] as number] as Server;
    // What hangs is never done.
    if (server.condition === CONDITION.hung) return;
    stopServing(columns, server, row);
    this.#countBusy(server, -1);
    if (columns.abandoned[row] === 1) freeRow(columns, row);
    else this.#answer(row, server);
    this.#serveNext(server);
  }

  #serveNext(server: Server): void {
    if (server.queued > 0 && server.condition !== CONDITION.noProcess && server.condition !== CONDITION.hung) {
      const next = server.queueHead;
      leaveQueue(this.#state.columns, server, next);
      this.#begin(next, server);
    } else if (server.busy === 0 && server.condition === CONDITION.stopping) {
      this.#agent.drained(this.#cluster.container(server.container));
    }
  }

  /** The answer sets out. It is counted at once, though it comes one network delay from now: nothing can stop it any more. */
  #answer(row: number, server: Server): void {
    const { columns } = this.#state;
    const policy = this.#policies.of(server.service);
    const respondedAt = this.#cluster.engine.now + policy.network;
    if (!server.reachable) {
      columns.cause[row] = CAUSE.cutOff;
      columns.root[row] = this.#cluster.host(this.#cluster.container(server.container).host).root;
      this.#hang(row, undefined);
      return;
    }
    if (respondedAt > (columns.sentAt[row] as number) + policy.timeout) {
      columns.stage[row] = STAGE.late;
      return;
    }
    const { errors } = this.#cluster.release(server.release).image;
    if (errors > 0 && (columns.errorQuantile[row] as number) < errors) {
      this.#refuse(row, CAUSE.applicationError, server.errorRoot);
      return;
    }
    const signals = this.#state.signals[server.release];
    if (signals !== undefined) {
      signals.succeeded++;
      signals.latency += respondedAt - (columns.arrivedAt[row] as number);
    }
    this.#observer.succeeded(server.service, server.release, columns.arrivedAt[row] as number, respondedAt);
    this.#leaveBalancer(row, server.service, false);
    this.#over(row, server.service, respondedAt);
  }

  /** The attempt has failed; its row is not inside a container. */
  #fail(row: number): void {
    const { columns } = this.#state;
    const service = columns.service[row] as number;
    const cause = columns.cause[row] as number;
    const container = columns.server[row] as number;
    this.#observer.attemptFailed(service, cause, columns.arrivedAt[row] as number);
    const release = container === NONE ? NO_RELEASE : (this.#state.servers[container] as Server).release;
    const signals = this.#state.signals[release];
    if (signals !== undefined) signals.failed++;
    if (container !== NONE) this.#leaveBalancer(row, service, true);
    const delay = this.#retries.delayAfter(row, service);
    if (delay !== undefined) {
      columns.generation[row] = ((columns.generation[row] as number) + 1) & 0x7fffffff;
      columns.stage[row] = STAGE.resting;
      this.#cluster.engine.after(delay, this.#retry, row, columns.generation[row] as number);
      return;
    }
    this.#observer.failed(service, release, cause, columns.root[row] as number, columns.arrivedAt[row] as number);
    // Nobody fails, thinks no thought and asks again in no time at all: the clock would stand still.
    this.#over(row, service, this.#cluster.engine.now + MILLISECOND);
  }

  /** The request is over, and a closed loop's user learns of it. */
  #over(row: number, service: number, at: Micros): void {
    const user = this.#state.columns.user[row] as number;
    freeRow(this.#state.columns, row);
    if (user !== NONE) this.userDone(service, user, at);
  }

  /** The client waits no longer. The container may go on working on it. */
  #timeOut(row: number): void {
    const { columns } = this.#state;
    const stage = columns.stage[row] as number;
    if (stage === STAGE.resting || stage === STAGE.free) return;
    const server = this.#state.servers[columns.server[row] as number] as Server;
    if (stage !== STAGE.hanging) {
      columns.cause[row] = CAUSE.timeout;
      const isHung = server.condition === CONDITION.hung;
      columns.root[row] = isHung ? this.#cluster.container(server.container).root : this.#pressureOn(row, server);
    }
    if (stage === STAGE.queued || stage === STAGE.served) this.#leaveInside(row, server, stage);
    else this.#fail(row);
  }

  /** The request goes on in a row of its own; the old row stays with the container, abandoned, or is dropped there. */
  #leaveInside(row: number, server: Server, stage: number): void {
    const { columns } = this.#state;
    const twin = openTwin(columns, row);
    columns.abandoned[row] = 1;
    if (this.#policies.of(server.service).cancel) {
      if (stage === STAGE.queued) leaveQueue(columns, server, row);
      else {
        stopServing(columns, server, row);
        this.#countBusy(server, -1);
      }
      freeRow(columns, row);
      if (stage === STAGE.served) this.#serveNext(server);
    }
    this.#fail(twin);
  }

  #leaveBalancer(row: number, service: number, failed: boolean): void {
    const policy = this.#policies.of(service);
    if (!policy.countsOutstanding && policy.routing.outlier === undefined) return;
    const { columns } = this.#state;
    const view = this.#state.services[service]?.views[columns.view[row] as number] as View;
    const container = columns.server[row] as number;
    if (policy.countsOutstanding) view.outstanding[container] = (view.outstanding[container] ?? 1) - 1;
    this.#pickable.attempted(view, container, failed);
  }

  #pressureOn(row: number, server: Server): number {
    const view = this.#state.services[server.service]?.views[this.#state.columns.view[row] as number];
    return rootOfPressure(this.#cluster, this.#state, server, view);
  }

  /** Its `busy` has just changed by so much. */
  #countBusy(server: Server, change: number): void {
    if (this.#policies.of(server.service).isMetered) meter(server, change, this.#cluster.engine.now);
    const traffic = this.#state.services[server.service] as ServiceTraffic;
    traffic.busy += change;
    this.#observer.busy(server.service, traffic.busy);
  }
}
