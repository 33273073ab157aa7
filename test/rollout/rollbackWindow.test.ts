/** Argo Rollouts' rollbackWindow: going back by a few versions skips what a new one has to pass. */
import { describe, expect, test } from "vitest";
import { canary } from "../../src/rollout/strategies/canary.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { DriverWorld, named } from "./driverWorld.ts";
import { FakeWorld } from "./fakeWorld.ts";

const PAUSED = [{ setWeight: 40 }, { pause: {} }, { setWeight: 80 }, { pause: {} }];

function canaryWorld(settings: object): DriverWorld {
  return new DriverWorld({ strategy: named({ name: "canary", settings: { steps: PAUSED, ...settings } }) });
}

const last = (world: DriverWorld) => world.driver.rolloutsOf(world.service).at(-1);

/** Puts a version in force, whatever its steps. */
function release(world: DriverWorld, ...images: readonly string[]): void {
  for (const image of images) {
    world.deploy(image);
    world.driver.promote(world.service, "full");
    world.run(300);
    expect(last(world)).toMatchObject({ to: image, outcome: "completed" });
  }
}

/** Whether going to that version passes by itself. */
function skips(world: DriverWorld, image: string): boolean {
  world.deploy(image);
  world.run(300);
  return last(world)?.outcome === "completed";
}

describe("the window", () => {
  // Argo Rollouts, sync.go, isRollbackWithinWindow: the revisions in between must be fewer than the window.
  test.each([
    { window: 0, to: "app:v3", skipped: false },
    { window: 1, to: "app:v3", skipped: true },
    { window: 1, to: "app:v2", skipped: false },
    { window: 2, to: "app:v2", skipped: true },
    { window: 2, to: "app:v1", skipped: false },
    { window: 3, to: "app:v1", skipped: true },
  ])("of $window, from v4 to $to: $skipped", ({ window, to, skipped }) => {
    const world = canaryWorld({ rollbackWindow: window });
    release(world, "app:v2", "app:v3", "app:v4");
    expect(skips(world, to)).toBe(skipped);
  });

  test("goes by when a version was first made, not by when it was last in force", () => {
    const world = canaryWorld({ rollbackWindow: 1 });
    release(world, "app:v2", "app:v3", "app:v2");
    expect(skips(world, "app:v3")).toBe(false);
    world.driver.promote(world.service, "full");
    world.run(300);
    expect(skips(world, "app:v2")).toBe(true);
  });

  test("does not hold for a version that was forgotten, which is new when it comes again", () => {
    const world = canaryWorld({ rollbackWindow: 3, revisionHistoryLimit: 1 });
    release(world, "app:v2", "app:v3", "app:v4");
    expect(skips(world, "app:v1")).toBe(false);
  });

  test("counts a version that was given up in between", () => {
    const world = canaryWorld({ rollbackWindow: 1 });
    world.deploy("app:v2");
    world.run(30);
    world.driver.abort(world.service);
    world.run(300);
    release(world, "app:v3");
    expect(skips(world, "app:v1")).toBe(false);
  });
});

describe("a canary that goes back within the window", () => {
  // Argo Rollouts, trafficrouting.go: while containers are lacking, the share of the setWeight before the present step counts.
  test("behind a router gets the last step's share as soon as one of its containers is available", () => {
    const seen = new Set<number>();
    for (const seed of [1, 2, 3, 4]) {
      const settings = { rollbackWindow: 2, trafficRouting: true, steps: PAUSED };
      const world = new FakeWorld({ strategy: canary as Strategy, settings, replicas: 6, seed });
      world.revisionsBack = 2;
      world.deploy({ errors: 0, good: true });
      const outcome = world.play((happening) => {
        if (happening !== "planned" || !Array.isArray(world.weights)) return;
        const { id } = world.next;
        seen.add(world.weights.find(({ release }) => release === id)?.percent ?? 0);
      });
      expect(outcome).toBe("completed");
      expect(world.notes).toContain("goes back to app:v2: skips all steps");
    }
    expect([...seen].sort((one, other) => one - other)).toEqual([0, 80, 100]);
  });

  test("runs no analysis", () => {
    const analysis = { metrics: [{ interval: "5s", requests: 0, whenFew: "failed" }] };
    const outcomeWith = (rollbackWindow: number) => {
      const world = canaryWorld({
        rollbackWindow,
        analysis,
        steps: [{ setWeight: 40 }, { pause: { duration: "60s" } }],
      });
      release(world, "app:v2");
      world.deploy("app:v1");
      world.run(300);
      return last(world)?.outcome;
    };
    expect(outcomeWith(0)).toBe("aborted");
    expect(outcomeWith(1)).toBe("completed");
  });

  test("is not given up, since Argo takes the abort back", () => {
    const world = canaryWorld({ rollbackWindow: 1 });
    release(world, "app:v2");
    world.deploy("app:v1");
    world.driver.abort(world.service);
    world.run(300);
    expect(last(world)).toMatchObject({ to: "app:v1", outcome: "completed" });
  });
});

describe("a blue-green release that goes back within the window", () => {
  const settings = {
    autoPromotion: false,
    scaleDownDelay: 0,
    postPromotionAnalysis: { metrics: [{ interval: "30s", count: 3, requests: 0, whenFew: "failed" }] },
    prePromotionAnalysis: { metrics: [{ interval: "30s", count: 3 }] },
  };

  test.each([0, 1])("of %i waits for nobody and is analysed by nothing, or does", (rollbackWindow) => {
    const world = new DriverWorld({
      strategy: named({ name: "blue-green", settings: { ...settings, rollbackWindow } }),
    });
    release(world, "app:v2");
    world.deploy("app:v1");
    world.run(60);
    const isOver = rollbackWindow === 1;
    expect(last(world)?.outcome === "completed").toBe(isOver);
    expect(world.counts()).toEqual(isOver ? { "app:v1": 5 } : { "app:v1": 5, "app:v2": 5 });
  });
});
