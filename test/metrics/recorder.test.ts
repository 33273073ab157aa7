import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { CONDITION } from "../../src/traffic/servers.ts";
import { anyScenario } from "../support/anyScenario.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const RUNS = { numRuns: 40, seed: 5 };

/** Downtime, container time and their like by asking after every event: slow, and without any bookkeeping. */
function byHand(run: Scenario) {
  const simulation = new Simulation(run);
  const { cluster, traffic } = simulation.world;
  const sums = { down: 0, held: 0, surplus: 0, peak: 0 };
  let last = 0;
  const state = () => {
    const views = traffic.state.services[0]?.views ?? [];
    const takes = (id: number) => {
      const server = traffic.state.servers[id];
      const errors = cluster.release(server?.release ?? 0).image.errors;
      return server?.reachable === true && server.condition === CONDITION.answers && errors < 1;
    };
    const held = cluster.state.containers.filter(({ host, phase }) => host >= 0 && phase !== "gone");
    return {
      down: !views.some((view) => view.pickable.some(takes)),
      held: held.length,
      lasting: held.filter(({ deleted }) => !deleted).length,
      surplus: Math.max(0, held.length - cluster.service(0).replicas),
    };
  };
  let before = state();
  const settle = (now: number) => {
    sums.down += before.down ? now - last : 0;
    sums.held += before.held * (now - last);
    sums.surplus += before.surplus * (now - last);
    last = now;
    before = state();
    sums.peak = Math.max(sums.peak, before.lasting);
  };
  sums.peak = before.lasting;
  simulation.observe(({ time }) => settle(time));
  const { summary } = simulation.run();
  settle(run.duration);
  return { summary: summary.services.shop, sums };
}

describe("figures", () => {
  test("of downtime and containers are exact between events: the same as by asking after every event", () => {
    fc.assert(
      fc.property(anyScenario, (run) => {
        const { summary, sums } = byHand(run);
        expect(summary?.downtime.totalS).toBeCloseTo(sums.down / SECOND, 9);
        expect(summary?.availability.time).toBeCloseTo(1 - sums.down / run.duration, 9);
        expect(summary?.containers.seconds).toBeCloseTo(sums.held / SECOND, 6);
        expect(summary?.containers.surplusSeconds).toBeCloseTo(sums.surplus / SECOND, 6);
        expect(summary?.containers.peak).toBe(sums.peak);
      }),
      RUNS,
    );
  });

  test("in series add up to the totals, and outages to the downtime", () => {
    fc.assert(
      fc.property(anyScenario, (run) => {
        const { summary, series } = simulate(run);
        const shop = summary.services.shop;
        const bins = series.requests.shop;
        const sum = (column: readonly number[] | undefined) =>
          (column ?? []).reduce((total, value) => total + value, 0);
        expect(sum(bins?.arrived)).toBe(shop?.requests.arrived);
        expect(sum(bins?.succeeded)).toBe(shop?.requests.succeeded);
        expect(sum(bins?.failed)).toBe(shop?.requests.failed);
        for (const [cause, column] of Object.entries(bins?.byCause ?? {})) {
          const counted = shop?.requests.failures.filter((row) => row.cause === cause) ?? [];
          expect(sum(column)).toBe(counted.reduce((total, { count }) => total + count, 0));
        }
        const outages = shop?.downtime.list ?? [];
        expect(outages.reduce((total, { startS, endS }) => total + endS - startS, 0)).toBeCloseTo(
          shop?.downtime.totalS ?? -1,
          6,
        );
        for (const lane of series.lanes) {
          lane.phases.forEach(({ startS, endS }, i) => {
            expect(endS).toBeGreaterThanOrEqual(startS);
            if (i > 0) expect(startS).toBe(lane.phases[i - 1]?.endS);
          });
        }
      }),
      RUNS,
    );
  });

  test("leave out what arrived, and what passed, before the warm-up's end", () => {
    const run = scenario({ warmup: 2 * MINUTE, timeline: timeline([60, crashHost("host-1", 20)]) });
    const { summary, series } = simulate(run);
    const { arrived } = series.requests.shop as { arrived: number[] };
    expect(summary.measuredS).toBe(180);
    expect(summary.services.shop?.requests.arrived).toBe(arrived.slice(120).reduce((sum, count) => sum + count, 0));
    expect(summary.services.shop?.requests.failed).toBe(0);
    expect(summary.hosts.downS).toBe(0);
    expect(summary.hosts.hostSeconds).toBe(5 * 180);
    expect(summary.services.shop?.containers.seconds).toBe(5 * 180);
  });

  test("of placement: five on five hosts stand to lose one in five with a host, five on one host all", () => {
    const radius = (count: number) =>
      simulate(scenario({ cluster: { ...scenario().cluster, hosts: hosts(count) } })).summary.hosts;
    expect(radius(5)).toMatchObject({ blastRadius: 0.2, used: 5, utilisation: { cpu: 0.125, memory: 0.03125 } });
    expect(radius(1)).toMatchObject({ blastRadius: 1, used: 1, imbalance: 0 });
  });

  test("of hosts in use count those whose containers asked for nothing", () => {
    const { services } = scenario();
    const idle = scenario({ services: services.map((one) => ({ ...one, cpuMillicores: 0, memoryBytes: 0 })) });
    expect(simulate(idle).summary.hosts).toMatchObject({ used: 5, utilisation: { cpu: 0, memory: 0 } });
  });

  test("of waiting for a host leave out what was there from the start", () => {
    expect(simulate(scenario()).summary.services.shop?.containers.pendingMeanS).toBeNull();
    const grown = timeline([60, { kind: "scale", service: "shop", replicas: 6 }]);
    // One placement takes 5 ms.
    expect(simulate(scenario({ timeline: grown })).summary.services.shop?.containers.pendingMeanS).toBe(0.005);
  });

  test("of the blast radius leave out the time in which there is nobody to lose", () => {
    const one = { ...scenario().cluster, hosts: hosts(1) };
    const { hosts: found } = simulate(
      scenario({ cluster: one, timeline: timeline([60, crashHost("host-1", 100)]) }),
    ).summary;
    expect(found.blastRadius).toBe(1);
  });

  test("of repair: from the crash until all are ready again", () => {
    const kill = { kind: "kill" as const, service: "shop", count: 1 };
    const { containers } = simulate(scenario({ timeline: timeline([60, kill]) })).summary.services.shop ?? {};
    // Restarted at once, two seconds of start-up, up to one of waiting for the probe.
    expect(containers?.timeToRepairS.longest).toBeGreaterThanOrEqual(2);
    expect(containers?.timeToRepairS.longest).toBeLessThanOrEqual(3);
    expect(containers?.restarts).toBe(1);
  });

  test("of a release: never more than n + surge, never fewer than n − unavailable, answered by each version", () => {
    const run = scenario({ timeline: timeline([60, deploy("shop:v2")]), images: [image("shop:v1"), image("shop:v2")] });
    const { requests, rollouts } = simulate(run).summary.services.shop ?? {};
    expect(rollouts?.[0]).toMatchObject({
      from: "shop:v1",
      to: "shop:v2",
      outcome: "completed",
      peakContainers: 7,
      minAvailable: 4,
    });
    expect(requests?.failed).toBe(0);
    const versions = Object.values(requests?.byVersion ?? {}).map(({ succeeded }) => succeeded);
    expect(versions.reduce((sum, count) => sum + count, 0)).toBe(requests?.succeeded);
    expect(versions.every((count) => count > 5000)).toBe(true);
    expect(service().replicas).toBe(5);
  });
});
