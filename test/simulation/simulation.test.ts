import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { anyScenario, anyVitalScenario } from "../support/anyScenario.ts";
import { crashHost, deploy, host, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const RUNS = { numRuns: 40, seed: 20_261_123 };

describe("a run", () => {
  test("repeats bit for bit", () => {
    fc.assert(
      fc.property(anyScenario, (one) => {
        expect(JSON.stringify(simulate(one))).toBe(JSON.stringify(simulate(one)));
      }),
      RUNS,
    );
  });

  test("is not changed by stepping, stopping, watching or asking for results on the way", () => {
    fc.assert(
      fc.property(anyScenario, fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4 }), (one, stops) => {
        const watched = new Simulation(one);
        let seen = 0;
        watched.observe(() => {
          seen++;
        });
        for (const stop of [...stops].sort((a, b) => a - b)) {
          watched.runUntil(stop * SECOND);
          watched.result();
        }
        for (let i = 0; i < 100; i++) watched.step();
        expect(JSON.stringify(watched.run())).toBe(JSON.stringify(simulate(one)));
        expect(seen).toBe(watched.events);
      }),
      RUNS,
    );
  });

  test.each([
    { what: "any run", scenarios: anyScenario },
    { what: "a run with liveness and startup probes, and hangs", scenarios: anyVitalScenario },
  ])("$what, forked at any event, goes on in both as if it had never been", ({ scenarios }) => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 0, max: 300 }), fc.nat(50), (one, stop, steps) => {
        const original = new Simulation(one);
        original.runUntil(stop * SECOND);
        for (let i = 0; i < steps; i++) original.step();
        const twin = original.fork();
        const whole = JSON.stringify(simulate(one));
        expect(JSON.stringify(twin.run())).toBe(whole);
        expect(JSON.stringify(original.run())).toBe(whole);
      }),
      RUNS,
    );
  });

  test("goes back to a checkpoint as often as one likes", () => {
    const one = scenario({ timeline: timeline([60, deploy("shop:v2")], [100, crashHost("host-2", 60)]) });
    const simulation = new Simulation(one);
    simulation.runUntil(70 * SECOND);
    const checkpoint = simulation.checkpoint();
    const first = JSON.stringify(simulation.run());
    simulation.restore(checkpoint);
    expect(simulation.now).toBe(70 * SECOND);
    expect(JSON.stringify(simulation.run())).toBe(first);
  });

  test("goes back to a checkpoint between a hang and its kill", () => {
    const hang = { kind: "constant", value: 60 * SECOND } as const;
    const liveness = { period: 10 * SECOND, successes: 1, failures: 3, throughQueue: false };
    const one = scenario({ images: [image("shop:v1", { hang })], services: [service({ liveness })] });
    const simulation = new Simulation(one);
    simulation.runUntil(75 * SECOND);
    const probed = simulation.world.cluster.state.containers.map(({ hung, probes }) => hung && probes.liveness?.misses);
    expect(probed, "missed once, and not yet killed").toContain(1);
    const checkpoint = simulation.checkpoint();
    const first = JSON.stringify(simulation.run());
    expect(simulation.world.cluster.state.containers[0]?.restarts).toBeGreaterThan(0);
    simulation.restore(checkpoint);
    expect(JSON.stringify(simulation.run())).toBe(first);
  });

  test("has another digest under another seed", () => {
    expect(simulate(scenario(), { seed: 1 }).summary.digest).not.toBe(simulate(scenario(), { seed: 2 }).summary.digest);
  });
});

describe("named streams", () => {
  const one = scenario({
    duration: 120 * SECOND,
    hazards: [
      {
        kind: "renewal",
        index: 0,
        what: "hosts",
        only: [],
        every: { kind: "exponential", mean: 60 * SECOND },
        for: { kind: "exponential", mean: 10 * SECOND },
      },
    ],
    timeline: timeline([30, deploy("shop:v2")]),
  });

  test("give a service the same requests whatever else the cluster runs", () => {
    const alone = simulate(scenario()).summary.services.shop;
    const other = service({ name: "other", image: "shop:v2", replicas: 2 });
    const beside = simulate(scenario({ services: [service(), other], images: [image("shop:v1"), image("shop:v2")] }));
    expect(beside.summary.services.shop?.requests).toEqual(alone?.requests);
    expect(beside.summary.services.shop?.latencyMs).toEqual(alone?.latencyMs);
  });

  test("give every host the same failures when a host is added", () => {
    const before = simulate(one).summary.hosts.byHost;
    const hosts = [...one.cluster.hosts, host("added")];
    const after = simulate({ ...one, cluster: { ...one.cluster, hosts } }).summary.hosts.byHost;
    for (const [name, down] of Object.entries(before)) expect(after[name]).toEqual(down);
  });

  test("send the same requests whatever the strategy", () => {
    const arrivals = ["rolling", "recreate", "blue-green", "maintenance"].map((name) => {
      const strategy = { name, settings: {} };
      return simulate({ ...one, services: [service({ strategy })] }).series.requests.shop?.arrived;
    });
    for (const other of arrivals) expect(other).toEqual(arrivals[0]);
  });
});
