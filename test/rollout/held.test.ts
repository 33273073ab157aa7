import { describe, expect, test } from "vitest";
import { DriverWorld, named } from "./driverWorld.ts";

function last(world: DriverWorld) {
  return world.driver.rolloutsOf(world.service).at(-1);
}

describe("a rollout that a person holds", () => {
  test.each(["rolling", "recreate", "canary"])(
    "does nothing under %s until it is let go on, and is not stuck",
    (name) => {
      const world = new DriverWorld({ strategy: named(name) });
      world.driver.setPaused(world.service, true);
      world.deploy("app:v2");
      world.run(1_000);
      expect(world.counts()).toEqual({ "app:v1": 5 });
      expect(last(world)?.outcome).not.toBe("completed");
      world.driver.setPaused(world.service, false);
      world.run(60);
      expect(last(world)?.outcome).toBe("completed");
      expect(world.counts()).toEqual({ "app:v2": 5 });
    },
  );

  test("half way still follows a change of the wanted number, in proportion", () => {
    const world = new DriverWorld({
      strategy: named({ name: "rolling", settings: { maxSurge: 1, maxUnavailable: 0 } }),
    });
    world.deploy("app:v2");
    world.run(5);
    world.driver.setPaused(world.service, true);
    world.run(60);
    const before = world.counts();
    expect(before["app:v1"]).toBeGreaterThan(0);
    world.driver.scale(world.service, 10, 1);
    world.run(60);
    expect((world.counts()["app:v1"] ?? 0) + (world.counts()["app:v2"] ?? 0)).toBeGreaterThanOrEqual(10);
    expect(last(world)?.outcome).toBe("in-progress");
  });
});

describe("a service that is paused from the beginning", () => {
  const paused = (strategy: string) => new DriverWorld({ strategy: named(strategy), service: { paused: true } });

  test.each(["rolling", "recreate", "canary"])("starts no release under %s until it is resumed", (strategy) => {
    const world = paused(strategy);
    world.deploy("app:v2");
    world.run(1_000);
    expect(world.counts()).toEqual({ "app:v1": 5 });
    world.driver.setPaused(world.service, false);
    world.run(60);
    expect(world.counts()).toEqual({ "app:v2": 5 });
    expect(last(world)?.outcome).toBe("completed");
  });

  test.each(["rolling", "recreate", "canary", "blue-green"])("still follows the wanted number under %s", (strategy) => {
    const world = paused(strategy);
    world.driver.scale(world.service, 7, 1);
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 7 });
    world.deploy("app:v2");
    world.driver.scale(world.service, 9, 1);
    world.run(60);
    expect(world.counts()["app:v1"]).toBe(9);
    expect(last(world)?.outcome).toBe("in-progress");
  });

  test("does not switch under blue-green, though its preview starts (Argo Rollouts)", () => {
    const world = paused("blue-green");
    world.deploy("app:v2");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    expect(world.service.receiving).toEqual([0]);
    world.driver.setPaused(world.service, false);
    world.run(200);
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("in the middle of a canary shares a new number between both releases", () => {
    const steps = [{ setWeight: 40 }, { pause: {} }];
    const world = new DriverWorld({ replicas: 10, strategy: named({ name: "canary", settings: { steps } }) });
    world.deploy("app:v2");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 6, "app:v2": 4 });
    world.driver.setPaused(world.service, true);
    world.driver.scale(world.service, 20, 1);
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 12, "app:v2": 8 });
  });
});

describe("the memory of old releases", () => {
  const deployed = (revisionHistoryLimit: number) => {
    const world = new DriverWorld({ strategy: named({ name: "rolling", settings: { revisionHistoryLimit } }) });
    world.deploy("app:v2");
    world.run(60);
    return world;
  };

  test("of none leaves nothing to roll back to once the old containers are gone", () => {
    expect(deployed(0).driver.rollback(deployed(0).service, 0)).toBe("nothing-to-roll-back-to");
    const world = deployed(1);
    expect(world.driver.rollback(world.service, 0)).toBe("begun");
  });

  test("of none still goes back while the old release has containers", () => {
    const world = new DriverWorld({ strategy: named({ name: "rolling", settings: { revisionHistoryLimit: 0 } }) });
    world.deploy("app:v2");
    world.run(3);
    expect(world.driver.rollback(world.service, 0)).toBe("begun");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 5 });
  });
});
