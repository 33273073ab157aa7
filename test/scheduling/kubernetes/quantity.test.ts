import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuantity } from "../../../src/scheduling/kubernetes/quantity.ts";

describe("parseQuantity", () => {
  it.each([
    ["100m", 1000, 100],
    ["0.1", 1000, 100],
    [".5", 1000, 500],
    ["2", 1000, 2000],
    [2, 1000, 2000],
    [0.5, 1000, 500],
    ["1e3", 1, 1000],
    ["1E3", 1, 1000],
    ["1E", 1, 1e18],
    ["1k", 1, 1000],
    ["1Ki", 1, 1024],
    ["1.5Gi", 1, 1_610_612_736],
    ["128974848", 1, 128_974_848],
    ["129e6", 1, 129_000_000],
    ["129M", 1, 129_000_000],
    ["123Mi", 1, 128_974_848],
    ["+5", 1, 5],
    // A part of a unit is a whole one: nobody may get less than asked for.
    ["100m", 1, 1],
    ["1.0001", 1000, 1001],
    ["500u", 1000, 1],
    ["1n", 1000, 1],
    ["0", 1, 0],
    // Beyond exact numbers it is the nearest one, and at most 2⁶³.
    ["9Pi", 1, 9 * 2 ** 50],
    ["1Ei", 1, 2 ** 60],
    ["8Ei", 1, 2 ** 63],
    ["1e30", 1, 2 ** 63],
  ] as const)("reads %j in units of 1/%d as %j", (text, scale, expected) => {
    expect(parseQuantity(text, scale)).toBe(expected);
  });

  it.each(["", "-1", "1KiB", "1 Gi", "Gi", ".", "1e", "0x10", "1,5", "NaN", "9Pi9"])("refuses %j", (text) => {
    expect(parseQuantity(text, 1)).toBeUndefined();
  });

  it("reads what decimal digits say, without the errors of floating point", () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(999), (whole, thousandths) => {
        const text = `${whole}.${String(thousandths).padStart(3, "0")}`;
        expect(parseQuantity(text, 1000)).toBe(whole * 1000 + thousandths);
      }),
    );
  });
});
