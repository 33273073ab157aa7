import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysFromCivil, parseDecimal, parseStamp } from "../../src/scenario/timestamps.ts";

describe("parseStamp", () => {
  test.each([
    ["1970-01-01T00:00:00Z", "calendar", 0],
    ["1998-06-30T00:01:00Z", "calendar", 899_164_860_000_000],
    ["2014-04-10 00:04:00", "calendar", 1_397_088_240_000_000],
    ["2023-11-16 18:15:46.6805900", "calendar", 1_700_158_546_680_590],
    ["2023-11-16 18:15:46.6805905", "calendar", 1_700_158_546_680_591],
    ["2023-11-16T20:15:46.680590+02:00", "calendar", 1_700_158_546_680_590],
    ["2023-11-16T12:45:46-0530", "calendar", 1_700_158_546_000_000],
    ["2024-02-29", "calendar", 1_709_164_800_000_000],
    ["12.5", "seconds", 12_500_000],
    ["-3", "seconds", -3_000_000],
    ["0.1234567", "seconds", 123_457],
    ["1.5e-05", "seconds", 15],
  ])("%s is a %s time of %i µs", (text, kind, micros) => {
    expect(parseStamp(text)).toEqual({ ok: true, value: { kind, micros } });
  });

  test.each(["", "now", "2023-13-01", "2023-02-29", "2023-01-01T24:00:00", "2023-01-01T00:60:00", "1,5", "30/06/1998"])(
    "%j is refused",
    (text) => {
      expect(parseStamp(text).ok).toBe(false);
    },
  );

  test("agrees with the platform's own calendar on every day of 600 years", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 120_000 }), (day) => {
        const [year = 0, month = 0, date = 0] = new Date(day * 86_400_000)
          .toISOString()
          .slice(0, 10)
          .split("-")
          .map(Number);
        expect(daysFromCivil({ year, month, day: date })).toBe(day);
      }),
    );
  });
});

describe("parseDecimal", () => {
  test("whole µs written as seconds come back exactly", () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000 }), fc.nat({ max: 999_999 }), (seconds, rest) => {
        expect(parseDecimal(`${seconds}.${String(rest).padStart(6, "0")}`, 1_000_000)).toBe(seconds * 1_000_000 + rest);
      }),
    );
  });

  test.each([
    ["12.3456", 1_000, 12_346],
    ["12.3454", 1_000, 12_345],
    ["7", 1, 7],
    ["7.5", 1, 8],
    ["x", 1, undefined],
    ["99999999999999999", 1, undefined],
  ])("%s times %i µs is %s", (text, unit, expected) => {
    expect(parseDecimal(text, unit)).toBe(expected);
  });
});
