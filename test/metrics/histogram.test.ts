import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clear, count, newHistogram, quantile } from "../../src/metrics/histogram.ts";

/** The exact quantile by the same rank: the smallest value that at least `share` of all do not exceed. */
function exactQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * values.length)) - 1] as number;
}

const values = fc.array(
  fc.oneof(
    fc.nat(200),
    fc.nat(1_000_000),
    fc.integer({ min: 0, max: 2 ** 39 }),
    fc.constantFrom(127, 128, 129, 2 ** 30, 2 ** 31),
  ),
  { minLength: 1, maxLength: 300 },
);

describe("a histogram", () => {
  test("gives every quantile within 1 % of the exact one, from a microsecond to days", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const histogram = newHistogram();
        for (const value of all) count(histogram, value);
        const exact = exactQuantile(all, share);
        expect(Math.abs((quantile(histogram, share) as number) - exact)).toBeLessThanOrEqual(0.01 * exact);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test("cleared, is as good as new", () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const used = newHistogram();
        for (const value of before) count(used, value);
        clear(used);
        const fresh = newHistogram();
        for (const value of after) {
          count(used, value);
          count(fresh, value);
        }
        expect(used).toEqual(fresh);
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  test("of nothing has no quantile", () => {
    expect(quantile(newHistogram(), 0.5)).toBeUndefined();
  });
});
