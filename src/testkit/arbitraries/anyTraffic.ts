import fc from "fast-check";
import type { ArrivalsSpec, RoutingSpec, TrafficSpec } from "../../cluster/spec.ts";
import { MILLISECOND, SECOND } from "../../kernel/time.ts";
import { ALL_FEATURES, type Draft } from "./features.ts";

const open = fc.constantFrom<ArrivalsSpec[]>(
  { kind: "none" },
  { kind: "constant", perSecond: 1 },
  { kind: "poisson", perSecond: 1 },
  { kind: "poisson", perSecond: 3 },
  { kind: "bursts", basePerSecond: 0.5, peakPerSecond: 40, every: 30 * SECOND, length: SECOND },
);
const closed = fc.constantFrom<ArrivalsSpec[]>(
  { kind: "users", count: 2, think: { kind: "constant", value: 4 * SECOND } },
  { kind: "users", count: 4, think: { kind: "exponential", mean: 4 * SECOND } },
);

/**
 * Low rates: a run is meant to take a millisecond or two, and requests are most of its events. What more of them would
 * show, a burst or a retry shows: full slots and queues, and failures close together. Twice these rates find the mutants of
 * `docs/mutants.md` hardly sooner, and cost more.
 */
export const trafficDraft: Draft<TrafficSpec> = fc
  .record({
    open,
    closed,
    timeout: fc.constantFrom(15 * SECOND, 2 * SECOND, 300 * MILLISECOND),
    cancel: fc.boolean(),
    retries: fc.record({
      max: fc.integer({ min: 1, max: 3 }),
      backoff: fc.constantFrom(
        { kind: "constant" as const, value: 100 * MILLISECOND },
        { kind: "exponential" as const, mean: 50 * MILLISECOND },
      ),
      budget: fc.constantFrom(1, 0.1),
    }),
  })
  .map((made) => (on) => ({
    arrivals: on.has("users") ? made.closed : made.open,
    timeout: made.timeout,
    retries: on.has("retries") ? made.retries : undefined,
    cancel: made.cancel,
  }));

/** The requests of one service, with every feature on. */
export const anyTraffic: fc.Arbitrary<TrafficSpec> = trafficDraft.map((make) => make(ALL_FEATURES));

/** The way of requests to containers. */
export const routingDraft: Draft<RoutingSpec> = fc
  .record({
    balancer: fc.constantFrom(
      "round-robin" as const,
      "random" as const,
      "least-requests" as const,
      "two-choices" as const,
    ),
    balancers: fc.integer({ min: 1, max: 3 }),
    propagation: fc.constantFrom(
      { kind: "lognormal" as const, median: 500 * MILLISECOND, p95: 2 * SECOND },
      { kind: "constant" as const, value: 0 },
      { kind: "constant" as const, value: 500 * MILLISECOND },
      { kind: "exponential" as const, mean: SECOND },
    ),
    network: fc.constantFrom(500, 0),
  })
  .map((made) => (on) => ({
    ...made,
    balancers: on.has("balancers") ? made.balancers : 1,
    balancer: on.has("balancers") ? made.balancer : "round-robin",
    connectTimeout: SECOND,
    healthCheck: on.has("health-checks") ? { period: 2 * SECOND, failures: 3, passes: 2 } : undefined,
    outlier: on.has("outliers") ? { consecutive: 3, ejection: 10 * SECOND, maxEjected: 0.5 } : undefined,
  }));
