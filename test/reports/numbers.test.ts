import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCount, formatMillis, formatMoment, formatSeconds, formatShare } from "../../src/reports/numbers.ts";

describe("formatCount", () => {
  test.each([
    [0, "0"],
    [240_113, "240,113"],
    [1_234_567.89, "1,234,567.9"],
    [999, "999"],
    [-1_000, "−1,000"],
    [-0.01, "0"],
    [12.04, "12"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, expected) => {
    expect(formatCount(value)).toBe(expected);
  });

  test("keeps every digit of a whole number", () => {
    fc.assert(
      fc.property(fc.nat(), (value) => {
        expect(Number(formatCount(value).replaceAll(",", ""))).toBe(value);
      }),
    );
  });
});

describe("formatShare", () => {
  test.each([
    [0.00171, "0.17 %"],
    [0.999998, "99.9998 %"],
    [0.5, "50 %"],
    [0.9, "90 %"],
    [1, "100 %"],
    [0, "0 %"],
    [2.5, "250 %"],
    [1e-12, "< 0.000001 %"],
    [1 - 1e-12, "> 99.999999 %"],
    [null, "–"],
  ])("writes %s as %s", (value, expected) => {
    expect(formatShare(value)).toBe(expected);
  });

  test("never says none of something, nor all of not quite all", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true }), (share) => {
        expect(["0 %", "100 %"]).not.toContain(formatShare(share));
      }),
    );
  });
});

describe("lengths and moments", () => {
  test.each([
    [0, "0 s"],
    [0.0005, "0.5 ms"],
    [0.35, "350 ms"],
    [14.2, "14.2 s"],
    [750, "12 min 30 s"],
    [11_520, "3 h 12 min"],
    [187_200, "2 d 4 h"],
    [-1.5, "−1.5 s"],
    [null, "–"],
  ])("a length of %s seconds reads %s", (value, expected) => {
    expect(formatSeconds(value)).toBe(expected);
  });

  test.each([
    [0, "0s"],
    [59.96, "1m"],
    [300, "5m"],
    [3_723.44, "1h2m3.4s"],
    [86_400, "1d"],
  ])("the moment %s s reads %s", (value, expected) => {
    expect(formatMoment(value)).toBe(expected);
  });

  test.each([
    [0.4231, "0.42 ms"],
    [38.12, "38.1 ms"],
    [1_250, "1.25 s"],
    [null, "–"],
  ])("a latency of %s ms reads %s", (value, expected) => {
    expect(formatMillis(value)).toBe(expected);
  });
});
