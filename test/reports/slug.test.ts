import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slug, slugs } from "../../src/reports/slug.ts";

const anyName = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(".", "/", "\\", "-", "a", "A", ":", "\0", " ", "\ud800") }),
  fc.constantFrom("..", ".", "", "CON", "con.txt", "NUL", "lpt1", "COM¹", "a/b", "a\\b", "../../etc/passwd", "C:\\x"),
);

describe("slug", () => {
  test.each([
    ["five-on-five", "five-on-five"],
    ["Shop v2", "shop-v2"],
    ["../../etc/passwd", "etc-passwd"],
    ["..", "unnamed"],
    ["", "unnamed"],
    ["CON", "_con"],
    ["nul.txt", "_nul.txt"],
    ["サービス", "サービス"],
    ["a...b", "a.b"],
  ])("makes %j into %j", (name, expected) => {
    expect(slug(name)).toBe(expected);
  });

  test("is always one harmless path segment", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const made = slug(name);
        expect(made).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u);
        expect(made).not.toContain("..");
        expect(made.endsWith(".")).toBe(false);
        expect(made.split(".")[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/iu);
        expect(new TextEncoder().encode(made).length).toBeLessThanOrEqual(81);
      }),
      { numRuns: 500 },
    );
  });

  test("does nothing to what it made", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(slug(slug(name))).toBe(slug(name));
      }),
    );
  });
});

describe("slugs", () => {
  test("gives distinct names distinct slugs, whatever the case of letters", () => {
    fc.assert(
      fc.property(fc.array(anyName), (names) => {
        const made = slugs(names);
        const distinct = new Set(names);
        expect(made.size).toBe(distinct.size);
        expect(new Set([...made.values()].map((each) => each.toLowerCase())).size).toBe(distinct.size);
      }),
    );
  });

  test("keeps the first taker's slug plain and numbers the rest", () => {
    expect([...slugs(["a b", "a-b", "A b", "a-b-2"]).values()]).toEqual(["a-b", "a-b-2", "a-b-3", "a-b-2-2"]);
  });
});
