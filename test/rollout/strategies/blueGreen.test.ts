import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blueGreen } from "../../../src/rollout/strategies/blueGreen.ts";
import type { Strategy } from "../../../src/rollout/strategy.ts";
import { FakeWorld } from "../fakeWorld.ts";

const strategy: Strategy = blueGreen;

const anySetting = fc.record(
  {
    previewReplicas: fc.integer({ min: 1, max: 8 }),
    autoPromotion: fc.constantFrom(true, "20s"),
    verification: fc.constantFrom("none", {}, { for: "2m", every: "10s" }),
    scaleDownDelay: fc.constantFrom("0s", "30s", 45),
  },
  { requiredKeys: [] },
);
const anyCase = fc.record({ settings: anySetting, replicas: fc.integer({ min: 1, max: 10 }), seed: fc.nat() });

describe("blue-green", () => {
  test("never has more than twice the containers, nor a moment when nobody serves", () => {
    fc.assert(
      fc.property(anyCase, ({ settings, replicas, seed }) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        world.deploy();
        const outcome = world.play(() => {
          expect(world.existing()).toBeLessThanOrEqual(2 * replicas);
          expect(world.serving()).toBe(replicas);
        });
        expect(outcome).toBe("completed");
        expect(world.releases.map(({ desired }) => desired)).toEqual([0, replicas]);
        expect(world.receiving).toEqual([1]);
      }),
      { numRuns: 300 },
    );
  });

  test("never mixes versions: one release at a time receives", () => {
    fc.assert(
      fc.property(anyCase, ({ settings, replicas, seed }) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        world.deploy();
        world.ask();
        world.play(() => expect(world.receiving).toHaveLength(1));
      }),
    );
  });

  test("never switches to a version that never gets ready, and is stuck", () => {
    fc.assert(
      fc.property(anyCase, ({ settings, replicas, seed }) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        world.deploy({ good: false });
        expect(world.play(() => expect(world.serving()).toBe(replicas))).toBe("stuck");
        expect(world.receiving).toEqual([0]);
      }),
    );
  });

  test("goes back to the old version when the new one answers with too many errors", () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 10, max: 100 }), ({ settings, replicas, seed }, errors) => {
        fc.pre(settings.verification !== "none");
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        world.deploy({ errors });
        expect(world.play(() => expect(world.serving()).toBe(replicas))).toBe("rolled-back");
        expect(world.receiving).toEqual([0]);
        expect(world.releases.map(({ desired }) => desired)).toEqual([replicas, 0]);
      }),
    );
  });

  test("keeps a version whose errors stay within the allowance", () => {
    const world = new FakeWorld({ strategy, settings: { verification: { errors: "5%" } }, replicas: 3 });
    world.deploy({ errors: 4 });
    expect(world.play()).toBe("completed");
    expect(world.notes.some((note) => /^verified app:v2: \d+ of \d+ answers failed$/.test(note))).toBe(true);
  });

  test("concludes nothing from fewer answers than it was told to want", () => {
    const settings = { verification: { requests: 100_000_000 } };
    const world = new FakeWorld({ strategy, settings, replicas: 3 });
    world.deploy({ errors: 100 });
    expect(world.play()).toBe("completed");
  });

  test("gives a version up that is not ready within the deadline, if told to", () => {
    const world = new FakeWorld({ strategy, settings: { progressDeadlineAbort: true }, replicas: 4, seed: 3 });
    world.deploy({ good: false });
    expect(world.play(() => expect(world.serving()).toBe(4))).toBe("aborted");
    expect(world.releases.map(({ desired }) => desired)).toEqual([4, 0]);
  });

  test("waits for a person when it must not promote itself", () => {
    const world = new FakeWorld({ strategy, settings: { autoPromotion: false }, replicas: 3 });
    world.deploy();
    expect(world.play(undefined, 400)).toBeUndefined();
    expect(world.receiving).toEqual([0]);
    expect(world.notes.at(-1)).toBe("ready; waits for a person to promote it");
  });

  test("starts no more than the preview until it is promoted", () => {
    const world = new FakeWorld({ strategy, settings: { previewReplicas: 2, autoPromotion: false }, replicas: 5 });
    world.deploy();
    world.play(() => expect(world.next.containers.length).toBeLessThanOrEqual(2), 400);
    expect(world.next.containers).toHaveLength(2);
  });

  test("keeps twice the containers at most when deploys come on top of each other, at whatever moment", () => {
    fc.assert(
      fc.property(anyCase, fc.array(fc.nat({ max: 80 }), { maxLength: 3 }), ({ settings, replicas, seed }, moments) => {
        const world = new FakeWorld({ strategy, settings, replicas, seed });
        const check = () => {
          expect(world.existing()).toBeLessThanOrEqual(2 * replicas);
          expect(world.serving()).toBe(replicas);
        };
        for (const moment of moments) {
          world.deploy();
          for (let i = 0; i < moment; i++) {
            world.step();
            check();
          }
        }
        world.deploy();
        expect(world.play(check)).toBe("completed");
        expect(world.receiving).toEqual([world.next.id]);
      }),
      { numRuns: 300 },
    );
  });

  test("switches back at once to the old release that is still kept, without a pause or a verification", () => {
    const world = new FakeWorld({ strategy, settings: { autoPromotion: "10m", scaleDownDelay: "1h" }, replicas: 3 });
    world.deploy();
    world.play(undefined, 1);
    while (world.receiving?.[0] !== 1) world.step();
    world.back(0);
    world.ask();
    expect(world.receiving).toEqual([0]);
    expect(world.play()).toBe("completed");
    expect(world.releases.map(({ desired }) => desired)).toEqual([3, 0]);
  });

  test("switches back at once even while a third release still has containers", () => {
    const world = new FakeWorld({ strategy, settings: { scaleDownDelay: "1h" }, replicas: 3 });
    world.deploy();
    while (world.receiving?.[0] !== 1) world.step();
    world.deploy({ good: false });
    while (world.next.containers.length === 0) world.step();
    Object.assign(world.releases[0] ?? {}, {
      desired: 1,
      containers: [{ ready: true, readySince: 0, crashing: false }],
    });
    world.back(1);
    world.ask();
    expect(world.receiving).toEqual([1]);
    expect(world.plan.scale).toEqual(expect.arrayContaining([{ release: 2, desired: 0 }]));
    expect(world.plan.scale).toEqual(expect.arrayContaining([{ release: 0, desired: 0 }]));
    expect(world.play()).toBe("completed");
  });

  test.each([
    { order: ["start", "switch", "ready", "verify", "remove"], wrong: "it switches before the new ones are ready" },
    { order: ["start", "remove", "ready", "switch", "verify"], wrong: "it removes the old ones before the switch" },
  ])("is down for a while in the order $order: $wrong", ({ order }) => {
    const world = new FakeWorld({ strategy, settings: { order }, replicas: 3, seed: 5 });
    let down = 0;
    world.deploy();
    const outcome = world.play(() => {
      if (world.serving() === 0) down++;
    });
    expect(outcome).toBe("completed");
    expect(down).toBeGreaterThan(0);
  });

  test("completes in any order of steps, or goes back where it verifies before anything is ready", () => {
    const orders = fc.shuffledSubarray(["start", "ready", "switch", "verify", "remove"], { minLength: 5 });
    fc.assert(
      fc.property(orders, fc.nat(), (order, seed) => {
        const place = (step: string) => order.indexOf(step);
        fc.pre(place("start") < place("ready"));
        const blind = place("switch") < place("verify") && place("verify") < place("ready");
        const world = new FakeWorld({ strategy, settings: { order }, replicas: 3, seed });
        world.deploy();
        const outcome = world.play();
        expect(outcome).toBe(blind && place("verify") < place("remove") ? "rolled-back" : "completed");
        expect(world.serving()).toBe(3);
      }),
    );
  });

  test.each([
    { settings: { order: ["start", "start", "switch", "remove"] }, why: "a step twice" },
    { settings: { order: ["start", "ready", "switch"] }, why: "no remove" },
    { settings: { order: ["start", "swich", "remove"] }, why: "a step that does not exist" },
    { settings: { order: ["ready", "start", "switch", "remove"] }, why: "waiting for what has not started" },
    { settings: { autoPromotion: 30 }, why: "a time without a unit" },
    { settings: { verification: { errors: "150%" } }, why: "more errors than answers" },
    { settings: { previewReplicas: -1 }, why: "a preview of less than nothing" },
    { settings: { abortScaleDownDelay: "kept" }, why: "a delay that is none, and not keep" },
  ])("refuses $why", ({ settings }) => {
    expect(blueGreen.settings?.safeParse(settings).success).toBe(false);
  });
});
