import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { anyScenario } from "../support/anyScenario.ts";
import { crashHost, deploy, host, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const scheduler = { name: "kubernetes", settings: {} };
const on = (count: number, part = {}) => ({ ...scenario().cluster, scheduler, hosts: hosts(count, part) });

describe("Kubernetes' scheduler in the simulation", () => {
  test("spreads five containers over five hosts, and one host lost is one container lost", () => {
    const { summary } = simulate(scenario({ cluster: on(5), timeline: timeline([60, crashHost("host-2")]) }));
    expect(summary.hosts.used).toBe(5);
    expect(summary.services.shop?.requests.failures.every(({ root }) => root.includes("crash host-2"))).toBe(true);
  });

  test("spreads the new version by itself: a release leaves each host with one", () => {
    const simulation = new Simulation(scenario({ cluster: on(5), timeline: timeline([60, deploy("shop:v2")]) }));
    simulation.run();
    const { containers } = simulation.world.cluster.state;
    const left = containers.filter(({ phase }) => phase !== "gone").map(({ host: id }) => id);
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test("makes room for what matters more, as gracefully as victims ask for, and says why in Kubernetes' words", () => {
    const low = service({ name: "batch", image: "shop:v2", replicas: 4, cpuMillicores: 1000, priority: 0 });
    const high = service({ replicas: 0, cpuMillicores: 2000, priority: 100 });
    const simulation = new Simulation(
      scenario({
        cluster: on(1),
        services: [low, high],
        images: [image("shop:v1"), image("shop:v2")],
        timeline: timeline([60, { kind: "scale", service: "shop", replicas: 1 }]),
      }),
    );
    const reasons: string[] = [];
    simulation.world.cluster.journal.subscribe((fact) => {
      if (fact.kind === "container-unschedulable") reasons.push(`${fact.container.name}: ${fact.reasons.join()}`);
    });
    simulation.runUntil(61 * SECOND);
    const { state } = simulation.world.cluster;
    const victims = state.containers.filter(({ deleted }) => deleted);
    expect(victims).toHaveLength(2);
    expect(reasons[0]).toBe("shop-1: 1 Insufficient cpu");
    simulation.run();
    // Ten seconds of preStop, then the place is free; two victims are replaced and wait for room that never comes.
    const winner = state.containers.find(({ name }) => name === "shop-1");
    expect(winner?.ready).toBe(true);
    expect((winner?.assignedAt ?? 0) / SECOND).toBeGreaterThan(70);
    expect((winner?.assignedAt ?? 0) / SECOND).toBeLessThan(73);
    expect(state.containers.filter(({ phase }) => phase === "pending")).toHaveLength(2);
  });

  test("keeps a container off hosts whose taint it does not tolerate, until none else is left", () => {
    const tainted = host("host-1", { taints: [{ key: "gpu", value: "", effect: "NoSchedule" }] });
    const cluster = { ...on(1), hosts: [tainted, host("host-2")] };
    const { summary } = simulate(scenario({ cluster }));
    expect(summary.hosts).toMatchObject({ used: 1, blastRadius: 1 });
  });

  test("goes on where it stood in a fork, also where it looks at some of the hosts only", () => {
    const many = { ...scenario().cluster, scheduler, hosts: hosts(150) };
    const one = scenario({ cluster: many, timeline: timeline([30, { kind: "scale", service: "shop", replicas: 40 }]) });
    const original = new Simulation(one);
    original.runUntil(30.1 * SECOND);
    const twin = original.fork();
    expect(JSON.stringify(twin.run())).toBe(JSON.stringify(simulate(one)));
  });

  test("sees only what the snapshot says: a run forked anywhere goes on as if it had never been", () => {
    fc.assert(
      fc.property(anyScenario, fc.integer({ min: 0, max: 300 }), (any, stop) => {
        const one = { ...any, cluster: { ...any.cluster, scheduler } };
        const original = new Simulation(one);
        original.runUntil(stop * SECOND);
        const twin = original.fork();
        const whole = JSON.stringify(simulate(one));
        expect(JSON.stringify(twin.run())).toBe(whole);
        expect(JSON.stringify(original.run())).toBe(whole);
      }),
      { numRuns: 30, seed: 11 },
    );
  });
});
