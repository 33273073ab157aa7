import { describe, expect, test } from "vitest";
import type { RoutingSpec, ServiceSpec } from "../../src/cluster/spec.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";
import type { ServiceSummary } from "../../src/metrics/result.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const instantly = { kind: "constant", value: 0 } as const;

function shop(run: ReturnType<typeof scenario>): ServiceSummary {
  return simulate(run).summary.services.shop as ServiceSummary;
}

function routed(part: Partial<RoutingSpec>, rest: Partial<ServiceSpec> = {}): ServiceSpec {
  return service({ routing: { ...service().routing, ...part }, ...rest });
}

describe("a balancer", () => {
  test("goes round: five containers get the same number of requests, give or take one", () => {
    const simulation = new Simulation(scenario());
    simulation.runUntil(100 * SECOND);
    const { traffic } = simulation.world;
    const counts = new Map<number, number>();
    const view = traffic.state.services[0]?.views[0];
    const before = view?.turn;
    expect(view?.pickable).toEqual([0, 1, 2, 3, 4]);
    simulation.observe(({ kind, a }) => {
      if (kind !== "request-reaches") return;
      const server = traffic.state.columns.server[a] as number;
      counts.set(server, (counts.get(server) ?? 0) + 1);
    });
    simulation.runUntil(200 * SECOND);
    expect(before).toBeDefined();
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  });

  test("waits less the more it knows: random, then two choices, then least requests", () => {
    // Load 0.8 of the slots; Mitzenmacher (2001) gives the order, the seed makes it a fact.
    const waits = (["random", "two-choices", "least-requests"] as const).map((balancer) => {
      const traffic = { ...service().traffic, arrivals: { kind: "poisson" as const, perSecond: 100 } };
      const one = routed({ balancer, network: 0 }, { slots: 1, queue: 10_000, traffic });
      return shop(scenario({ duration: 20 * MINUTE, services: [one] })).waitMs.mean as number;
    });
    expect(waits[0]).toBeGreaterThan(2 * (waits[1] as number));
    expect(waits[1]).toBeGreaterThan(waits[2] as number);
  });

  test("with an active health check stops sending to a dead host after so many failed checks", () => {
    const healthCheck = { period: 2 * SECOND, failures: 3, passes: 2 };
    const run = (check: RoutingSpec["healthCheck"]) =>
      shop(
        scenario({
          services: [
            routed({ healthCheck: check, propagation: instantly }, { spread: { over: "host", required: true } }),
          ],
          timeline: timeline([60, crashHost("host-2")]),
        }),
      ).degradedS;
    // Without: the lease runs out between 40 and 55 s after the crash. With: 2 to 3 periods, and one connect time-out.
    expect(run(undefined)).toBeGreaterThan(35);
    expect(run(healthCheck)).toBeGreaterThanOrEqual(5);
    expect(run(healthCheck)).toBeLessThanOrEqual(9);
  });

  test("with passive ejection leaves a failing container out, but never more than its share of them", () => {
    const faulty = [image("shop:v1", { errors: 1 })];
    const outlier = { consecutive: 5, ejection: 30 * SECOND, maxEjected: 0.4 };
    const simulation = new Simulation(scenario({ images: faulty, services: [routed({ outlier })] }));
    let fewest = 5;
    simulation.observe(() => {
      fewest = Math.min(fewest, simulation.world.traffic.state.services[0]?.views[0]?.pickable.length ?? 0);
    });
    simulation.run();
    expect(fewest).toBe(3);
  });

  test("hears of a change only after its own delay, and of changes in their order", () => {
    const one = routed({ balancers: 3, propagation: { kind: "uniform", min: SECOND, max: 20 * SECOND } });
    const run = scenario({ services: [one], timeline: timeline([30, deploy("shop:v2")]) });
    const simulation = new Simulation(run);
    let checked = 0;
    simulation.observe(({ kind }) => {
      if (kind !== "endpoints-news") return;
      checked++;
      const traffic = simulation.world.traffic.state.services[0];
      for (const view of traffic?.views ?? []) {
        if (view.news.length === 0) expect(view.known).toEqual(traffic?.published);
      }
    });
    simulation.run();
    expect(checked).toBeGreaterThan(6);
  });
});

describe("the race between SIGTERM and the endpoints", () => {
  const race = (preStop: number, propagation: number) =>
    shop(
      scenario({
        services: [
          routed(
            { propagation: { kind: "constant", value: propagation * SECOND } },
            { shutdown: { preStop: preStop * SECOND, gracePeriod: 60 * SECOND } },
          ),
        ],
        timeline: timeline([60, deploy("shop:v2")]),
      }),
    ).requests;

  test("is lost without preStop: requests meet a container that was told to stop, or none", () => {
    const { failures, failed } = race(0, 3);
    expect(failed).toBeGreaterThan(50);
    const causes = new Set(failures.map(({ cause }) => cause));
    expect([...causes].every((cause) => cause === "terminating" || cause === "connection-refused")).toBe(true);
  });

  test("is won by a preStop longer than the news takes", () => {
    expect(race(5, 3).failed).toBe(0);
  });
});

describe("retries", () => {
  const failing = (max: number, budget: number) => {
    const retries = { max, budget, backoff: { kind: "exponential" as const, mean: 20 * MILLISECOND } };
    const one = routed({}, { traffic: { ...service().traffic, retries } });
    return shop(scenario({ images: [image("shop:v1", { errors: 0.5 })], services: [one] })).requests;
  };

  test("save a request with the chance that each try has", () => {
    // Half of the tries fail, so 1 in 8 requests fails three times; 30,000 requests: ± 4 standard errors are 0.8 %.
    const { failed, arrived } = failing(2, 1);
    expect(failed / arrived).toBeGreaterThan(0.125 - 0.008);
    expect(failed / arrived).toBeLessThan(0.125 + 0.008);
  });

  test("stay below their budget, but for the few that it starts with", () => {
    const { retries, arrived } = failing(5, 0.1);
    expect(retries).toBeLessThanOrEqual(0.1 * arrived + 10);
    expect(retries).toBeGreaterThan(0.09 * arrived);
  });
});

describe("closed-loop users", () => {
  test("ask, wait and think: their throughput is users ÷ (think + answer)", () => {
    // 20 users, 400 ms of thought, 100 ms of service with no wait: 40 requests a second, exactly, to the first second's phase.
    const arrivals = {
      kind: "users" as const,
      count: 20,
      think: { kind: "constant" as const, value: 400 * MILLISECOND },
    };
    const one = routed({ network: 0 }, { slots: 20, traffic: { ...service().traffic, arrivals } });
    const images = [image("shop:v1", { service: { kind: "constant", value: 100 * MILLISECOND } })];
    const { requests } = shop(
      scenario({ services: [one], images, cluster: { ...scenario().cluster, hosts: hosts(5) } }),
    );
    expect(requests.arrived).toBe(40 * 300);
  });

  test("rest while the traffic is turned off, and come back", () => {
    const arrivals = {
      kind: "users" as const,
      count: 20,
      think: { kind: "constant" as const, value: 400 * MILLISECOND },
    };
    const one = routed({}, { traffic: { ...service().traffic, arrivals } });
    const off = { kind: "traffic" as const, service: "shop", factor: 0, for: 60 * SECOND };
    const { series } = simulate(scenario({ services: [one], timeline: timeline([60, off]) }));
    const { arrived } = series.requests.shop as { arrived: number[] };
    expect(arrived.slice(61, 119).every((count) => count === 0)).toBe(true);
    expect(arrived[130]).toBeGreaterThan(20);
  });
});
