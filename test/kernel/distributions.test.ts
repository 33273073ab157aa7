import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Distribution, samplerOf } from "../../src/kernel/distributions.ts";
import { Streams } from "../../src/kernel/random.ts";
import { SECOND } from "../../src/kernel/time.ts";

/** The 97.5 % and 95 % quantiles of the standard normal distribution, from any table. */
const Z975 = 1.959963984540054;
const Z95 = 1.6448536269514722;

describe("a quantile", () => {
  const cases: readonly { distribution: Distribution; at: number; expected: number }[] = [
    { distribution: { kind: "constant", value: 40_000 }, at: 0.3, expected: 40_000 },
    { distribution: { kind: "uniform", min: 1000, max: 3000 }, at: 0.25, expected: 1500 },
    { distribution: { kind: "exponential", mean: 1e6 }, at: 0.5, expected: Math.LN2 * 1e6 },
    { distribution: { kind: "exponential", mean: 1e6 }, at: 0.99, expected: -Math.log(0.01) * 1e6 },
    { distribution: { kind: "normal", mean: 1e6, sd: 1e5 }, at: 0.975, expected: 1e6 + Z975 * 1e5 },
    { distribution: { kind: "normal", mean: 1e6, sd: 1e6 }, at: 0.01, expected: 0 },
    { distribution: { kind: "lognormal", median: 4e6, p95: 9e6 }, at: 0.5, expected: 4e6 },
    { distribution: { kind: "lognormal", median: 4e6, p95: 9e6 }, at: 0.95, expected: 9e6 },
    {
      distribution: { kind: "lognormal", median: 4e6, p95: 9e6 },
      at: 0.975,
      expected: 4e6 * Math.exp((Math.log(9 / 4) / Z95) * Z975),
    },
    // A gamma of cv 1 is exponential; of cv 1/√2 its shape is 2, whose median is 1.6783469900 scales.
    { distribution: { kind: "gamma", mean: 1e6, cv: 1 }, at: 0.5, expected: Math.LN2 * 1e6 },
    { distribution: { kind: "gamma", mean: 1e6, cv: Math.SQRT1_2 }, at: 0.5, expected: 1.67834699 * 5e5 },
    { distribution: { kind: "weibull", shape: 2, scale: 1e6 }, at: 0.75, expected: Math.sqrt(Math.log(4)) * 1e6 },
    { distribution: { kind: "pareto", min: 1e6, shape: 2 }, at: 0.75, expected: 2e6 },
    { distribution: { kind: "empirical", values: [1, 5, 9, 20] }, at: 0.5, expected: 9 },
    { distribution: { kind: "empirical", values: [1, 5, 9, 20] }, at: 0.9999, expected: 20 },
  ];

  test.each(cases)("of $distribution.kind at $at is its closed form's", ({ distribution, at, expected }) => {
    // Whole µs, and a slack of one for the rounding of the closed form itself.
    expect(Math.abs(samplerOf(distribution)(at) - expected)).toBeLessThanOrEqual(1);
  });

  const micros = fc.integer({ min: 1, max: 1e9 });
  const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
    micros.map((value): Distribution => ({ kind: "constant", value })),
    fc
      .tuple(micros, micros)
      .map(([x, y]): Distribution => ({ kind: "uniform", min: Math.min(x, y), max: Math.max(x, y) })),
    fc.nat(1e9).map((mean): Distribution => ({ kind: "exponential", mean })),
    fc.tuple(micros, fc.nat(1e9)).map(([mean, sd]): Distribution => ({ kind: "normal", mean, sd })),
    fc
      .tuple(micros, micros)
      .map(([x, y]): Distribution => ({ kind: "lognormal", median: Math.min(x, y), p95: Math.max(x, y) })),
    fc
      .tuple(micros, fc.double({ min: 0.1, max: 4, noNaN: true }))
      .map(([mean, cv]): Distribution => ({ kind: "gamma", mean, cv })),
    fc
      .tuple(fc.double({ min: 0.3, max: 5, noNaN: true }), micros)
      .map(([shape, scale]): Distribution => ({ kind: "weibull", shape, scale })),
    fc
      .tuple(micros, fc.double({ min: 0.3, max: 5, noNaN: true }))
      .map(([min, shape]): Distribution => ({ kind: "pareto", min, shape })),
    fc
      .array(micros, { minLength: 1, maxLength: 9 })
      .map((values): Distribution => ({ kind: "empirical", values: values.sort((x, y) => x - y) })),
  );
  const uniform = fc.double({ min: 0, max: 1 - 2 ** -32, noNaN: true });

  test("of any distribution is a whole number of µs, at least 0, and never falls", () => {
    fc.assert(
      fc.property(anyDistribution, uniform, uniform, (distribution, x, y) => {
        const sample = samplerOf(distribution);
        const low = sample(Math.min(x, y));
        const high = sample(Math.max(x, y));
        expect(Number.isSafeInteger(low)).toBe(true);
        expect(Number.isSafeInteger(high)).toBe(true);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(high);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("many draws", () => {
  test.each([
    { distribution: { kind: "exponential", mean: 40_000 }, mean: 40_000, sd: 40_000 },
    { distribution: { kind: "uniform", min: 0, max: 2 * SECOND }, mean: SECOND, sd: (2 * SECOND) / Math.sqrt(12) },
    { distribution: { kind: "gamma", mean: 50_000, cv: 0.4 }, mean: 50_000, sd: 20_000 },
    { distribution: { kind: "normal", mean: 90_000, sd: 9000 }, mean: 90_000, sd: 9000 },
    {
      distribution: { kind: "weibull", shape: 2, scale: SECOND },
      mean: (SECOND * Math.sqrt(Math.PI)) / 2,
      sd: SECOND * Math.sqrt(1 - Math.PI / 4),
    },
  ] as readonly { distribution: Distribution; mean: number; sd: number }[])(
    "of $distribution.kind have its mean and its spread",
    ({ distribution, mean, sd }) => {
      const stream = new Streams(21).named(distribution.kind);
      const sample = samplerOf(distribution);
      const count = 40_000;
      const values = Array.from({ length: count }, () => sample(stream.next()));
      const average = values.reduce((sum, value) => sum + value, 0) / count;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (count - 1);
      // Four standard errors of the mean; a spread within 5 %.
      expect(Math.abs(average - mean)).toBeLessThan((4 * sd) / Math.sqrt(count));
      expect(Math.abs(Math.sqrt(variance) / sd - 1)).toBeLessThan(0.05);
    },
  );
});

describe("a distribution that is none", () => {
  test.each([
    { kind: "lognormal", median: 9, p95: 4 },
    { kind: "lognormal", median: 0, p95: 4 },
    { kind: "empirical", values: [] },
  ] as readonly Distribution[])("is refused: %o", (distribution) => {
    expect(() => samplerOf(distribution)).toThrow(RangeError);
  });

  test.each([
    { kind: "exponential", mean: 0 },
    { kind: "normal", mean: 7, sd: 0 },
    { kind: "lognormal", median: 7, p95: 7 },
    { kind: "gamma", mean: 7, cv: 0 },
  ] as readonly Distribution[])("unless it is a constant after all: %o", (distribution) => {
    const sample = samplerOf(distribution);
    expect(new Set([0, 0.2, 0.999].map(sample)).size).toBe(1);
  });
});
