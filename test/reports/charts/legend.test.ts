import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { legendAbove, SEEN_AT_FIRST } from "../../../src/reports/charts/legend.ts";
import { textWidth } from "../../../src/reports/charts/textWidth.ts";

describe("legendAbove", () => {
  test("few short labels stand in one line", () => {
    expect(legendAbove(["p99", "p95", "p50"])).toMatchObject({ orient: "top", columns: 3 });
  });

  test("no line of labels is wider than a phone shows, unless one label alone is", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 12 }), (labels) => {
        const columns = Number(legendAbove(labels).columns);
        for (let at = 0; at < labels.length; at += columns) {
          const width = labels.slice(at, at + columns).reduce((sum, label) => sum + 16 + textWidth(label, 11), 0);
          expect(columns === 1 || width <= SEEN_AT_FIRST).toBe(true);
        }
      }),
    );
  });
});
