import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import type { ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { hosts, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const cluster = { ...scenario().cluster, hosts: hosts(4), scheduler: { name: "kubernetes", settings: {} } };
const budget: ServiceSpec["budget"] = {
  minAvailable: { kind: "count", value: 4 },
  maxUnavailable: undefined,
  unhealthy: "IfHealthyBudget",
};
const upgrade = {
  kind: "upgrade" as const,
  hosts: ["host-1", "host-2", "host-3", "host-4"],
  maxUnavailable: 1,
  length: MINUTE,
};

describe("an upgrade of all hosts in turn", () => {
  const run = (part: Partial<ServiceSpec>) =>
    new Simulation(
      scenario({ duration: 12 * MINUTE, cluster, services: [service(part)], timeline: timeline([30, upgrade]) }),
    );

  test("loses no request of a service with a budget, and never takes more than the budget allows", () => {
    const simulation = run({ budget });
    const { cluster: world } = simulation.world;
    let fewest = 5;
    simulation.observe(() => {
      const ready = world.state.containers.filter(({ ready: isReady, deleted }) => isReady && !deleted).length;
      fewest = Math.min(fewest, ready);
    });
    const { summary } = simulation.run();
    expect(summary.services.shop?.requests.failed).toBe(0);
    expect(fewest).toBe(4);
    expect(Object.values(summary.hosts.byHost)).toEqual(Array(4).fill({ downS: 60, outages: 1 }));
  });

  test("waits for ever where the budget has none to spare", () => {
    const none: ServiceSpec["budget"] = {
      ...budget,
      minAvailable: { kind: "count", value: 5 },
    } as ServiceSpec["budget"];
    const { summary } = run({ budget: none }).run();
    expect(summary.hosts.downS).toBe(0);
    expect(summary.warnings).toEqual([
      "the drain of host-1 is not over: budgets, or missing places elsewhere, hold it back",
    ]);
    expect(summary.services.shop?.requests.failed).toBe(0);
  });
});

describe("a drain", () => {
  test("empties a host in good order, and keeps it empty until it is opened", () => {
    const simulation = new Simulation(
      scenario({
        cluster,
        timeline: timeline([30, { kind: "drain", host: "host-2" }], [200, { kind: "uncordon", host: "host-2" }]),
      }),
    );
    simulation.runUntil(100 * SECOND);
    const [, drained] = simulation.world.cluster.state.hosts;
    expect(drained).toMatchObject({ cordoned: true, containers: [] });
    const { summary } = simulation.run();
    expect(drained?.cordoned).toBe(false);
    expect(summary.services.shop?.requests.failed).toBe(0);
  });
});

describe("a drain under a budget", () => {
  const run = (seed: number, part: Partial<ServiceSpec>) =>
    new Simulation(
      scenario({
        seed,
        duration: 2 * MINUTE,
        // Each of two hosts has some of them, and room for all.
        cluster: { ...cluster, hosts: hosts(2) },
        services: [service(part)],
        timeline: timeline([30, { kind: "drain", host: "host-1" }]),
      }),
    );

  test("loses no request where preStop outlasts the balancers' lag, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 2, max: 6 }), (seed, replicas) => {
        const minAvailable = { kind: "count" as const, value: replicas - 1 };
        const traffic = { ...service().traffic, arrivals: { kind: "poisson" as const, perSecond: 25 * replicas } };
        const simulation = run(seed, { replicas, traffic, budget: { ...budget, minAvailable } });
        const { summary } = simulation.run();
        const drained = simulation.world.cluster.state.containers.filter(({ deleted }) => deleted);
        expect(drained.length).toBeGreaterThan(0);
        expect(summary.services.shop?.requests.failed).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test("does lose some where containers stop before the balancers know", () => {
    const shutdown = { preStop: 0, gracePeriod: 40 * SECOND };
    const { summary } = run(1, {
      replicas: 4,
      shutdown,
      budget: { ...budget, minAvailable: { kind: "count", value: 3 } },
    }).run();
    expect(summary.services.shop?.requests.failed).toBeGreaterThan(0);
  });
});

describe("an autoscaled service", () => {
  const autoscale: ServiceSpec["autoscale"] = { min: 2, max: 10, metrics: [cpuUtilisation(50)], behavior: undefined };
  const base = service();
  const traffic = { ...base.traffic, arrivals: { kind: "poisson" as const, perSecond: 100 } };

  test("comes to rest where its use of cpu is the target, within the tolerance of a tenth", () => {
    // 90/s × 40 ms keep 3.6 slots busy; of 2 × 4 slots that is 45 %, a tenth below the target: left alone.
    const { summary, series } = simulate(
      scenario({
        duration: 20 * MINUTE,
        services: [
          service({ autoscale, traffic: { ...traffic, arrivals: { kind: "poisson", perSecond: 90 } }, replicas: 6 }),
        ],
      }),
    );
    expect(series.wanted.shop?.at(-1)?.replicas).toBe(2);
    expect(summary.services.shop?.requests.failed).toBe(0);
  });

  test("grows with its traffic within a minute, and shrinks five minutes after it is gone", () => {
    const surge = { kind: "traffic" as const, service: "shop", factor: 4, for: 5 * MINUTE };
    const { series } = simulate(
      scenario({
        duration: 25 * MINUTE,
        services: [service({ autoscale, traffic, replicas: 2 })],
        timeline: timeline([300, surge]),
      }),
    );
    const wanted = series.wanted.shop ?? [];
    const peak = Math.max(...wanted.map(({ replicas }) => replicas));
    expect(peak).toBeGreaterThanOrEqual(7);
    expect(peak).toBeLessThanOrEqual(10);
    const grown = wanted.find(({ replicas }) => replicas > 2);
    expect(grown?.atS).toBeGreaterThan(300);
    expect(grown?.atS).toBeLessThan(345);
    const firstDown = wanted.find(({ atS, replicas }, i) => atS > 600 && replicas < (wanted[i - 1]?.replicas ?? 0));
    expect(firstDown?.atS).toBeGreaterThan(600 + 285);
    expect(firstDown?.atS).toBeLessThan(600 + 345);
  });
});
