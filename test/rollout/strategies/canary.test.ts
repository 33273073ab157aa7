import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveDown, resolveUp } from "../../../src/fields/countOrPercent.ts";
import { MINUTE, SECOND } from "../../../src/kernel/time.ts";
import { canary } from "../../../src/rollout/strategies/canary.ts";
import type { Plan, Strategy } from "../../../src/rollout/strategy.ts";
import { FakeWorld, type Happening } from "../fakeWorld.ts";

const strategy = canary as Strategy;
const STEPS = [{ setWeight: 20 }, { pause: "1m" }, { setWeight: 60 }, { pause: "30s" }];

/** Percent of the traffic that the new release has by weight. */
function percentOf(weights: Plan["weights"], release: number): number | undefined {
  return weights === "none" || weights === undefined
    ? undefined
    : (weights.find((one) => one.release === release)?.percent ?? 0);
}

function played(settings: object, part: { replicas?: number; errors?: number; good?: boolean; seed?: number } = {}) {
  const world = new FakeWorld({ strategy, settings, replicas: part.replicas ?? 10, seed: part.seed ?? 7 });
  world.deploy({ errors: part.errors ?? 0, good: part.good ?? true });
  return world;
}

const anyLimits = fc
  .record({
    maxSurge: fc.integer({ min: 0, max: 4 }),
    maxUnavailable: fc.integer({ min: 0, max: 4 }),
    replicas: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(),
    weights: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0);

describe("a canary by numbers of containers", () => {
  test("stays within maxSurge and maxUnavailable at every moment, and completes", () => {
    fc.assert(
      fc.property(anyLimits, ({ maxSurge, maxUnavailable, replicas, seed, weights }) => {
        const steps = weights.flatMap((setWeight) => [{ setWeight }, { pause: "10s" }]);
        const world = played({ steps, maxSurge, maxUnavailable }, { replicas, seed });
        const most = replicas + resolveUp({ kind: "count", value: maxSurge }, replicas);
        const least = replicas - resolveDown({ kind: "count", value: maxUnavailable }, replicas);
        const outcome = world.play((happening: Happening) => {
          expect(world.existing()).toBeLessThanOrEqual(most);
          if (happening === "reconciled") expect(world.available()).toBeGreaterThanOrEqual(Math.min(least, replicas));
        });
        expect(outcome).toBe("completed");
        expect(world.next.containers).toHaveLength(replicas);
        expect(world.releases[0]?.containers).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("has the step's share of the containers while it pauses", () => {
    const world = played({ steps: STEPS });
    const seen = new Map<string, number>();
    const outcome = world.play(() => {
      for (const note of [world.plan.note ?? []].flat())
        if (note.startsWith("pauses")) seen.set(note, world.next.containers.length);
    });
    expect(outcome).toBe("completed");
    expect(Object.fromEntries(seen)).toEqual({ "pauses for 1m": 2, "pauses for 30s": 6 });
    expect(world.weights).toBe("none");
  });

  test("spends the whole of its pauses before it completes", () => {
    const world = played({ steps: STEPS });
    world.play();
    expect(world.now).toBeGreaterThanOrEqual(MINUTE + 30 * SECOND);
  });

  test("waits for a person where a pause has no length, once per pause", () => {
    const world = played({ steps: [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: null }] });
    world.play(() => {}, 400);
    expect(world.next.containers).toHaveLength(1);
    world.promotions = 1;
    world.play(() => {}, 400);
    expect(world.next.containers).toHaveLength(5);
    expect(world.plan.note).toContain("waits for a person to promote it");
    world.promotions = 2;
    expect(world.play()).toBe("completed");
  });

  test("skips everything when promoted in full", () => {
    const world = played({ steps: [{ setWeight: 10 }, { pause: {} }] });
    world.promotedInFull = true;
    expect(world.play()).toBe("completed");
    expect(world.notes).not.toContain("waits for a person to promote it");
  });

  test("gives up when a person says so, and leaves the old release whole", () => {
    const world = played({ steps: [{ setWeight: 40 }, { pause: {} }] });
    world.play(() => {}, 400);
    world.abortAsked = true;
    expect(world.play()).toBe("rolled-back");
    expect(world.releases.map(({ containers }) => containers.length)).toEqual([10, 0]);
  });

  test("is stuck with a version that never gets ready, and loses no more than maxUnavailable", () => {
    const world = played({ steps: STEPS, maxSurge: 1, maxUnavailable: 0 }, { good: false });
    expect(world.play()).toBe("stuck");
    expect(world.serving()).toBe(10);
  });

  test("gives such a version up by itself if it is told to", () => {
    const world = played({ steps: STEPS, progressDeadlineAbort: true }, { good: false });
    expect(world.play()).toBe("aborted");
    expect(world.serving()).toBe(10);
  });
});

describe("a canary that is analysed", () => {
  const analysed = [{ setWeight: 20 }, { pause: "1m" }, { analysis: { metrics: [{ errors: "5%", requests: 10 }] } }];

  test.each([
    { errors: 0, expected: "completed" },
    { errors: 5, expected: "completed" },
    { errors: 6, expected: "rolled-back" },
    { errors: 100, expected: "rolled-back" },
  ])("with $errors % of failed answers ends $expected", ({ errors, expected }) => {
    for (const trafficRouting of [true, false]) {
      const world = played({ steps: analysed, trafficRouting }, { errors });
      expect(world.play()).toBe(expected);
      expect(world.serving()).toBe(10);
    }
  });

  test("measures as often as told, and fails at the first failure above the limit", () => {
    const metric = { errors: "1%", interval: "20s", count: 5, failureLimit: 2 };
    const world = played({ steps: [{ setWeight: 50 }, { analysis: { metrics: [metric] } }] }, { errors: 10 });
    expect(world.play()).toBe("rolled-back");
    expect(world.notes.filter((note) => note.includes(", failed"))).toHaveLength(3);
  });

  test("between two bounds waits for a person, who may go on", () => {
    const metric = { errors: "1%", failAbove: "50%" };
    const steps = [{ setWeight: 50 }, { pause: "1m" }, { analysis: { metrics: [metric] } }, { setWeight: 80 }];
    const world = played({ steps }, { errors: 10 });
    expect(world.play(() => {}, 1_000)).toBeUndefined();
    expect(world.plan.note).toContain("inconclusive; waits for a person to promote it");
    world.promotions = 1;
    expect(world.play()).toBe("completed");
  });

  test("beside the steps is looked at all the time, and stops a pause without end", () => {
    const analysis = { startingStep: 1, metrics: [{ errors: "5%", interval: "30s" }] };
    const world = played({ steps: [{ setWeight: 20 }, { pause: {} }], analysis }, { errors: 20 });
    expect(world.play()).toBe("rolled-back");
  });

  test("beside the steps that finds nothing lets it complete", () => {
    const analysis = { metrics: [{ errors: "5%", interval: "10s" }] };
    const world = played({ steps: STEPS, analysis, trafficRouting: true });
    expect(world.play()).toBe("completed");
  });

  test("asks for a count beside an interval where the analysis is a step", () => {
    const steps = [{ analysis: { metrics: [{ interval: "10s" }] } }];
    expect(() => canary.settings?.parse({ steps })).toThrow(/come to an end/);
  });
});

describe("a canary with a router", () => {
  const routed = { steps: STEPS, trafficRouting: true };

  test("keeps the old release whole until the new one has all traffic, and its delay is over", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (replicas, seed) => {
        const world = played(routed, { replicas, seed });
        const outcome = world.play(() => {
          const old = world.releases[0]?.containers.length ?? 0;
          if (old < replicas) expect(percentOf(world.weights, 1) ?? 100).toBe(100);
        });
        expect(outcome).toBe("completed");
        expect(world.now).toBeGreaterThanOrEqual(MINUTE + 30 * SECOND + 30 * SECOND);
      }),
      { numRuns: 40 },
    );
  });

  test("raises the weight only when the containers for it are available", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (replicas, seed) => {
        const world = played(routed, { replicas, seed });
        let before = 0;
        world.play((happening) => {
          const percent = percentOf(world.weights, 1) ?? before;
          if (happening === "planned" && percent > before) {
            expect(world.next.containers.filter(({ ready }) => ready).length).toBe(
              Math.ceil((percent * replicas) / 100),
            );
          }
          before = percent;
        });
      }),
      { numRuns: 40 },
    );
  });

  test("goes back to no traffic at once when it is given up, and keeps its containers for the delay", () => {
    const world = played({ ...routed, steps: [{ setWeight: 40 }, { pause: {} }] });
    world.play(() => {}, 400);
    expect(percentOf(world.weights, 1)).toBe(40);
    world.abortAsked = true;
    world.ask();
    const since = world.now;
    expect(percentOf(world.weights, 1)).toBe(0);
    expect(world.next.desired).toBe(4);
    expect(world.play()).toBe("rolled-back");
    expect(world.now - since).toBeGreaterThanOrEqual(30 * SECOND);
    expect(world.weights).toBe("none");
  });

  test("sizes the canary apart from its traffic", () => {
    const steps = [{ setCanaryScale: { replicas: 3 } }, { setWeight: 10 }, { pause: {} }];
    const world = played({ ...routed, steps });
    world.play(() => {}, 400);
    expect(world.next.containers).toHaveLength(3);
    expect(percentOf(world.weights, 1)).toBe(10);
  });

  test("sizes it and gives it its traffic in one step, the traffic when the size is there", () => {
    const world = played({ ...routed, steps: [{ setWeight: 10, setCanaryScale: { replicas: 3 } }, { pause: {} }] });
    world.play(() => {
      if ((percentOf(world.weights, 1) ?? 0) > 0) expect(world.next.containers).toHaveLength(3);
    }, 400);
    expect(world.next.containers).toHaveLength(3);
    expect(percentOf(world.weights, 1)).toBe(10);
  });

  test("shrinks the old release with its traffic under dynamicStableScale, never below what its share needs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (replicas, seed) => {
        const world = played({ ...routed, dynamicStableScale: true }, { replicas, seed });
        const outcome = world.play((happening) => {
          if (happening !== "reconciled") return;
          const share = percentOf(world.weights, 0) ?? 0;
          expect(world.releases[0]?.containers.length ?? 0).toBeGreaterThanOrEqual(Math.ceil((share * replicas) / 100));
        });
        expect(outcome).toBe("completed");
      }),
      { numRuns: 40 },
    );
  });

  test("under dynamicStableScale gives the traffic back no faster than the old release grows", () => {
    const world = played({
      ...routed,
      steps: [{ setWeight: 20 }, { setWeight: 60 }, { pause: {} }],
      dynamicStableScale: true,
    });
    world.play(() => {}, 600);
    expect(world.releases[0]?.containers.length).toBe(4);
    world.abortAsked = true;
    const outcome = world.play(() => {
      const share = percentOf(world.weights, 0) ?? 0;
      const ready = world.releases[0]?.containers.filter((one) => one.ready).length ?? 0;
      if (world.next.containers.length > 0 && share < 100) expect(ready).toBeGreaterThanOrEqual(4);
    });
    expect(outcome).toBe("rolled-back");
    expect(world.serving()).toBe(10);
  });

  test.each([
    { told: {}, kept: 0, whole: false },
    { told: { abortScaleDownDelay: "40s" }, kept: 40 * SECOND, whole: true },
  ])("under dynamicStableScale, given up and told $told, goes when its traffic has been gone for $kept µs", (part) => {
    const steps = [{ setWeight: 20 }, { setWeight: 60 }, { pause: {} }];
    const world = played({ ...routed, steps, dynamicStableScale: true, ...part.told });
    world.play(() => {}, 600);
    world.abortAsked = true;
    let quietAt: number | undefined;
    let shrunkAt: number | undefined;
    const outcome = world.play((happening) => {
      if (happening !== "reconciled") return;
      if (percentOf(world.weights, 1) === 0) quietAt ??= world.now;
      if (world.next.containers.length < 6) shrunkAt ??= world.now;
    });
    expect(outcome).toBe("rolled-back");
    expect(world.serving()).toBe(10);
    const [quiet = 0, shrunk = 0] = [quietAt, shrunkAt];
    if (part.whole) expect(shrunk).toBeGreaterThanOrEqual(quiet + part.kept);
    // The world asks every half a second or so.
    expect(shrunk).toBeLessThan(quiet + part.kept + SECOND);
  });

  test("refuses dynamicStableScale without a router", () => {
    expect(() => canary.settings?.parse({ dynamicStableScale: true })).toThrow(/trafficRouting: true/);
  });
});

