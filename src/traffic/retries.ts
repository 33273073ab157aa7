import type { Cluster } from "../cluster/cluster.ts";
import type { Stream } from "../kernel/random.ts";
import { HOUR, type Micros } from "../kernel/time.ts";
import type { Policies } from "./policies.ts";
import { MOST_RETRY_TOKENS, type ServiceTraffic, type TrafficState } from "./trafficState.ts";

/** However often a client has tried, it waits no longer than this. */
const LONGEST_BACKOFF: Micros = HOUR;

/** When clients try again, and when they may not: the budget is a bucket of tokens (as in Finagle's and Linkerd's retry budgets). */
export class Retries {
  readonly #cluster: Cluster;
  readonly #state: TrafficState;
  readonly #policies: Policies;
  /** By service id, once drawn from. */
  readonly #streams: Stream[] = [];

  constructor(cluster: Cluster, state: TrafficState, policies: Policies) {
    this.#cluster = cluster;
    this.#state = state;
    this.#policies = policies;
  }

  /** A first attempt earns its share of a retry. */
  earn(service: number): void {
    const { retries } = this.#policies.of(service);
    if (retries === undefined) return;
    const traffic = this.#state.services[service] as ServiceTraffic;
    traffic.retryTokens = Math.min(MOST_RETRY_TOKENS, traffic.retryTokens + retries.budget);
  }

  /**
   * How long a client rests after the attempt of a row failed: the back-off's draw, doubled with each try. Undefined: it gives up,
   * because it tried often enough or the budget is used up. The next attempt's luck with errors is drawn here too.
   */
  delayAfter(row: number, service: number): Micros | undefined {
    const { retries } = this.#policies.of(service);
    if (retries === undefined) return undefined;
    const attempt = this.#state.columns.attempt[row] as number;
    if (attempt > retries.max) return undefined;
    if (retries.budget < 1) {
      const traffic = this.#state.services[service] as ServiceTraffic;
      if (traffic.retryTokens < 1) return undefined;
      traffic.retryTokens--;
    }
    const stream = this.#streamOf(service);
    const delay = Math.min(LONGEST_BACKOFF, retries.backoff(stream.next()) * 2 ** Math.min(attempt - 1, 20));
    this.#state.columns.errorQuantile[row] = stream.next();
    return delay;
  }

  #streamOf(service: number): Stream {
    const known = this.#streams[service];
    if (known !== undefined) return known;
    const made = this.#cluster.streams.named(`retries/${this.#cluster.service(service).spec.name}`);
    this.#streams[service] = made;
    return made;
  }
}
