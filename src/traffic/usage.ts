import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { Server } from "./servers.ts";
import type { TrafficState } from "./trafficState.ts";

/** How often the metrics are gathered (metrics-server, --metric-resolution). */
const SCRAPE_PERIOD: Micros = 15 * SECOND;

/** What a container used of its cpu request, averaged over the time between two scrapes. */
export interface Usage {
  readonly usedMillicores: number;
  /** The end of that time, and its length. */
  readonly at: Micros;
  readonly window: Micros;
}

/** Plain rows: saved and restored with the run. */
export interface UsageState {
  /** By container id: the area and the time at its latest scrape. */
  readonly scraped: Map<number, { readonly area: number; readonly at: Micros }>;
  readonly samples: Map<number, Usage>;
}

/** A server's `busy` has just changed by so much: brings its area up to date. */
export function meter(server: Server, change: number, now: Micros): void {
  server.busyArea += (server.busy - change) * (now - server.meteredAt);
  server.meteredAt = now;
}

/**
 * What the metrics tell an autoscaler: every 15 s, how busy each running container was since the scrape before.
 *
 * A container whose slots are all in use uses its whole cpu request. The model's own simplification: a request costs cpu for as
 * long as it is served.
 */
export class UsageMetrics {
  readonly state: UsageState = { scraped: new Map(), samples: new Map() };
  readonly #cluster: Cluster;
  readonly #traffic: TrafficState;
  readonly #scrape: EventKind;

  constructor(cluster: Cluster, traffic: TrafficState) {
    this.#cluster = cluster;
    this.#traffic = traffic;
    this.#scrape = cluster.engine.define("metrics-scrape", BAND.control, () => this.#scrapeAll());
    cluster.journal.subscribe((fact) => {
      // A new process, and one that is gone, have no past.
      if (fact.kind === "container-died") this.#forget(fact.container);
    });
  }

  /** Schedules the first scrape, if anybody reads the metrics. */
  begin(): void {
    if (!this.#cluster.scenario.services.some(({ autoscale }) => autoscale !== undefined)) return;
    this.#cluster.engine.after(this.#cluster.streams.named("metrics").below(SCRAPE_PERIOD), this.#scrape);
  }

  /** The latest sample of a container; undefined: it was not scraped twice yet. */
  usageOf(container: Container): Usage | undefined {
    return this.state.samples.get(container.id);
  }

  #forget({ id }: Container): void {
    this.state.scraped.delete(id);
    this.state.samples.delete(id);
  }

  #scrapeAll(): void {
    this.#cluster.engine.after(SCRAPE_PERIOD, this.#scrape);
    for (const service of this.#cluster.state.services) {
      if (service.spec.autoscale === undefined) continue;
      for (const release of service.releases) {
        for (const container of this.#cluster.membersOf(release))
          this.#scrapeOne(container, service.spec.cpuMillicores);
      }
    }
  }

  #scrapeOne(container: Container, cpuMillicores: number): void {
    const server = this.#traffic.servers[container.id];
    const isRunning = container.phase === "running" || (container.phase === "terminating" && container.answers);
    if (server === undefined || !isRunning) return;
    const { now } = this.#cluster.engine;
    meter(server, 0, now);
    const before = this.state.scraped.get(container.id);
    this.state.scraped.set(container.id, { area: server.busyArea, at: now });
    if (before === undefined) return;
    const window = now - before.at;
    const share = (server.busyArea - before.area) / (server.slots * window);
    this.state.samples.set(container.id, { usedMillicores: Math.round(share * cpuMillicores), at: now, window });
  }
}
