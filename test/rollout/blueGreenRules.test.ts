import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/kernel/time.ts";
import { blueGreenPause, delayedScaleDown, newSetSize, previewOrFull } from "../../src/rollout/blueGreenRules.ts";
import { blueGreen } from "../../src/rollout/strategies/blueGreen.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { FakeWorld } from "./fakeWorld.ts";

const strategy = blueGreen as Strategy;

describe("the rules of blue-green", () => {
  test.each([
    { part: {}, size: 2 },
    { part: { preview: undefined }, size: 10 },
    { part: { otherActive: false }, size: 10 },
    { part: { checkpoint: true }, size: 10 },
    { part: { promoted: true }, size: 10 },
  ])("with $part the new set has $size containers", ({ part, size }) => {
    const usual = { replicas: 10, preview: 2, otherActive: true, checkpoint: false, promoted: false };
    expect(previewOrFull({ ...usual, ...part })).toBe(size);
  });

  test.each([
    { part: { available: false }, stands: "wait" },
    { part: {}, stands: "paused" },
    { part: { pausedFor: 9 * SECOND }, stands: "paused" },
    { part: { pausedFor: 10 * SECOND }, stands: "over" },
    { part: { pausedFor: 10 * SECOND, held: true }, stands: "paused" },
    { part: { autoPromotion: undefined, pausedFor: 99 * SECOND }, stands: "paused" },
    { part: { autoPromotion: undefined, resumed: true }, stands: "over" },
    { part: { autoPromotion: 0 }, stands: "over" },
    { part: { autoPromotion: undefined, otherActive: false }, stands: "over" },
    { part: { autoPromotion: undefined, otherActive: false, available: false }, stands: "wait" },
  ])("with $part the pause is: $stands", ({ part, stands }) => {
    const usual = {
      otherActive: true,
      available: true,
      autoPromotion: 10 * SECOND,
      pausedFor: undefined,
      resumed: false,
      held: false,
    };
    expect(blueGreenPause({ ...usual, ...part })).toBe(stands);
  });

  test("a set whose deadline has passed still counts among the newest few", () => {
    const sets = [
      { revision: 1, desired: 3, deadline: 10 * SECOND },
      { revision: 2, desired: 3, deadline: -1 },
    ];
    expect(delayedScaleDown(sets, 1)).toEqual([0, 0]);
    expect(delayedScaleDown(sets, 2)).toEqual([3, 0]);
  });

  test("replaced sets keep everything until their deadline, and only the newest few have one", () => {
    const set = fc.record({
      revision: fc.nat(1_000),
      desired: fc.nat(10),
      deadline: fc.option(fc.integer({ min: -10, max: 10 }), { nil: undefined }),
    });
    const sets = fc.uniqueArray(set, { selector: ({ revision }) => revision, maxLength: 8 });
    fc.assert(
      fc.property(sets, fc.option(fc.nat(4), { nil: undefined }), (replaced, limit) => {
        const left = delayedScaleDown(replaced, limit);
        const kept = replaced.filter((_, place) => (left[place] ?? 0) > 0);
        for (const [place, one] of replaced.entries()) expect([0, one.desired]).toContain(left[place]);
        expect(kept.length).toBeLessThanOrEqual(limit ?? replaced.length);
        expect(kept.every(({ deadline }) => (deadline ?? 0) > 0)).toBe(true);
        const up = replaced.filter(({ desired }) => desired > 0);
        const inLimit = up.sort((one, other) => other.revision - one.revision).slice(0, limit ?? up.length);
        expect(inLimit.filter(({ deadline }) => (deadline ?? 0) > 0).every((one) => kept.includes(one))).toBe(true);
      }),
    );
  });

  test.each([
    { when: "is not aborted", part: { aborted: false }, expected: { desired: 10, deadline: undefined } },
    { when: "was just aborted", part: {}, expected: { desired: 8, deadline: 30 } },
    { when: "waits for its deadline", part: { deadline: 5 }, expected: { desired: 8, deadline: 5 } },
    { when: "is past it", part: { deadline: -1 }, expected: { desired: 0, deadline: -1 } },
    { when: "is to be kept for ever", part: { delay: 0 }, expected: { desired: 10, deadline: undefined } },
  ])("a new set that $when has $expected.desired containers", ({ part, expected }) => {
    const usual = { replicas: 10, desired: 8, aborted: true, delay: 30, deadline: undefined };
    expect(newSetSize({ ...usual, ...part })).toEqual(expected);
  });
});

describe("blue-green under a person's hands", () => {
  test("is given up before the switch without a trace", () => {
    const world = new FakeWorld({ strategy, settings: { autoPromotion: false }, replicas: 3 });
    world.deploy();
    world.play(() => {}, 200);
    expect(world.existing()).toBe(6);
    world.abortAsked = true;
    expect(world.play()).toBe("aborted");
    expect(world.releases.map(({ desired }) => desired)).toEqual([3, 0]);
  });

  test("is given up after the switch, and goes back to the old release", () => {
    const world = new FakeWorld({ strategy, settings: { scaleDownDelay: "1h", verification: "none" }, replicas: 3 });
    world.deploy();
    while (world.receiving?.[0] !== 1) world.step();
    world.abortAsked = true;
    expect(world.play()).toBe("rolled-back");
    expect(world.receiving).toEqual([0]);
  });

  test("does not promote itself while a person holds it", () => {
    const world = new FakeWorld({ strategy, settings: { autoPromotion: "10s" }, replicas: 3 });
    world.paused = true;
    world.deploy();
    world.play(() => {}, 500);
    expect(world.receiving).toEqual([0]);
    world.paused = false;
    expect(world.play()).toBe("completed");
  });
});
