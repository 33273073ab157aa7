import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import { BEGINNING } from "../cluster/roots.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { TrafficObserver } from "../traffic/observer.ts";
import {
  advanceBurn,
  type BurnWindows,
  newBurnWindows,
  newReachability,
  type Reachability,
  setReachable,
} from "./availability.ts";
import { Chronicle } from "./chronicle.ts";
import { ContainerBook } from "./containerTally.ts";
import { bucketOf } from "./histogram.ts";
import { HostBook } from "./hostBook.ts";
import { setValue, startOver } from "./integral.ts";
import { markOf } from "./marks.ts";
import { advance, binFailure, binSuccess, newRequestBins, type RequestBins } from "./requestBins.ts";
import { newRequestTally, type RequestTally, tallyFailure, tallySuccess } from "./requestTally.ts";

/** Requests and time as measured so far: plain data. The books beside keep their own. */
export interface RecorderState {
  requests: RequestTally[];
  bins: RequestBins[];
  reachability: Reachability[];
  /** By service id; undefined where there is no objective. */
  burn: (BurnWindows | undefined)[];
  /** By container id: 1 while its process runs. */
  processes: number[];
}

/**
 * Sees everything, late of nothing, and changes nothing: requests through the observer's calls, all else through facts.
 *
 * Requests count in the cohort that arrived after the warm-up; time counts from the warm-up's end.
 */
export class Recorder implements TrafficObserver {
  readonly state: RecorderState;
  readonly containers: ContainerBook;
  readonly hosts: HostBook;
  readonly chronicle: Chronicle;
  readonly #cluster: Cluster;
  readonly #warmup: Micros;
  readonly #hasObjective: readonly boolean[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { services, duration, warmup } = cluster.scenario;
    this.#warmup = warmup;
    this.#hasObjective = services.map((spec) => spec.slo?.availability !== undefined);
    this.containers = new ContainerBook(cluster);
    this.hosts = new HostBook(cluster);
    this.chronicle = new Chronicle(cluster);
    this.state = {
      requests: services.map(newRequestTally),
      bins: services.map(() => newRequestBins(duration)),
      reachability: services.map(() => newReachability(BEGINNING)),
      // Long columns, and nobody reads them where there is no objective.
      burn: services.map(({ slo }) => (slo === undefined ? undefined : newBurnWindows(Math.floor(warmup / SECOND)))),
      processes: [],
    };
    cluster.journal.subscribe((fact, now) => this.#hear(fact, now));
  }

  /** The warm-up is over: time counts from now on. */
  beginMeasuring(): void {
    const { now } = this.#cluster.engine;
    this.containers.startOver(now);
    this.hosts.startOver(now);
    for (const tally of this.state.requests) {
      startOver(tally.busy, now);
      startOver(tally.slots, now);
    }
  }

  arrived(service: number, at: Micros): void {
    const bins = this.state.bins[service] as RequestBins;
    if (at >= bins.end) advance(bins, at);
    bins.nowArrived++;
    if (at >= this.#warmup) (this.state.requests[service] as RequestTally).arrived++;
  }

  attempted(service: number, arrivedAt: Micros, isRetry: boolean): void {
    if (arrivedAt < this.#warmup) return;
    const tally = this.state.requests[service] as RequestTally;
    tally.attempts++;
    if (isRetry) tally.retries++;
  }

  succeeded(service: number, release: number, arrivedAt: Micros, respondedAt: Micros): void {
    const { now } = this.#cluster.engine;
    const latency = respondedAt - arrivedAt;
    const bins = this.state.bins[service] as RequestBins;
    if (now >= bins.end) advance(bins, now);
    const bucket = bucketOf(latency);
    binSuccess(bins, release, bucket);
    if (this.#hasObjective[service] === true) this.#burn(service, now, 0);
    if (arrivedAt >= this.#warmup) tallySuccess(this.state.requests[service] as RequestTally, release, latency, bucket);
  }

  attemptFailed(service: number, cause: number, arrivedAt: Micros): void {
    if (arrivedAt < this.#warmup) return;
    const { failedAttempts } = this.state.requests[service] as RequestTally;
    failedAttempts[cause] = (failedAttempts[cause] ?? 0) + 1;
  }

  failed(service: number, release: number, cause: number, root: number, arrivedAt: Micros): void {
    const { now } = this.#cluster.engine;
    const bins = this.state.bins[service] as RequestBins;
    if (now >= bins.end) advance(bins, now);
    binFailure(bins, cause);
    const tally = this.state.requests[service] as RequestTally;
    if (now >= this.#warmup) {
      const second = Math.floor(now / SECOND);
      if (second !== tally.lastDegraded) tally.degradedSeconds++;
      tally.lastDegraded = second;
    }
    if (this.#hasObjective[service] === true) this.#burn(service, now, 1);
    if (arrivedAt >= this.#warmup) tallyFailure(tally, release, cause, root);
  }

  begun(service: number, waited: Micros, arrivedAt: Micros): void {
    if (arrivedAt < this.#warmup) return;
    const tally = this.state.requests[service] as RequestTally;
    tally.waitSum += waited;
    tally.waits++;
  }

  busy(service: number, count: number): void {
    setValue((this.state.requests[service] as RequestTally).busy, count, this.#cluster.engine.now);
  }

  reachability(service: number, reachable: boolean, root: number): void {
    setReachable(this.state.reachability[service] as Reachability, reachable, root, this.#cluster.engine.now);
  }

  /** The burn windows of a service, up to now. */
  burnOf(service: number): BurnWindows {
    const burn = this.state.burn[service] as BurnWindows;
    advanceBurn(burn, this.#cluster.engine.now);
    return burn;
  }

  /** The bins of a service, closed up to `now`. */
  binsUpTo(service: number, now: Micros): RequestBins {
    const bins = this.state.bins[service] as RequestBins;
    advance(bins, now);
    return bins;
  }

  #burn(service: number, now: Micros, failed: 0 | 1): void {
    if (now < this.#warmup) return;
    const burn = this.state.burn[service] as BurnWindows;
    advanceBurn(burn, now);
    burn.nowEnded++;
    burn.nowFailed += failed;
  }

  #hear(fact: Fact, now: Micros): void {
    this.containers.hear(fact, now);
    this.hosts.hear(fact, now);
    this.chronicle.hear(fact, now);
    if (fact.kind === "container-answers") this.#process(fact.container, 1, now);
    if (fact.kind === "container-died") this.#process(fact.container, 0, now);
    const mark = markOf(fact, now);
    if (mark !== undefined && now > 0) this.chronicle.mark(mark);
  }

  #process(container: Container, running: 0 | 1, now: Micros): void {
    const { processes } = this.state;
    if ((processes[container.id] ?? 0) === running) return;
    processes[container.id] = running;
    const { slots } = this.state.requests[container.service] as RequestTally;
    const { spec } = this.#cluster.service(container.service);
    setValue(slots, slots.value + (running === 1 ? spec.slots : -spec.slots), now);
  }
}
