import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../src/experiments/comparison.ts";
import type { Spec } from "../../../src/reports/charts/chart.ts";
import { costScatter } from "../../../src/reports/charts/costScatter.ts";
import { textWidth } from "../../../src/reports/charts/textWidth.ts";
import { inventedComparison } from "../inventedComparison.ts";

interface Label {
  readonly label: string;
  readonly px: number;
  readonly py: number;
}

function comparisonOf(points: readonly { failed: number; cost: number }[]): Comparison {
  const base = inventedComparison(1);
  const [first] = base.strategies;
  if (first === undefined) throw new Error("the invented comparison has strategies");
  const strategies = points.map(({ failed, cost }, at) => ({
    ...first,
    name: `strategy-${at}`,
    metrics: {
      "services.shop.requests.failed": { mean: failed, ci95: null, n: 1 },
      "services.shop.containers.surplusSeconds": { mean: cost, ci95: null, n: 1 },
    },
  }));
  return { ...base, strategies };
}

/** The labels as the specification places them: pixels from the upper left corner. */
function labelsOf(spec: Spec | undefined): Label[] {
  const layers = (spec?.layer ?? []) as { data: { values: Label[] } }[];
  return layers[1]?.data.values ?? [];
}

describe("costScatter", () => {
  test("no label meets another, nor leaves the plot", () => {
    const anyPoint = fc.record({ failed: fc.nat(100_000), cost: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(anyPoint, { minLength: 2, maxLength: 11 }), (points) => {
        const labels = labelsOf(costScatter(comparisonOf(points), "cost")?.spec);
        const boxes = labels.map(({ label, px, py }) => ({ left: px, right: px + textWidth(label, 12), y: py }));
        for (const [at, one] of boxes.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(0);
          expect(one.right).toBeLessThanOrEqual(640);
          for (const other of boxes.slice(at + 1)) {
            const meet = one.left < other.right && other.left < one.right && Math.abs(one.y - other.y) < 15.9;
            expect(meet).toBe(false);
          }
        }
      }),
    );
  });

  test("five strategies at one and the same point are all named", () => {
    const points = Array.from({ length: 5 }, () => ({ failed: 0, cost: 100 }));
    expect(labelsOf(costScatter(comparisonOf(points), "cost")?.spec)).toHaveLength(5);
  });

  test("one strategy alone is no comparison, and draws nothing", () => {
    expect(costScatter(comparisonOf([{ failed: 1, cost: 1 }]), "cost")).toBeUndefined();
  });
});
