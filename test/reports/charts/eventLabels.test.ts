import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventMark } from "../../../src/metrics/result.ts";
import { type PlacedEvent, placeEvents } from "../../../src/reports/charts/eventLabels.ts";
import { textWidth } from "../../../src/reports/charts/textWidth.ts";

const DURATION_S = 600;
const WIDTH = 740;
const WINDOW = { fromS: 0, toS: DURATION_S };

const anyMark: fc.Arbitrary<EventMark> = fc.record({
  atS: fc.integer({ min: 0, max: DURATION_S }),
  kind: fc.constantFrom("deploy", "rollout", "failure", "recovery", "scale", "traffic", "control"),
  service: fc.constant(null),
  label: fc.string({ maxLength: 60, unit: fc.constantFrom("a", "i", " ", "W") }),
});

function box(event: PlacedEvent): { from: number; to: number; stem: number; row: number } {
  const stem = (event.t / DURATION_S) * WIDTH;
  const width = textWidth(event.label ?? "", 11);
  const from = event.align === "left" ? stem + 4 : stem - 4 - width;
  return { from, to: from + width, stem, row: event.row };
}

describe("placeEvents", () => {
  test("no label leaves the plot, meets another label, or is crossed by another's stem", () => {
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 40 }), (marks) => {
        const { events, rows } = placeEvents(marks, WINDOW, WIDTH);
        const boxes = events.filter((event) => event.label !== undefined).map(box);
        for (const [at, one] of boxes.entries()) {
          expect(one.from).toBeGreaterThanOrEqual(-1e-9);
          expect(one.to).toBeLessThanOrEqual(WIDTH + 1e-9);
          expect(one.row).toBeLessThan(rows);
          for (const other of boxes.slice(at + 1)) {
            const [low, high] = one.row <= other.row ? [one, other] : [other, one];
            const overlaps = one.row === other.row && one.from < other.to && other.from < one.to;
            const crossed = low.row < high.row && high.stem > low.from && high.stem < low.to;
            expect(overlaps || crossed).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("every mark is drawn or counted, and the count of unlabelled ones is right", () => {
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 40 }), (marks) => {
        const { events, unlabelled } = placeEvents(marks, WINDOW, WIDTH);
        const labelled = events.filter((event) => event.label !== undefined).length;
        expect(labelled + unlabelled).toBe(marks.length);
        expect(events.length).toBe(marks.length);
      }),
    );
  });

  test("neighbours in one row stay apart, even in a font that is an eighth wider", () => {
    const [deploy, completed] = [90, 160.5].map((atS, at): EventMark => {
      return {
        atS,
        kind: at === 0 ? "deploy" : "rollout",
        service: null,
        label: ["deploy shop:v2", "completed"][at] ?? "",
      };
    });
    if (deploy === undefined || completed === undefined) throw new Error("two marks");
    const gap = ((completed.atS - deploy.atS) / DURATION_S) * WIDTH - textWidth(deploy.label, 11) * 1.125;
    expect(gap).toBeLessThan(16);
    expect(placeEvents([deploy, completed], WINDOW, WIDTH).rows).toBe(2);
    expect(placeEvents([deploy, { ...completed, atS: 180 }], WINDOW, WIDTH).rows).toBe(1);
  });

  test("two events of one instant are both labelled", () => {
    const at = (label: string): EventMark => ({ atS: 300, kind: "failure", service: null, label });
    const { events } = placeEvents([at("host-1 crashed"), at("host-2 crashed")], WINDOW, WIDTH);
    expect(events.map((event) => event.label).sort()).toEqual(["host-1 crashed", "host-2 crashed"]);
  });
});
