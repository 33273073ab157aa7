import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/cluster/facts.ts";
import { PluginError } from "../../src/kernel/errors.ts";
import type { Signals, Strategy } from "../../src/rollout/strategy.ts";
import { DriverWorld, named } from "./driverWorld.ts";

const routed = (steps: readonly object[], rest: object = {}) =>
  named({ name: "canary", settings: { trafficRouting: true, steps, ...rest } });

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];

/** The percent of each release's traffic, by image. */
function shares(world: DriverWorld): Record<string, number> | undefined {
  const { weights } = world.service;
  return (
    weights && Object.fromEntries(weights.map((one) => [world.cluster.release(one.release).image.name, one.percent]))
  );
}

function last(world: DriverWorld) {
  return world.driver.rolloutsOf(world.service).at(-1);
}

describe("a canary in the cluster", () => {
  test("waits at every pause for one promotion, and moves the traffic in between", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(30);
    expect(shares(world)).toEqual({ "app:v1": 80, "app:v2": 20 });
    world.driver.promote(world.service);
    world.run(30);
    expect(shares(world)).toEqual({ "app:v1": 40, "app:v2": 60 });
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 3 });
    world.driver.promote(world.service);
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.service.weights).toBeUndefined();
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("tells the balancers of every change of the weights", () => {
    const world = new DriverWorld({ strategy: routed([{ setWeight: 20 }, { pause: "10s" }, { setWeight: 60 }]) });
    world.deploy("app:v2");
    world.run(120);
    const told = world.facts.filter(({ fact }: { fact: Fact }) => fact.kind === "receiving-changed");
    // All to the old one, 20 %, 60 %, all to the new one, and no split at last.
    expect(told).toHaveLength(5);
  });

  test("is given up by a person: the old release has all traffic, and its full size", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(30);
    world.driver.abort(world.service);
    world.run(1);
    expect(shares(world)).toEqual({ "app:v1": 100, "app:v2": 0 });
    world.run(60);
    expect(last(world)?.outcome).toBe("rolled-back");
    expect(world.service.weights).toBeUndefined();
    expect(world.counts()).toEqual({ "app:v1": 5 });
    expect(world.cluster.release(world.service.current).image.name).toBe("app:v1");
  });

  test("is promoted in full past everything", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(5);
    world.driver.promote(world.service, "full");
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
  });

  test("overtaken by another keeps the stable release, and removes the one in between", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(30);
    world.deploy("app:v3");
    world.run(60);
    expect(shares(world)).toEqual({ "app:v1": 80, "app:v3": 20 });
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v3": 1 });
  });

  test("rolled back by a person takes up the stable release at once", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(30);
    world.driver.rollback(world.service, world.root("rollback"));
    world.run(1);
    expect(shares(world)).toEqual({ "app:v1": 100 });
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v1": 5 });
  });

  test("overtaken by a rolling update leaves no split behind", () => {
    const world = new DriverWorld({ strategy: routed(STEPS) });
    world.deploy("app:v2");
    world.run(30);
    world.deploy("app:v3", "rolling");
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.service.weights).toBeUndefined();
    expect(world.counts()).toEqual({ "app:v3": 5 });
  });

  test("judges by the latency where that is known", () => {
    const signals = new Map<number, Signals>();
    const steps = [
      { setWeight: 20 },
      { pause: "30s" },
      { analysis: { metrics: [{ name: "slow", latency: "200ms" }] } },
    ];
    for (const [latency, expected] of [
      [100 * 190_000, "completed"],
      [100 * 210_000, "rolled-back"],
    ] as const) {
      const world = new DriverWorld({ strategy: routed(steps), signals });
      world.deploy("app:v2");
      world.run(5);
      signals.set(1, { succeeded: 0, failed: 0, latency: 0 });
      world.run(20);
      signals.set(1, { succeeded: 100, failed: 50, latency });
      world.run(120);
      expect(last(world)?.outcome).toBe(expected);
      signals.clear();
    }
  });

  test("whose latency nobody measures fails after the fifth error, ten seconds apart", () => {
    const signals = new Map<number, Signals>();
    const world = new DriverWorld({
      strategy: routed([{ setWeight: 20 }, { pause: "20s" }, { analysis: { metrics: [{ latency: "200ms" }] } }]),
      signals,
    });
    world.deploy("app:v2");
    world.run(10);
    for (let i = 0; i < 12; i++) {
      signals.set(1, { succeeded: 100 + 50 * i, failed: 0 });
      world.run(10);
    }
    expect(last(world)?.outcome).toBe("rolled-back");
    const errors = last(world)?.steps.filter(({ note }) => note.endsWith("error")) ?? [];
    expect(errors).toHaveLength(5);
    expect((errors[4]?.at ?? 0) - (errors[0]?.at ?? 0)).toBe(40_000_000);
  });
});

describe("a plan that splits the traffic", () => {
  const splitting = (weights: unknown): Strategy => ({
    kind: "strategy",
    name: "splitter",
    describe: "Splits the traffic.",
    plan: () => ({ weights: weights as never }),
  });

  test.each([
    { weights: [{ release: 1, percent: 50 }], message: /splits 50 percent of the traffic; expected 100/ },
    { weights: [{ release: 9, percent: 100 }], message: /gives traffic to release 9, which is not in its view/ },
    { weights: [{ release: 1, percent: 101 }], message: /gives 101 percent; expected a number from 0 to 100/ },
    { weights: "half", message: /has weights "half"; expected "none" or a list/ },
  ])("of $weights is refused", ({ weights, message }) => {
    const world = new DriverWorld({ strategy: "splitter", plugins: [splitting(weights)] });
    world.deploy("app:v2");
    expect(() => world.run(5)).toThrow(message);
    expect(() => world.run(5)).not.toThrow(PluginError);
  });
});
