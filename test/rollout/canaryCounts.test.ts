import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approximateWeights, basicCanaryCounts, type CanaryCounts } from "../../src/rollout/canaryCounts.ts";
import { progressThresholdMet } from "../../src/rollout/progressThreshold.ts";
import { abortWeight, dynamicCanaryCounts, routedCanaryCounts } from "../../src/rollout/routedCanaryCounts.ts";

const anySplit = fc.record({
  replicas: fc.integer({ min: 1, max: 200 }),
  weight: fc.integer({ min: 0, max: 100 }),
  surge: fc.integer({ min: 0, max: 3 }),
});

describe("the split that comes closest to a weight", () => {
  test("is of all containers, or of one more where there may be more", () => {
    fc.assert(
      fc.property(anySplit, (split) => {
        const { canary, stable } = approximateWeights(split);
        expect([split.replicas, ...(split.surge > 0 ? [split.replicas + 1] : [])]).toContain(canary + stable);
      }),
    );
  });

  test("leaves neither side without any, where two may exist and the weight is neither 0 nor all", () => {
    fc.assert(
      fc.property(anySplit, (split) => {
        fc.pre(split.weight > 0 && split.weight < 100 && split.replicas + Math.min(1, split.surge) > 1);
        // 2 containers at 75 %, without a surge: rounded up is all, and a half is not rounded down. Argo Rollouts gives none.
        const share = (split.replicas * split.weight) / 100;
        fc.pre(!(split.surge === 0 && share % 1 === 0.5 && Math.ceil(share) === split.replicas));
        const { canary, stable } = approximateWeights(split);
        expect(canary).toBeGreaterThan(0);
        expect(stable).toBeGreaterThan(0);
      }),
    );
  });

  test("is nowhere further off than one container", () => {
    fc.assert(
      fc.property(anySplit, (split) => {
        const { canary } = approximateWeights(split);
        expect(Math.abs(canary - (split.replicas * split.weight) / 100)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

/** Plays the numbers to their end; whoever is wanted is available, old ones at once, new ones a moment later. */
function settled(part: { replicas: number; weight: number; surge: number; unavailable: number; from: CanaryCounts }) {
  let { canary, stable } = part.from;
  const path: { total: number; available: number }[] = [];
  for (let step = 0; step < 500; step++) {
    const next = basicCanaryCounts({
      replicas: part.replicas,
      weight: part.weight,
      surge: part.surge,
      unavailable: part.unavailable,
      canary: { desired: canary, available: canary },
      stable: { desired: stable, available: stable },
      older: [],
    });
    if (next.canary === canary && next.stable === stable) return { canary, stable, path };
    path.push({
      total: next.canary + next.stable,
      available: Math.min(next.canary, canary) + Math.min(next.stable, stable),
    });
    canary = next.canary;
    stable = next.stable;
  }
  throw new Error("the numbers never settle");
}

describe("a canary by numbers", () => {
  // Examples of Argo Rollouts' own comment on the rule (utils/replicaset/canary.go).
  test.each([
    { replicas: 10, weight: 10, unavailable: 1, surge: 1, expected: { canary: 1, stable: 9 } },
    { replicas: 10, weight: 30, unavailable: 0, surge: 3, expected: { canary: 3, stable: 10 } },
    { replicas: 10, weight: 30, unavailable: 5, surge: 0, expected: { canary: 0, stable: 7 } },
    { replicas: 1, weight: 5, unavailable: 0, surge: 1, expected: { canary: 1, stable: 1 } },
    { replicas: 1, weight: 95, unavailable: 0, surge: 1, expected: { canary: 1, stable: 1 } },
  ])(
    "from $replicas old ones at $weight % with $surge above and $unavailable below: $expected",
    ({ expected, ...part }) => {
      const stable = { desired: part.replicas, available: part.replicas };
      expect(basicCanaryCounts({ ...part, canary: { desired: 0, available: 0 }, stable, older: [] })).toEqual(expected);
    },
  );

  const anyCanary = fc
    .record({
      replicas: fc.integer({ min: 1, max: 30 }),
      weight: fc.integer({ min: 0, max: 100 }),
      surge: fc.integer({ min: 0, max: 4 }),
      unavailable: fc.integer({ min: 0, max: 4 }),
    })
    .filter(({ surge, unavailable }) => surge + unavailable > 0)
    .map((part) => ({ ...part, unavailable: Math.min(part.unavailable, part.replicas) }));

  test("comes to the closest split, within its limits all the way", () => {
    fc.assert(
      fc.property(anyCanary, (part) => {
        fc.pre(part.surge > 0 || part.unavailable > 0);
        const { canary, stable, path } = settled({ ...part, from: { canary: 0, stable: part.replicas } });
        expect({ canary, stable: Math.min(stable, part.replicas) }).toMatchObject({
          canary: approximateWeights(part).canary,
        });
        for (const { total, available } of path) {
          expect(total).toBeLessThanOrEqual(part.replicas + part.surge);
          expect(available).toBeGreaterThanOrEqual(part.replicas - part.unavailable);
        }
      }),
    );
  });

  test("goes back to the old release alone from wherever it was", () => {
    fc.assert(
      fc.property(anyCanary, (part) => {
        const { canary, stable } = settled({ ...part, from: { canary: 0, stable: part.replicas } });
        const back = settled({ ...part, weight: 0, from: { canary, stable } });
        expect(back.canary).toBe(0);
        expect(back.stable).toBeGreaterThanOrEqual(part.replicas);
      }),
    );
  });
});

describe("a canary with a router", () => {
  const input = { replicas: 10, promoted: false, scale: undefined, aborted: false, keptAfterAbort: false };

  test.each([
    { weight: 5, minContainers: undefined, canary: 1 },
    { weight: 5, minContainers: 3, canary: 3 },
    { weight: 5, minContainers: 30, canary: 10 },
    { weight: 0, minContainers: 3, canary: 0 },
    { weight: 35, minContainers: undefined, canary: 4 },
  ])("of $weight % and at least $minContainers has $canary of 10 containers", ({ weight, minContainers, canary }) => {
    expect(routedCanaryCounts({ ...input, weight, minContainers })).toEqual({ canary, stable: 10 });
  });

  test("that shrinks the old release has enough of both for the traffic now and the traffic to come", () => {
    const shares = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), shares, shares, fc.boolean(), (replicas, weight, now, aborted) => {
        const trafficNow = { canary: now, stable: 100 - now };
        const counts = dynamicCanaryCounts({ ...input, replicas, weight, aborted, trafficNow, committed: undefined });
        expect(counts.canary * 100).toBeGreaterThanOrEqual(weight * replicas);
        expect(counts.stable * 100).toBeGreaterThanOrEqual(Math.max(100 - weight, 100 - now) * replicas);
        if (aborted) expect(counts.canary * 100).toBeGreaterThanOrEqual(now * replicas);
      }),
    );
  });

  test.each([
    { when: "was given up and is gone", part: {}, canary: 0 },
    { when: "was given up and still has 4", part: { committed: 4 }, canary: 3 },
    { when: "has traffic", part: { trafficNow: { canary: 20, stable: 80 } }, canary: 2 },
    { when: "is promoted in full", part: { promoted: true }, canary: 10 },
    { when: "was sized by hand, to stay", part: { scale: { replicas: 5 }, keptAfterAbort: true }, canary: 5 },
    { when: "is not given up", part: { aborted: false }, canary: 3 },
  ])("has $canary containers when it $when, while old ones are missing", ({ part, canary }) => {
    const usual = { ...input, weight: 30, aborted: true, committed: 0, trafficNow: { canary: 0, stable: 100 } };
    expect(dynamicCanaryCounts({ ...usual, ...part }).canary).toBe(canary);
  });

  test("gives back, on an abort, no more than the old release can carry", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), fc.nat(10), fc.nat(10), (steps, canary, stable) => {
        const set = (available: number) => ({ desired: available, available });
        const weight = abortWeight({
          replicas: 10,
          steps,
          canary: set(canary),
          stable: set(stable),
          explicitDelay: false,
        });
        expect([0, ...steps]).toContain(weight);
        if (stable >= 10 && canary === 0) expect(weight).toBe(0);
      }),
    );
  });
});

describe("a step's threshold", () => {
  test("in percent is met by exactly that share, whatever a division would make of it", () => {
    const percents = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(percents, fc.integer({ min: 1, max: 50 }), (value, times) => {
        const met = (available: number) =>
          progressThresholdMet({ kind: "percent", value }, 100 * times, { desired: 100 * times, available });
        expect(met(value * times)).toBe(true);
        expect(met(value * times - 1)).toBe(false);
      }),
    );
  });
});
