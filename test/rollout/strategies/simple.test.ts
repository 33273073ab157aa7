import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MINUTE } from "../../../src/kernel/time.ts";
import { byHand } from "../../../src/rollout/strategies/byHand.ts";
import { maintenance } from "../../../src/rollout/strategies/maintenance.ts";
import { onDelete } from "../../../src/rollout/strategies/onDelete.ts";
import { recreate } from "../../../src/rollout/strategies/recreate.ts";
import { statefulSet } from "../../../src/rollout/strategies/statefulSet.ts";
import { STRATEGIES } from "../../../src/rollout/strategies.ts";
import type { Strategy } from "../../../src/rollout/strategy.ts";
import { FakeWorld } from "../fakeWorld.ts";

/** Settings that mean something by being left out. */
const OPTIONAL = [
  "prePromotionAnalysis",
  "previewReplicas",
  "scaleDownDelayRevisionLimit",
  "analysis",
  "minContainers",
  "abortScaleDownDelay",
  "replicaProgressThreshold",
];

/** A broken container stops a StatefulSet until a person deletes it, and nothing but a deletion moves on-delete. */
const GO_ON_BY_THEMSELVES = STRATEGIES.filter((strategy) => strategy !== statefulSet && strategy !== onDelete);

const anyCase = fc.record({ replicas: fc.integer({ min: 1, max: 8 }), seed: fc.nat() });

describe("recreate", () => {
  const strategy: Strategy = recreate;

  test("never runs an old and a new container together, not even one that is still stopping", () => {
    fc.assert(
      fc.property(anyCase, ({ replicas, seed }) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.deploy();
        const outcome = world.play(() => {
          const [old, fresh] = world.releases;
          const oldLeft = (old?.containers.length ?? 0) + (old?.terminating ?? 0);
          expect(oldLeft > 0 && (fresh?.containers.length ?? 0) > 0).toBe(false);
        });
        expect(outcome).toBe("completed");
        expect(world.available()).toBe(replicas);
      }),
    );
  });

  test("is down for a while: there is a moment without any ready container", () => {
    const world = new FakeWorld({ strategy, replicas: 3 });
    let fewest = 3;
    world.deploy();
    world.play(() => {
      fewest = Math.min(fewest, world.serving());
    });
    expect(fewest).toBe(0);
  });

  test("stays down and is stuck with a version that never gets ready", () => {
    const world = new FakeWorld({ strategy, replicas: 3 });
    world.deploy({ good: false });
    expect(world.play()).toBe("stuck");
    expect(world.serving()).toBe(0);
  });
});

describe("maintenance", () => {
  const strategy: Strategy = maintenance;

  test("lets no request through from its first moment to its last, then all", () => {
    fc.assert(
      fc.property(anyCase, ({ replicas, seed }) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.deploy();
        world.ask();
        const outcome = world.play(() => {
          if (world.plan.outcome === undefined) expect(world.receiving).toEqual([]);
        });
        expect(outcome).toBe("completed");
        expect(world.receiving).toBeUndefined();
        expect(world.serving()).toBe(replicas);
      }),
    );
  });

  test("stops no container before the window is over", () => {
    const world = new FakeWorld({ strategy, settings: { window: "5m" }, replicas: 3 });
    world.deploy();
    world.play(() => {
      if (world.now < 5 * MINUTE) expect(world.releases[0]?.containers).toHaveLength(3);
    });
    expect(world.now).toBeGreaterThanOrEqual(5 * MINUTE);
  });
});

