import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countOrPercent, resolveDown, resolveUp } from "../../src/fields/countOrPercent.ts";
import { nearest } from "../../src/fields/nearest.ts";
import { choice, wholeNumber } from "../../src/fields/number.ts";
import { bandwidth, cpu, positiveCpu, positiveSize, rate, share, size } from "../../src/fields/quantity.ts";

describe("amounts", () => {
  test.each([
    { schema: cpu, given: 4, expected: 4000 },
    { schema: cpu, given: "4", expected: 4000 },
    { schema: cpu, given: "500m", expected: 500 },
    { schema: cpu, given: 0.1, expected: 100 },
    { schema: size, given: "8Gi", expected: 8 * 1024 ** 3 },
    { schema: size, given: "8GiB", expected: 8 * 1024 ** 3 },
    { schema: size, given: "1.5GB", expected: 1_500_000_000 },
    { schema: size, given: "3kB", expected: 3000 },
    { schema: size, given: "512B", expected: 512 },
    { schema: bandwidth, given: "100MiB/s", expected: 100 * 1024 ** 2 },
    { schema: bandwidth, given: "1Gbit/s", expected: 125_000_000 },
    { schema: rate, given: "400/s", expected: 400 },
    { schema: rate, given: "24000/m", expected: 400 },
    { schema: rate, given: "36/h", expected: 0.01 },
    { schema: share, given: "99.9%", expected: 0.999 },
    { schema: share, given: 0.999, expected: 0.999 },
    { schema: share, given: "0%", expected: 0 },
    { schema: countOrPercent, given: 3, expected: { kind: "count", value: 3 } },
    { schema: countOrPercent, given: "25%", expected: { kind: "percent", value: 25 } },
  ])("$given is read as $expected", ({ schema, given, expected }) => {
    expect(schema.parse(given)).toEqual(expected);
  });

  test.each([
    { schema: cpu, given: "4x", message: /expected cores/ },
    { schema: cpu, given: 0.0001, message: /whole thousandths/ },
    { schema: positiveCpu, given: 0, message: /more than 0 cores/ },
    { schema: size, given: 200, message: /a unit after the number, such as 200Mi/ },
    { schema: size, given: "200MIB", message: /a size with its unit/ },
    { schema: positiveSize, given: "0B", message: /above 0/ },
    { schema: bandwidth, given: "100MiB", message: /such as 100MiB\/s/ },
    { schema: bandwidth, given: "0B/s", message: /above 0/ },
    { schema: rate, given: 400, message: /such as 400\/s/ },
    { schema: rate, given: "2000000/s", message: /at most 1000000\/s/ },
    { schema: share, given: 99.9, message: /did you mean 99.9%\?/ },
    { schema: share, given: "101%", message: /from 0 to 1/ },
    { schema: share, given: -0.1, message: /from 0 to 1/ },
    { schema: countOrPercent, given: 1.5, message: /a whole number or a percentage/ },
    { schema: wholeNumber({ from: 1, to: 5 }), given: 6, message: /found 6, expected a whole number from 1 to 5/ },
    { schema: wholeNumber({ from: 1, to: 5 }), given: "many", message: /found "many", expected a whole number/ },
    { schema: choice(["red", "green"]), given: "gren", message: /did you mean "green"\?/ },
  ])("$given is refused: $message", ({ schema, given, message }) => {
    expect(schema.safeParse(given).error?.issues[0]?.message).toMatch(message);
  });

  test("a percentage of n with one decimal is exactly the share with three", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), (tenths) => share.parse(`${(tenths / 10).toFixed(1)}%`) === tenths / 1000),
    );
  });

  test("whole millicores read back as themselves", () => {
    fc.assert(fc.property(fc.nat({ max: 10_000_000 }), (millicores) => cpu.parse(`${millicores}m`) === millicores));
  });
});

describe("resolving a percentage", () => {
  test.each([
    [25, 5, 2, 1],
    [25, 4, 1, 1],
    [30.1, 1000, 301, 301],
    [0, 7, 0, 0],
    [200, 3, 6, 6],
  ])("%d%% of %i is %i rounded up and %i rounded down", (value, total, up, down) => {
    expect(resolveUp({ kind: "percent", value }, total)).toBe(up);
    expect(resolveDown({ kind: "percent", value }, total)).toBe(down);
  });

  test("rounding up and down differ by at most one, and by none for counts", () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.nat({ max: 10_000 }), (value, total) => {
        const spread = resolveUp({ kind: "percent", value }, total) - resolveDown({ kind: "percent", value }, total);
        expect(spread === 0 || spread === 1).toBe(true);
        expect(spread === 0).toBe((value * total) % 100 === 0);
        expect(resolveUp({ kind: "count", value }, total)).toBe(resolveDown({ kind: "count", value }, total));
      }),
    );
  });
});

describe("nearest", () => {
  test.each([
    ["shpo", ["shop", "cart"], "shop"],
    ["Replicas", ["replicas"], "replicas"],
    ["maxSurg", ["maxSurge", "maxUnavailable"], "maxSurge"],
    ["zebra", ["shop", "cart"], undefined],
    ["x".repeat(5000), ["x".repeat(5001)], undefined],
  ])("of %s the nearest is found", (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });
});
