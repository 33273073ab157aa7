import type { Micros } from "../kernel/time.ts";

/** What met a failed request, by number: the order of `CAUSES`. */
export const CAUSE = {
  noEndpoints: 0,
  hostDown: 1,
  connectionRefused: 2,
  terminating: 3,
  notReady: 4,
  queueFull: 5,
  cutOff: 6,
  timeout: 7,
  applicationError: 8,
} as const;

/** The causes as reports name them. */
export const CAUSES = [
  "no-endpoints",
  "host-down",
  "connection-refused",
  "terminating",
  "not-ready",
  "queue-full",
  "cut-off",
  "timeout",
  "application-error",
] as const;

/** No release answered: the request never got that far. */
export const NO_RELEASE = -1;

/** Is told of every request. Called on the hot path: nothing is allocated for it. */
export interface TrafficObserver {
  arrived(service: number, at: Micros): void;
  attempted(service: number, arrivedAt: Micros, isRetry: boolean): void;
  /** `respondedAt` may lie one network delay ahead of now: the answer is on its way and nothing can stop it. */
  succeeded(service: number, release: number, arrivedAt: Micros, respondedAt: Micros): void;
  attemptFailed(service: number, cause: number, arrivedAt: Micros): void;
  failed(service: number, release: number, cause: number, root: number, arrivedAt: Micros): void;
  /** A request begins to be served, `waited` after it came to the container. */
  begun(service: number, waited: Micros, arrivedAt: Micros): void;
  /** Requests being served now, over all containers of the service. */
  busy(service: number, count: number): void;
  /** Whether a request arriving now could succeed at all; `root`: what changed it. */
  reachability(service: number, reachable: boolean, root: number): void;
}
