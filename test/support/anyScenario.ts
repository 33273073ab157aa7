import fc from "fast-check";
import type { Scenario, ServiceSpec, TimelineAction, TimelineEntry } from "../../src/cluster/spec.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";
import { hosts, image, scenario, service } from "./scenarioBuilder.ts";

/** How many hosts `anyScenario` makes, at most and at least. */
const HOSTS = { min: 1, max: 6 };

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => value * SECOND);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Some strategy by name, with default settings. */
export const anyStrategy = fc
  .constantFrom("rolling", "recreate", "blue-green", "maintenance", "by-hand")
  .map((name) => ({ name, settings: {} }));

function anyAction(hostCount: number): fc.Arbitrary<TimelineAction> {
  const host = fc.integer({ min: 1, max: hostCount }).map((i) => `host-${i}`);
  const length = maybe(seconds(1, 120));
  return fc.oneof(
    fc.record({
      kind: fc.constant("deploy" as const),
      service: fc.constant("shop"),
      image: fc.constantFrom("shop:v1", "shop:v2", "shop:broken", "shop:faulty"),
      strategy: maybe(anyStrategy),
    }),
    fc.record({ kind: fc.constant("rollback" as const), service: fc.constant("shop") }),
    fc.record({
      kind: fc.constant("scale" as const),
      service: fc.constant("shop"),
      replicas: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ kind: fc.constant("crash" as const), what: fc.constant("host" as const), name: host, for: length }),
    fc.record({
      kind: fc.constant("crash" as const),
      what: fc.constant("zone" as const),
      name: fc.constant("zone-a"),
      for: seconds(1, 60),
    }),
    fc.record({
      kind: fc.constant("crash" as const),
      what: fc.constant("container" as const),
      name: fc.constantFrom("shop-1", "shop-2", "shop-7"),
      for: length,
    }),
    fc.record({
      kind: fc.constant("partition" as const),
      host,
      from: fc.constantFrom("control-plane" as const, "clients" as const, "both" as const),
      for: length,
    }),
    fc.record({ kind: fc.constant("slow" as const), host, factor: fc.constantFrom(0.5, 2, 10), for: length }),
    fc.record({
      kind: fc.constant("kill" as const),
      service: fc.constant("shop"),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ kind: fc.constant("registry" as const), for: length }),
    fc.record({ kind: fc.constant("control-plane" as const), for: length }),
    fc.record({
      kind: fc.constant("traffic" as const),
      service: fc.constant("shop"),
      factor: fc.constantFrom(0, 0.5, 3),
      for: length,
    }),
  );
}

function anyTimeline(hostCount: number): fc.Arbitrary<TimelineEntry[]> {
  return fc
    .array(fc.tuple(seconds(0, 280), anyAction(hostCount)), { maxLength: 7 })
    .map((entries) => entries.map(([at, action], index) => ({ index, at, every: undefined, action })));
}

const anyService: fc.Arbitrary<ServiceSpec> = fc
  .record({
    replicas: fc.integer({ min: 0, max: 8 }),
    slots: fc.integer({ min: 1, max: 4 }),
    queue: fc.constantFrom(0, 2, 64),
    strategy: anyStrategy,
    initially: fc.constantFrom("ready" as const, "cold" as const),
    shutdown: fc.constantFrom({ preStop: 0, gracePeriod: SECOND }, { preStop: 5 * SECOND, gracePeriod: 30 * SECOND }),
    readiness: fc.boolean().map((throughQueue) => ({ period: SECOND, successes: 1, failures: 2, throughQueue })),
    spread: fc.constantFrom({ over: "host" as const, required: true }, { over: "none" as const, required: false }),
    routing: fc.record({
      balancer: fc.constantFrom(
        "round-robin" as const,
        "random" as const,
        "least-requests" as const,
        "two-choices" as const,
      ),
      balancers: fc.integer({ min: 1, max: 3 }),
      propagation: fc.constantFrom(
        { kind: "constant" as const, value: 0 },
        { kind: "exponential" as const, mean: 2 * SECOND },
      ),
      network: fc.constantFrom(0, 500),
      connectTimeout: fc.constantFrom(SECOND, 30 * SECOND),
      healthCheck: maybe(fc.constant({ period: 2 * SECOND, failures: 3, passes: 2 })),
      outlier: maybe(fc.constant({ consecutive: 3, ejection: 10 * SECOND, maxEjected: 0.5 })),
    }),
    traffic: fc.record({
      arrivals: fc.constantFrom(
        { kind: "poisson" as const, perSecond: 40 },
        { kind: "constant" as const, perSecond: 30 },
        { kind: "users" as const, count: 15, think: { kind: "exponential" as const, mean: 300 * MILLISECOND } },
        { kind: "none" as const },
      ),
      timeout: fc.constantFrom(200 * MILLISECOND, 3 * SECOND),
      retries: maybe(
        fc.record({
          max: fc.integer({ min: 1, max: 3 }),
          backoff: fc.constant({ kind: "exponential" as const, mean: 50 * MILLISECOND }),
          budget: fc.constantFrom(0.1, 1),
        }),
      ),
      cancel: fc.boolean(),
    }),
  })
  .map((part) => service(part));

/** Any small scenario of the shop, with troubles and releases in any order. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.integer(HOSTS).chain((count) =>
  fc.record({ service: anyService, timeline: anyTimeline(count), seed: fc.integer({ min: 0, max: 1e6 }) }).map((part) =>
    scenario({
      seed: part.seed,
      duration: 5 * MINUTE,
      cluster: { ...scenario().cluster, hosts: hosts(count, { cpuMillicores: 2000 }) },
      images: [
        image("shop:v1"),
        image("shop:v2", { startup: { kind: "lognormal", median: 2 * SECOND, p95: 9 * SECOND } }),
        image("shop:broken", { ready: false }),
        image("shop:faulty", { errors: 0.3, crash: { kind: "exponential", mean: 20 * SECOND } }),
      ],
      services: [part.service],
      timeline: part.timeline,
    }),
  ),
);

const vitalProbe = fc.record({
  period: seconds(1, 4),
  successes: fc.constant(1),
  failures: fc.integer({ min: 1, max: 3 }),
  throughQueue: fc.boolean(),
  initialDelay: maybe(seconds(1, 5)),
  timeout: maybe(seconds(1, 5)),
  gracePeriod: maybe(seconds(1, 20)),
});

/** Any small scenario as above, whose containers are asked whether they live, and hang now and then. */
export const anyVitalScenario: fc.Arbitrary<Scenario> = fc
  .tuple(
    fc.constantFrom(5, 20, 60),
    fc.record({ liveness: maybe(vitalProbe), startupProbe: maybe(vitalProbe) }),
    fc.boolean(),
  )
  .chain(([mean, probes, isAbsent]) =>
    anyScenario.map((one) => ({
      ...one,
      images: one.images.map((each) => ({ ...each, hang: { kind: "exponential" as const, mean: mean * SECOND } })),
      services: one.services.map((each) => ({
        ...each,
        ...probes,
        readiness: isAbsent ? { ...each.readiness, absent: true } : each.readiness,
      })),
    })),
  );
