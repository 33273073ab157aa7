import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  mean,
  meanInterval,
  pairedDifference,
  standardError,
  wilsonInterval,
} from "../../src/experiments/confidence.ts";
import { Streams } from "../../src/kernel/random.ts";

const anyValues = (minLength: number) =>
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength, maxLength: 40 });

describe("the interval of a mean", () => {
  test("is Student's t with n - 1 degrees of freedom", () => {
    const { mean: centre, ci95, n } = meanInterval([1, 2, 3, 4, 5]);
    expect(n).toBe(5);
    expect(centre).toBe(3);
    // t(0.975, 4) = 2.776445 from any table; s / sqrt(n) = sqrt(2.5 / 5).
    expect(ci95?.[0]).toBeCloseTo(3 - 2.776445 * Math.sqrt(0.5), 5);
    expect(ci95?.[1]).toBeCloseTo(3 + 2.776445 * Math.sqrt(0.5), 5);
  });

  test.each([
    { values: [], expected: { mean: null, ci95: null, n: 0 } },
    { values: [7], expected: { mean: 7, ci95: null, n: 1 } },
    { values: [2, 2, 2], expected: { mean: 2, ci95: [2, 2], n: 3 } },
  ])("of $values is $expected", ({ values, expected }) => {
    expect(meanInterval(values)).toEqual(expected);
  });

  test("holds the true mean in 95 % of samples", () => {
    const quantile = normalQuantile.factory(10, 3);
    const stream = new Streams(7).named("coverage");
    let held = 0;
    for (let i = 0; i < 4000; i++) {
      const { ci95 } = meanInterval(Array.from({ length: 6 }, () => quantile(stream.next())));
      if (ci95 !== null && ci95[0] <= 10 && 10 <= ci95[1]) held++;
    }
    // Three standard errors of a share at 4,000 trials: 1.03 %.
    expect(Math.abs(held / 4000 - 0.95)).toBeLessThan(0.0104);
  });

  test("moves with its values and grows with their scale", () => {
    fc.assert(
      fc.property(anyValues(2), fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const error = standardError(values) ?? 0;
        const moved = standardError(values.map((value) => 2 * value + shift)) ?? 0;
        expect(moved).toBeCloseTo(2 * error, 3);
      }),
    );
  });

  test("does not lose small differences on large values", () => {
    expect(mean([1e15 + 1, 1e15 + 2, 1e15 + 3])).toBe(1e15 + 2);
    expect(standardError([1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3])).toBeCloseTo(0.1 / Math.sqrt(3), 6);
  });
});

describe("a paired difference", () => {
  test("is the interval of the differences", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 1, maxLength: 30 }), (pairs) => {
        const difference = pairedDifference(
          pairs.map(([variant]) => variant),
          pairs.map(([, baseline]) => baseline),
        );
        const direct = meanInterval(pairs.map(([variant, baseline]) => variant - baseline));
        expect(difference?.meanDifference).toBe(direct.mean);
        expect(difference?.ci95).toEqual(direct.ci95);
      }),
    );
  });

  test("does not feel what both share in a replication", () => {
    const luck = [100, 900, 350, 20, 610];
    const paired = pairedDifference(
      luck.map((value) => value + 5),
      luck,
    );
    expect(paired).toEqual({ meanDifference: 5, ci95: [5, 5], n: 5 });
  });

  test("of no pair is null, and of unequal lists a fault", () => {
    expect(pairedDifference([], [])).toBeNull();
    expect(() => pairedDifference([1], [])).toThrow("same replications");
  });
});

describe("Wilson's interval", () => {
  test.each([
    // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 1998, method 3.
    { successes: 81, trials: 263, expected: [0.2553, 0.3662] },
    { successes: 15, trials: 148, expected: [0.0624, 0.1605] },
    { successes: 0, trials: 20, expected: [0, 0.1611] },
    { successes: 1, trials: 29, expected: [0.0061, 0.1718] },
    { successes: 30, trials: 30, expected: [0.8865, 1] },
  ])("of $successes in $trials is $expected", ({ successes, trials, expected }) => {
    const [low, high] = wilsonInterval(successes, trials);
    expect(low).toBeCloseTo(expected[0] ?? Number.NaN, 4);
    expect(high).toBeCloseTo(expected[1] ?? Number.NaN, 4);
  });

  test("of nothing tried says nothing", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  test("lies in 0…1, holds the share, and mirrors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
        const successes = Math.round(part * trials);
        const [low, high] = wilsonInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(wilsonInterval(trials - successes, trials)[0]).toBeCloseTo(1 - high, 12);
      }),
    );
  });
});