describe("by-hand", () => {
  const strategy: Strategy = byHand;

  test("does one thing a plan: starts or stops a single container", () => {
    const order = fc.constantFrom("stop-first", "start-first");
    fc.assert(
      fc.property(anyCase, order, ({ replicas, seed }, order) => {
        const world = new FakeWorld({ strategy, settings: { order }, replicas, seed });
        world.deploy();
        let before = world.releases.map(({ desired }) => desired);
        const outcome = world.play(() => {
          const now = world.releases.map(({ desired }) => desired);
          const moved = now.reduce((total, desired, i) => total + Math.abs(desired - (before[i] ?? 0)), 0);
          expect(moved).toBeLessThanOrEqual(1);
          before = now;
        });
        expect(outcome).toBe("completed");
        expect(before).toEqual([0, replicas]);
      }),
    );
  });

  test.each([
    { order: "stop-first", fewest: 4, most: 5 },
    { order: "start-first", fewest: 5, most: 6 },
  ])("$order keeps between $fewest and $most containers of 5", ({ order, fewest, most }) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const world = new FakeWorld({ strategy, settings: { order }, replicas: 5, seed });
        world.deploy();
        world.play(() => {
          expect(world.serving()).toBeGreaterThanOrEqual(fewest);
          expect(world.existing()).toBeLessThanOrEqual(most);
        });
      }),
    );
  });

  test("stops at the first container of a version that never gets ready", () => {
    const world = new FakeWorld({ strategy, replicas: 5 });
    world.deploy({ good: false });
    expect(world.play()).toBe("stuck");
    expect(world.releases.map(({ desired }) => desired)).toEqual([4, 1]);
  });

  test("grows and shrinks one by one when the wanted number changes on the way", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 40 }), fc.nat({ max: 9 }), ({ replicas, seed }, steps, resized) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.deploy();
        for (let i = 0; i < steps; i++) world.step();
        world.replicas = resized;
        world.plan = {};
        expect(world.play()).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([0, resized]);
      }),
    );
  });
});

describe.each(STRATEGIES)("$name", (strategy) => {
  test("says of each setting what it means, in a schema that editors understand", () => {
    const schema = strategy.settings && z.toJSONSchema(strategy.settings, { io: "input" });
    const properties = Object.entries(schema?.properties ?? {});
    expect(properties.length).toBeGreaterThan(0);
    for (const [name, property] of properties) {
      expect(property, name).toHaveProperty("description");
      if (!OPTIONAL.includes(name)) expect(property, name).toHaveProperty("default");
    }
  });

  test("has nothing to do for a service of no containers", () => {
    const world = new FakeWorld({ strategy, replicas: 0 });
    world.deploy();
    expect(world.play()).toBe("completed");
    expect(world.existing()).toBe(0);
  });

  test("gives the same plan to the same view", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 60 }), ({ replicas, seed }, steps) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.deploy();
        for (let i = 0; i < steps; i++) world.step();
        const settings = strategy.settings?.parse({});
        const view = world.view();
        const frozen = JSON.stringify(view);
        expect(strategy.plan(view, settings)).toEqual(strategy.plan(view, settings));
        expect(JSON.stringify(view)).toBe(frozen);
      }),
    );
  });
});

describe.each(GO_ON_BY_THEMSELVES)("$name", (strategy) => {
  test("ends, or is stuck, whatever crashes, and when another deploy comes on top of it at any moment", () => {
    const moments = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.boolean()), { maxLength: 3 });
    fc.assert(
      fc.property(anyCase, moments, fc.nat({ max: 10 }), ({ replicas, seed }, moments, crashes) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.crashes = crashes;
        for (const [moment, good] of moments) {
          world.deploy({ good });
          for (let i = 0; i < moment; i++) world.step();
        }
        world.deploy();
        const outcome = world.play();
        // Blue-green goes back when it finds nobody of the new release ready after the switch.
        if (crashes === 0 || outcome !== "rolled-back") {
          expect(outcome).toBe("completed");
          expect(world.next.desired).toBe(replicas);
        }
        expect(world.releases.reduce((wanted, { desired }) => wanted + desired, 0)).toBe(replicas);
      }),
      { numRuns: 200 },
    );
  });

  test("goes back to the first release from any moment of the way", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 60 }), ({ replicas, seed }, steps) => {
        const world = new FakeWorld({ strategy, replicas, seed });
        world.deploy();
        for (let i = 0; i < steps; i++) world.step();
        world.back(0);
        expect(world.play()).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([replicas, 0]);
        expect(world.serving()).toBe(replicas);
      }),
    );
  });
});
