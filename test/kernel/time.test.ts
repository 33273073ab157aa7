import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONGEST_DURATION, parseDuration } from "../../src/fields/duration.ts";
import { DAY, formatDuration, HOUR, MILLISECOND, MINUTE, SECOND, toMillis, toSeconds } from "../../src/kernel/time.ts";

const SIZES: Readonly<Record<string, number>> = { d: DAY, h: HOUR, m: MINUTE, s: SECOND, ms: MILLISECOND, us: 1 };

describe("a duration", () => {
  test.each([
    [0, "0s"],
    [5 * MINUTE + 3 * SECOND, "5m3s"],
    [250 * MILLISECOND, "250ms"],
    [-90 * SECOND, "-1m30s"],
    [DAY + 1, "1d0.000001s"],
    [2 * MINUTE + 50 * MILLISECOND, "2m0.05s"],
    [10 * SECOND, "10s"],
    [1_500 * MILLISECOND, "1.5s"],
    [1_500, "1.5ms"],
    [7, "7us"],
    [36 * HOUR, "1d12h"],
  ])("of %i µs is written %s", (time, text) => {
    expect(formatDuration(time)).toBe(text);
  });

  test("is written exactly: its parts add up", () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (time) => {
        let total = 0;
        for (const [, count, unit] of formatDuration(time).matchAll(/([\d.]+)([a-z]+)/g))
          total += Math.round(Number(count) * (SIZES[unit ?? ""] ?? Number.NaN));
        expect(total).toBe(time);
      }),
    );
  });

  test("is read back as what it was, and never puts ms behind minutes", () => {
    fc.assert(
      fc.property(fc.nat(LONGEST_DURATION), (time) => {
        const text = formatDuration(time);
        expect(parseDuration(text)).toEqual({ ok: true, value: time });
        expect(text).not.toMatch(/[dhms]\d+(?:ms|us)/u);
      }),
    );
  });

  test("is shown in seconds or milliseconds", () => {
    expect(toSeconds(1_500_000)).toBe(1.5);
    expect(toMillis(1500)).toBe(1.5);
  });
});
