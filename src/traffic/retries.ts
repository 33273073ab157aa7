import type { Stream } from "../kernel/random.ts";
import { HOUR, type Micros } from "../kernel/time.ts";
import type { ServicePolicy } from "./policies.ts";
import { MOST_RETRY_TOKENS, type ServiceTraffic } from "./trafficState.ts";

type Retries = NonNullable<ServicePolicy["retries"]>;

/** However often a client has tried, it waits no longer than this. */
const LONGEST_BACKOFF: Micros = HOUR;

/** A first attempt earns its share of a retry: the budget is a bucket of tokens (as in Finagle's and Linkerd's retry budgets). */
export function earnRetry(traffic: ServiceTraffic, retries: Retries): void {
  traffic.retryTokens = Math.min(MOST_RETRY_TOKENS, traffic.retryTokens + retries.budget);
}

/**
 * How long a client rests after its `attempt`-th attempt failed: the back-off's draw, doubled with each try. Undefined: it gives
 * up, because it tried often enough or the budget is used up.
 */
export function retryDelay(
  traffic: ServiceTraffic,
  retries: Retries,
  attempt: number,
  stream: Stream,
): Micros | undefined {
  if (attempt > retries.max) return undefined;
  if (retries.budget < 1) {
    if (traffic.retryTokens < 1) return undefined;
    traffic.retryTokens--;
  }
  return Math.min(LONGEST_BACKOFF, retries.backoff(stream.next()) * 2 ** Math.min(attempt - 1, 20));
}
