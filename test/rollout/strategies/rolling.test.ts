import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveDown, resolveUp } from "../../../src/fields/countOrPercent.ts";
import { SECOND } from "../../../src/kernel/time.ts";
import { resolveFenceposts } from "../../../src/rollout/rollingCounts.ts";
import { rolling } from "../../../src/rollout/strategies/rolling.ts";
import type { Strategy } from "../../../src/rollout/strategy.ts";
import { FakeWorld } from "../fakeWorld.ts";

const strategy: Strategy = rolling;

const anyLimit = fc.oneof(
  fc.integer({ min: 0, max: 6 }),
  fc.integer({ min: 0, max: 120 }).map((percent) => `${percent}%`),
);
const anySetting = fc.record({
  maxSurge: anyLimit,
  maxUnavailable: anyLimit,
  minReadySeconds: fc.constantFrom("0s", "5s", 10),
});
const anyCase = fc.record({ settings: anySetting, replicas: fc.integer({ min: 0, max: 12 }), seed: fc.nat() });

function limitsOf(settings: object, replicas: number) {
  const { maxSurge, maxUnavailable } = rolling.settings?.parse(settings) ?? {};
  if (maxSurge === undefined || maxUnavailable === undefined) throw new Error("rolling has limits");
  const { surge, unavailable } = resolveFenceposts({ maxSurge, maxUnavailable }, replicas);
  return { most: replicas + surge, fewest: replicas - Math.min(unavailable, replicas) };
}

describe("rolling", () => {
  test("never has more than wanted + maxSurge containers, nor fewer than wanted − maxUnavailable available", () => {
    fc.assert(
      fc.property(anyCase, ({ settings, replicas, seed }) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        const { most, fewest } = limitsOf(settings, replicas);
        world.deploy();
        const outcome = world.play((happening) => {
          expect(world.existing()).toBeLessThanOrEqual(most);
          if (happening !== "planned") expect(world.available()).toBeGreaterThanOrEqual(fewest);
        });
        expect(outcome).toBe("completed");
        expect(world.next.desired).toBe(replicas);
        expect(world.previous.every(({ desired }) => desired === 0)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("never exceeds wanted + maxSurge when containers crash, and still ends", () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 20 }), ({ settings, replicas, seed }, crashes) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        world.crashes = crashes;
        const { most } = limitsOf(settings, replicas);
        world.deploy();
        expect(world.play(() => expect(world.existing()).toBeLessThanOrEqual(most))).toBe("completed");
      }),
    );
  });

  test("keeps serving with a version that never gets ready, and is stuck", () => {
    fc.assert(
      fc.property(anyCase, ({ settings, replicas, seed }) => {
        fc.pre(replicas > 0);
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        const { fewest } = limitsOf(settings, replicas);
        world.deploy({ good: false });
        expect(world.play()).toBe("stuck");
        expect(world.available()).toBeGreaterThanOrEqual(fewest);
        expect(world.notes.at(-1)).toBe("stuck: no progress for 10m");
      }),
    );
  });

  test("keeps both limits when a deploy comes on top of a stuck one, and ends with the third release", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 60 }), ({ settings, replicas, seed }, steps) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        const { most, fewest } = limitsOf(settings, replicas);
        const check = () => {
          expect(world.existing()).toBeLessThanOrEqual(most);
          expect(world.available()).toBeGreaterThanOrEqual(fewest);
        };
        world.deploy({ good: false });
        for (let i = 0; i < steps; i++) world.step();
        world.deploy();
        expect(world.play(check)).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([0, 0, replicas]);
      }),
    );
  });

  test("ends at the new size when the wanted number changes on the way", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 60 }), fc.integer({ min: 0, max: 14 }), (given, steps, resized) => {
        const world = new FakeWorld({ strategy, settings: given.settings, replicas: given.replicas, seed: given.seed });
        world.deploy();
        for (let i = 0; i < steps; i++) world.step();
        world.replicas = resized;
        world.plan = {};
        expect(world.play()).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([0, resized]);
      }),
    );
  });

  test("goes back to the old release in mid-rollout without leaving its limits", () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 60 }), ({ settings, replicas, seed }, steps) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        const { most, fewest } = limitsOf(settings, replicas);
        world.deploy();
        for (let i = 0; i < steps; i++) world.step();
        world.back(0);
        const outcome = world.play(() => {
          expect(world.existing()).toBeLessThanOrEqual(most);
          expect(world.available()).toBeGreaterThanOrEqual(fewest);
        });
        expect(outcome).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([replicas, 0]);
      }),
    );
  });

  test.each([
    { when: "nothing has happened yet", next: 0, expected: { 1: 2 } },
    { when: "the surge is used up", next: 2, expected: { 0: 4 } },
  ])("of 5 with the defaults it goes to $expected when $when", ({ next, expected }) => {
    const world = new FakeWorld({ strategy, replicas: 5 });
    world.deploy();
    if (next > 0) {
      world.ask();
      world.next.containers.push(
        ...Array.from({ length: next }, () => ({ ready: false, readySince: 0, crashing: false })),
      );
    }
    const plan = world.ask();
    const changed = Object.fromEntries((plan.scale ?? []).map(({ release, desired }) => [release, desired]));
    expect(changed).toMatchObject(expected);
  });

  test("stops a crashed old container before it starts to count what is available", () => {
    const world = new FakeWorld({ strategy, settings: { maxSurge: 0, maxUnavailable: 2 }, replicas: 10 });
    Object.assign(world.releases[0]?.containers[0] ?? {}, { ready: false, crashing: true });
    world.deploy();
    expect(world.ask().scale).toEqual([{ release: 0, desired: 8 }]);
  });

  test.each([
    { minReadySeconds: 7, micros: 7 * SECOND },
    { minReadySeconds: "7s", micros: 7 * SECOND },
    { minReadySeconds: "1m", micros: 60 * SECOND },
  ])("reads minReadySeconds $minReadySeconds as $micros µs", ({ minReadySeconds, micros }) => {
    expect(rolling.settings?.parse({ minReadySeconds }).minReadySeconds).toBe(micros);
  });

  test.each([{ maxSurge: "lots" }, { maxSurge: -1 }, { minReadySeconds: 1.5 }, { maxsurge: 1 }])(
    "refuses %o",
    (settings) => {
      expect(rolling.settings?.safeParse(settings).success).toBe(false);
    },
  );

  test("takes 25 % both ways by default, the surge rounded up and the unavailable rounded down", () => {
    const { maxSurge, maxUnavailable } = rolling.settings?.parse({}) ?? {};
    expect(maxSurge && resolveUp(maxSurge, 5)).toBe(2);
    expect(maxUnavailable && resolveDown(maxUnavailable, 5)).toBe(1);
  });
});