describe("a canary on top of a canary", () => {
  test.each([{ trafficRouting: true }, { trafficRouting: false }])(
    "starts again from the stable release and removes the one in between ($trafficRouting)",
    ({ trafficRouting }) => {
      const world = played({ steps: [{ setWeight: 40 }, { pause: {} }], trafficRouting });
      world.play(() => {}, 400);
      world.deploy();
      world.ask();
      if (trafficRouting) expect(percentOf(world.weights, 0)).toBe(100);
      world.play(() => {}, 800);
      expect(world.releases.map(({ containers }) => containers.length)).toEqual([trafficRouting ? 10 : 6, 0, 4]);
      world.promotions = 1;
      expect(world.play()).toBe("completed");
      expect(world.releases.map(({ containers }) => containers.length)).toEqual([0, 0, 10]);
    },
  );

  test.each([{ trafficRouting: true }, { trafficRouting: false }])(
    "goes back to the stable release without any step ($trafficRouting)",
    ({ trafficRouting }) => {
      const world = played({ steps: [{ setWeight: 40 }, { pause: {} }], trafficRouting });
      world.play(() => {}, 400);
      world.back(0);
      expect(world.play()).toBe("completed");
      expect(world.notes.filter((note) => note.includes("person"))).toHaveLength(1);
      expect(world.releases.map(({ containers }) => containers.length)).toEqual([10, 0]);
    },
  );
});
