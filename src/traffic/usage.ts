import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { ImageSpec, Scenario, ServiceSpec } from "../cluster/spec.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { Server } from "./servers.ts";
import type { TrafficState } from "./trafficState.ts";

/** How often the metrics are gathered (metrics-server, --metric-resolution). */
const SCRAPE_PERIOD: Micros = 15 * SECOND;

/** What requests are to a container, or to a service, as the metrics tell. */
export interface Load {
  /** Over the time between two scrapes. */
  readonly requestsPerSecond: number;
  /** At the latest scrape: waiting and being served. */
  readonly requestsInFlight: number;
  /** At the latest scrape: waiting only. */
  readonly requestsQueued: number;
}

/** What a container uses of what it reserves, and what it has to do. */
export interface Usage extends Load {
  /** Averaged over the time between two scrapes. */
  readonly usedMillicores: number;
  /** At the latest scrape. */
  readonly memoryBytes: number;
  /** The end of that time, and its length. */
  readonly at: Micros;
  readonly window: Micros;
}

/** Counters as the latest scrape found them. */
interface Scraped {
  readonly area: number;
  readonly met: number;
  readonly at: Micros;
}

/** Plain rows: saved and restored with the run. */
export interface UsageState {
  /** By container id: what its latest scrape found. */
  readonly scraped: Map<number, Scraped>;
  readonly samples: Map<number, Usage>;
  /** By service id: the same of the attempts that its clients send. */
  readonly sent: Map<number, { readonly count: number; readonly at: Micros }>;
  readonly sentPerSecond: Map<number, number>;
}

/** A server's `busy` has just changed by so much: brings its area up to date. */
export function meter(server: Server, change: number, now: Micros): void {
  server.busyArea += (server.busy - change) * (now - server.meteredAt);
  server.meteredAt = now;
}

/**
 * What the metrics tell an autoscaler: every 15 s, how busy each running container was since the scrape before, what it has in
 * hand, and what came.
 *
 * A container whose slots are all in use uses its whole cpu request. The model's own simplification: a request costs cpu for as
 * long as it is served.
 */
export class UsageMetrics {
  readonly state: UsageState = { scraped: new Map(), samples: new Map(), sent: new Map(), sentPerSecond: new Map() };
  readonly #cluster: Cluster;
  readonly #traffic: TrafficState;
  readonly #scrape: EventKind;
  /** Names of the services whose metrics somebody reads. */
  readonly #read: ReadonlySet<string>;

  constructor(cluster: Cluster, traffic: TrafficState) {
    this.#cluster = cluster;
    this.#traffic = traffic;
    this.#read = readServices(cluster.scenario);
    this.#scrape = cluster.engine.define("metrics-scrape", BAND.control, () => this.#scrapeAll());
    cluster.journal.subscribe((fact) => {
      // A new process, and one that is gone, have no past.
      if (fact.kind === "container-died") this.#forget(fact.container);
    });
  }

  /** Schedules the first scrape, if anybody reads the metrics. */
  begin(): void {
    if (this.#read.size === 0) return;
    this.#cluster.engine.after(this.#cluster.streams.named("metrics").below(SCRAPE_PERIOD), this.#scrape);
  }

  /** The latest sample of a container; undefined: it was not scraped twice yet. */
  usageOf(container: Container): Usage | undefined {
    return this.state.samples.get(container.id);
  }

  /** What a service has to do in all; undefined: nobody reads its metrics, or it was not scraped twice yet. */
  loadOf(service: number): Load | undefined {
    const requestsPerSecond = this.state.sentPerSecond.get(service);
    if (requestsPerSecond === undefined) return undefined;
    const members = this.#cluster.service(service).releases.flatMap((release) => this.#cluster.membersOf(release));
    const samples = members.flatMap((container) => this.usageOf(container) ?? []);
    return {
      requestsPerSecond,
      requestsInFlight: samples.reduce((sum, one) => sum + one.requestsInFlight, 0),
      requestsQueued: samples.reduce((sum, one) => sum + one.requestsQueued, 0),
    };
  }

  #forget({ id }: Container): void {
    this.state.scraped.delete(id);
    this.state.samples.delete(id);
  }

  #scrapeAll(): void {
    this.#cluster.engine.after(SCRAPE_PERIOD, this.#scrape);
    for (const service of this.#cluster.state.services) {
      if (!this.#read.has(service.spec.name)) continue;
      this.#scrapeClients(service.id);
      for (const release of service.releases) {
        for (const container of this.#cluster.membersOf(release)) {
          this.#scrapeOne(container, service.spec, release.image);
        }
      }
    }
  }

  #scrapeClients(service: number): void {
    const count = this.#traffic.services[service]?.sent ?? 0;
    const { now } = this.#cluster.engine;
    const before = this.state.sent.get(service);
    this.state.sent.set(service, { count, at: now });
    if (before === undefined) return;
    this.state.sentPerSecond.set(service, perSecond(count - before.count, now - before.at));
  }

  #scrapeOne(container: Container, spec: ServiceSpec, image: ImageSpec): void {
    const server = this.#traffic.servers[container.id];
    const isRunning = container.phase === "running" || (container.phase === "terminating" && container.answers);
    if (server === undefined || !isRunning) return;
    const { now } = this.#cluster.engine;
    meter(server, 0, now);
    const before = this.state.scraped.get(container.id);
    this.state.scraped.set(container.id, { area: server.busyArea, met: server.met, at: now });
    if (before === undefined) return;
    const window = now - before.at;
    const share = (server.busyArea - before.area) / (server.slots * window);
    this.state.samples.set(container.id, {
      usedMillicores: Math.round(share * spec.cpuMillicores),
      memoryBytes: memoryInUse(server, spec, image),
      requestsPerSecond: perSecond(server.met - before.met, window),
      requestsInFlight: server.busy + server.queued,
      requestsQueued: server.queued,
      at: now,
      window,
    });
  }
}

/** Those that are autoscaled, and those whose load is another's metric. */
function readServices({ services }: Scenario): ReadonlySet<string> {
  const scaled = services.filter(({ autoscale }) => autoscale !== undefined);
  const others = scaled.flatMap(({ autoscale }) =>
    (autoscale?.metrics ?? []).flatMap((metric) =>
      metric.kind !== "resource" && metric.source.kind === "load" ? (metric.source.service ?? []) : [],
    ),
  );
  return new Set([...scaled.map(({ name }) => name), ...others]);
}

function perSecond(count: number, time: Micros): number {
  return (count * SECOND) / time;
}

/** An image that says nothing has half of its reservation in use when idle, and all of it with every slot in use. */
function memoryInUse({ busy, slots }: Server, { memoryBytes }: ServiceSpec, { memory }: ImageSpec): number {
  if (memory === undefined) return Math.round((memoryBytes / 2) * (1 + busy / slots));
  return memory.baseBytes + busy * memory.perRequestBytes;
}
