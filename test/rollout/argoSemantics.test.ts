/** What Argo Rollouts does that a careless reading would miss. */
import { describe, expect, test } from "vitest";
import type { Signals } from "../../src/rollout/strategy.ts";
import { DriverWorld, named } from "./driverWorld.ts";

const blueGreen = (settings: object) => named({ name: "blue-green", settings: { verification: "none", ...settings } });

function last(world: DriverWorld) {
  return world.driver.rolloutsOf(world.service).at(-1);
}

const notes = (world: DriverWorld) => last(world)?.steps.map(({ note }) => note) ?? [];

function currentImage(world: DriverWorld): string {
  return world.cluster.release(world.service.current).image.name;
}

describe("abortScaleDownDelay: keep", () => {
  test("leaves a blue-green release that was given up where it is, without traffic, until the next rollout", () => {
    const world = new DriverWorld({ strategy: blueGreen({ abortScaleDownDelay: "keep", scaleDownDelay: "1h" }) });
    world.deploy("app:v2");
    world.run(20);
    world.driver.abort(world.service);
    world.run(600);
    expect(last(world)?.outcome).toBe("rolled-back");
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    expect(world.service.receiving).toEqual([0]);
    expect(currentImage(world)).toBe("app:v1");
    world.driver.scale(world.service, 6, 0);
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 6, "app:v2": 5 });
    world.deploy("app:v3");
    world.run(600);
    expect(world.counts()["app:v2"]).toBeUndefined();
    expect(world.counts()["app:v3"]).toBe(6);
  });

  test("and a release that was kept is proven again when it is deployed again", () => {
    const settings = { abortScaleDownDelay: "keep", scaleDownDelay: "1h", autoPromotion: "40s" };
    const world = new DriverWorld({ strategy: blueGreen(settings) });
    world.deploy("app:v2");
    world.run(60);
    world.driver.abort(world.service);
    world.run(600);
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    world.deploy("app:v2");
    world.run(30);
    expect(world.service.receiving).toEqual([0]);
    world.run(60);
    expect(world.service.receiving).not.toEqual([0]);
    expect(currentImage(world)).toBe("app:v2");
  });

  test("leaves a canary behind a router where it is, and the stable release has all the traffic", () => {
    const settings = { trafficRouting: true, steps: [{ setWeight: 40 }, { pause: {} }], abortScaleDownDelay: "keep" };
    const world = new DriverWorld({ strategy: named({ name: "canary", settings }) });
    world.deploy("app:v2");
    world.run(30);
    world.driver.abort(world.service);
    world.run(600);
    expect(last(world)?.outcome).toBe("rolled-back");
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 2 });
    expect(world.service.receiving).toEqual([0]);
    expect(world.serving()).toBe(5);
    world.deploy("app:v3");
    world.run(30);
    world.driver.promote(world.service, "full");
    world.run(600);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v3": 5 });
  });

  test("and a delay of 0 removes it at once", () => {
    const world = new DriverWorld({ strategy: blueGreen({ abortScaleDownDelay: 0, scaleDownDelay: "1h" }) });
    world.deploy("app:v2");
    world.run(20);
    world.driver.abort(world.service);
    world.run(10);
    expect(world.counts()).toEqual({ "app:v1": 5 });
  });
});

describe("a preview of no containers", () => {
  test("has none until a person promotes it, then all", () => {
    const world = new DriverWorld({ strategy: blueGreen({ previewReplicas: 0, autoPromotion: false }) });
    world.deploy("app:v2");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 5 });
    world.driver.promote(world.service);
    world.run(120);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });
});

describe("more containers to a release than there are replicas", () => {
  // Argo Rollouts, utils/replicaset/canary.go: the minimum is never more than all; its issue 4566 tells of the time when it was.
  test("are as many as replicas, and the canary comes to its end", () => {
    const settings = { trafficRouting: true, minContainers: 9, steps: [{ setWeight: 20 }, { pause: {} }] };
    const world = new DriverWorld({ strategy: named({ name: "canary", settings }) });
    world.deploy("app:v2");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    world.driver.promote(world.service);
    world.run(300);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });
});

