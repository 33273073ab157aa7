import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duration, LONGEST_DURATION, parseDuration, positiveDuration } from "../../src/fields/duration.ts";
import { formatDuration } from "../../src/kernel/time.ts";

const read = (text: string) => {
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.value : parsed.expected;
};

describe("parseDuration", () => {
  test.each([
    ["250ms", 250_000],
    ["5m3s", 303_000_000],
    ["1h", 3_600_000_000],
    ["30d", 2_592_000_000_000],
    ["500us", 500],
    ["500µs", 500],
    ["1.5s", 1_500_000],
    ["0.1s", 100_000],
    ["0s", 0],
    [" 1h 30m ", 5_400_000_000],
    ["0.6us", 1],
  ])("%s is %i µs", (text, micros) => {
    expect(read(text)).toBe(micros);
  });

  test.each([
    ["500", /a unit after the number, such as 500s/],
    ["0", /a unit after the number/],
    ["", /a duration with its unit/],
    ["-5s", /a duration with its unit/],
    ["5 parsecs", /a duration with its unit/],
    ["5M", /a duration with its unit/],
    ["3s5m", /each unit once, from the longest/],
    ["5m5m", /each unit once/],
    ["0.4us", /at least 1us/],
    ["36501d", /at most 36500d/],
  ])("%j is refused with its mend", (text, mend) => {
    expect(read(text)).toMatch(mend);
  });

  test("whatever formatDuration writes reads back as the same time", () => {
    fc.assert(fc.property(fc.nat({ max: LONGEST_DURATION }), (micros) => read(formatDuration(micros)) === micros));
  });

  test("any text is read or refused, and never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => ["number", "string"].includes(typeof read(text))));
  });
});

describe("the duration schema", () => {
  test("a bare number is refused with what to add", () => {
    const message = duration.safeParse(500).error?.issues[0]?.message;
    expect(message).toBe("found 500, expected a unit after the number, such as 500s or 500ms");
  });

  test("a positive duration refuses 0s, and an ordinary one takes it", () => {
    expect(duration.safeParse("0s").data).toBe(0);
    expect(positiveDuration.safeParse("0s").success).toBe(false);
  });
});
