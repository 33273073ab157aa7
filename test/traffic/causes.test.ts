import { describe, expect, test } from "vitest";
import type { RoutingSpec, Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MILLISECOND, SECOND } from "../../src/kernel/time.ts";
import type { FailureCause, RequestSummary } from "../../src/metrics/result.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

/** One container, ten requests a second to the millisecond, a service of 30 ms, no network and views that hear at once. */
const routing: RoutingSpec = { ...service().routing, propagation: { kind: "constant", value: 0 }, network: 0 };
const every100ms: ServiceSpec["traffic"] = {
  arrivals: { kind: "constant", perSecond: 10 },
  timeout: 2 * SECOND,
  retries: undefined,
  cancel: false,
};

function one(part: Partial<ServiceSpec>, rest: Partial<Scenario> = {}): Scenario {
  return scenario({
    duration: 60 * SECOND,
    cluster: { ...scenario().cluster, hosts: hosts(1) },
    images: [
      image("shop:v1", { service: { kind: "constant", value: 30 * MILLISECOND } }),
      image("shop:faulty", { service: { kind: "constant", value: 30 * MILLISECOND }, errors: 1 }),
      image("shop:never-ready", { ready: false }),
    ],
    services: [service({ replicas: 1, slots: 1, queue: 0, routing, traffic: every100ms, ...part })],
    ...rest,
  });
}

function requestsOf(run: Scenario): RequestSummary {
  return simulate(run).summary.services.shop?.requests as RequestSummary;
}

const slow = (length: number) => image("shop:v1", { service: { kind: "constant", value: length } });
const killed = timeline([30, { kind: "kill", service: "shop", count: 1 }]);

describe("a failed request names what met it, and what brought that about:", () => {
  const cases: readonly { when: string; cause: FailureCause; root: string; count: number; run: Scenario }[] = [
    {
      when: "nobody is in the view",
      cause: "no-endpoints",
      root: "start of the run",
      count: 600,
      run: one({ image: "shop:never-ready" }),
    },
    {
      // 30 s of silence until the deadline of two seconds: those that arrived in the last two are in flight at the end.
      when: "the host is down and still in the view",
      cause: "host-down",
      root: "timeline[0] crash host-1 at 30s",
      count: 281,
      run: one(
        { routing: { ...routing, connectTimeout: 5 * SECOND } },
        { timeline: timeline([30, crashHost("host-1")]) },
      ),
    },
    {
      // Restarted at once, it takes two seconds to start and half a second to its probe. Only the arrival at 30.0 s finds it
      // still in the view.
      when: "its process has just died, and its end is not known yet",
      cause: "no-endpoints",
      root: "timeline[0] kill 1 of shop at 30s",
      count: 25,
      run: one({}, { timeline: killed }),
    },
    {
      when: "the view does not hear that the container is starting anew",
      cause: "not-ready",
      root: "timeline[0] kill 1 of shop at 30s",
      count: 20,
      run: one(
        { routing: { ...routing, propagation: { kind: "constant", value: 20 * SECOND } } },
        { timeline: killed },
      ),
    },
    {
      when: "its version answers with an error",
      cause: "application-error",
      root: "image shop:faulty",
      count: 599,
      run: one({ image: "shop:faulty" }),
    },
    {
      // Served from 0 to 150 ms; the arrival at 100 ms finds the only slot taken, the one at 200 ms does not.
      when: "the queue is full, with nothing broken",
      cause: "queue-full",
      root: "overload",
      count: 300,
      run: one({}, { images: [slow(150 * MILLISECOND)] }),
    },
    {
      when: "the service takes longer than the client waits",
      cause: "timeout",
      root: "overload",
      count: 590,
      run: one({ slots: 100, traffic: { ...every100ms, timeout: SECOND } }, { images: [slow(3 * SECOND)] }),
    },
    {
      when: "a slow host makes it so",
      cause: "timeout",
      root: "timeline[0] slow host-1 at 30s",
      count: 291,
      run: one(
        { slots: 100, traffic: { ...every100ms, timeout: SECOND } },
        { timeline: timeline([30, { kind: "slow", host: "host-1", factor: 100, for: undefined }]) },
      ),
    },
  ];

  test.each(cases)("$when: $cause", ({ cause, root, count, run }) => {
    expect(requestsOf(run).failures).toContainEqual({ cause, root, count });
  });

  test("the connection is cut: what was inside when the process died", () => {
    const run = one({ slots: 100 }, { images: [slow(SECOND)], timeline: killed });
    // Ten arrivals in the second before 30 s; the one that arrives at 30 s comes after the crash.
    const { failures } = requestsOf(run);
    expect(failures.find(({ cause }) => cause === "cut-off")).toEqual({
      cause: "cut-off",
      root: "timeline[0] kill 1 of shop at 30s",
      count: 10,
    });
  });

  test("SIGTERM has come and requests are still sent: it refuses them while it finishes what it has", () => {
    const lagging = { ...routing, propagation: { kind: "constant" as const, value: 3 * SECOND } };
    const run = one(
      {
        slots: 100,
        routing: lagging,
        shutdown: { preStop: 0, gracePeriod: 30 * SECOND },
        strategy: { name: "recreate", settings: {} },
      },
      {
        images: [slow(SECOND), image("shop:v2", { service: { kind: "constant", value: SECOND } })],
        timeline: timeline([30, deploy("shop:v2")]),
      },
    );
    const { failures } = requestsOf(run);
    const root = "timeline[0] deploy shop:v2 at 30s";
    // SIGTERM at 30.05 s; the last request inside leaves at 31 s: 31.0 and after meet no process until the view hears at 33.1 s.
    expect(failures).toContainEqual({ cause: "terminating", root, count: 9 });
    expect(failures.find(({ cause }) => cause === "connection-refused")).toEqual({
      cause: "connection-refused",
      root,
      count: 22,
    });
  });
});

describe("a client's patience", () => {
  test("ends the attempt, and the container goes on working on it", () => {
    const run = one(
      { slots: 1, queue: 5, traffic: { ...every100ms, timeout: 50 * MILLISECOND } },
      { images: [slow(99 * MILLISECOND)] },
    );
    const { shop } = simulate(run).summary.services;
    expect(shop?.requests.succeeded).toBe(0);
    expect(shop?.utilisation).toBeGreaterThan(0.97);
  });

  test("frees the container where the scenario cancels", () => {
    const traffic = { ...every100ms, timeout: 50 * MILLISECOND, cancel: true };
    const run = one({ slots: 1, queue: 5, traffic }, { images: [slow(99 * MILLISECOND)] });
    const { shop } = simulate(run).summary.services;
    expect(shop?.requests.succeeded).toBe(0);
    expect(shop?.utilisation).toBeCloseTo(0.5, 1);
  });
});