describe("minReadySeconds", () => {
  test.each(["blue-green", "recreate", "on-delete", "canary", "rolling"])("holds up %s", (name) => {
    const endOf = (minReadySeconds: number) => {
      const rest = name === "blue-green" ? { verification: "none", scaleDownDelay: 0 } : {};
      const world = new DriverWorld({ strategy: named({ name, settings: { minReadySeconds, ...rest } }) });
      world.deploy("app:v2");
      world.run(5);
      // Nothing but that replaces anything under on-delete.
      if (name === "on-delete") {
        for (const container of [...world.cluster.state.containers])
          world.cluster.deleteContainer(container, 0, "test");
      }
      world.run(1000);
      expect(last(world)?.outcome).toBe("completed");
      return (last(world)?.endedAt ?? 0) - (last(world)?.startedAt ?? 0);
    };
    expect(endOf(40)).toBeGreaterThanOrEqual(endOf(0) + 30_000_000);
  });
});

describe("blue-green's analysis after the switch", () => {
  const analysed = (metric: object, rest: object = {}) =>
    blueGreen({ postPromotionAnalysis: { metrics: [{ interval: "10s", count: 3, ...metric }] }, ...rest });

  /** The new release has had the traffic for a while, and has answered so. */
  function switched(metric: object, answers: Signals, rest: object = {}): DriverWorld {
    const signals = new Map<number, Signals>();
    const world = new DriverWorld({ strategy: analysed(metric, rest), signals });
    world.deploy("app:v2");
    world.run(5);
    expect(notes(world)).toContain("switches all traffic to app:v2");
    signals.set(1, answers);
    world.run(40);
    return world;
  }

  test("lets a good version stay: the old one's delay begins when it is over", () => {
    const world = switched({}, { succeeded: 1000, failed: 0 });
    expect(notes(world)).toContain("keeps the old release for 30s");
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("gives the traffic back when too many answers are errors", () => {
    const world = switched({}, { succeeded: 80, failed: 20 });
    expect(world.service.receiving).toEqual([0]);
    world.run(60);
    expect(last(world)?.outcome).toBe("rolled-back");
    expect(world.counts()).toEqual({ "app:v1": 5 });
  });

  test("judges latency as well as errors", () => {
    const slow = { succeeded: 100, failed: 0, latency: 100 * 900_000 };
    expect(switched({ latency: "500ms" }, slow).service.receiving).toEqual([0]);
    expect(switched({ latency: "2s" }, slow).service.receiving).toEqual([1]);
  });

  test("waits for a person where it is inconclusive", () => {
    const world = switched({ errors: "5%", failAbove: "90%" }, { succeeded: 50, failed: 50 });
    world.run(600);
    expect(last(world)?.outcome).toBe("in-progress");
    expect(notes(world)).toContain("inconclusive; waits for a person to promote it");
    world.driver.promote(world.service);
    world.run(60);
    expect(last(world)?.outcome).toBe("completed");
  });

  test("gives the traffic back even where the old release does not answer just now, as Argo does", () => {
    const signals = new Map<number, Signals>();
    const world = new DriverWorld({ strategy: analysed({}), signals });
    world.deploy("app:v2");
    world.run(5);
    signals.set(1, { succeeded: 0, failed: 100 });
    const old = [...world.cluster.activeOf(world.cluster.release(0))];
    // The first restart comes at once, the second after 10 s: a look falls into that.
    for (const container of old) world.agent.crash(container, 0);
    world.run(4);
    for (const container of old) world.agent.crash(container, 0);
    world.run(9);
    expect(notes(world).some((note) => note.endsWith("100 of 100 answers failed, failed"))).toBe(true);
    expect(world.service.receiving).toEqual([0]);
  });
});
