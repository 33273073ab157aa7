import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContainerState, RequestSeries, StateStep } from "../../../src/metrics/result.ts";
import { type ContainerSteps, containerClass, containerSteps } from "../../../src/reports/charts/containerSteps.ts";
import { distinctLabels } from "../../../src/reports/charts/distinctLabels.ts";
import { failingSpans } from "../../../src/reports/charts/failingSpans.ts";
import { requestBins } from "../../../src/reports/charts/requestBins.ts";
import { fitText, textWidth } from "../../../src/reports/charts/textWidth.ts";
import { timeTicks } from "../../../src/reports/charts/timeAxis.ts";

const STATES: readonly ContainerState[] = ["pending", "starting", "ready", "unready", "terminating", "crashed", "gone"];
const VERSIONS = ["v1", "v2"];

const anyStep: fc.Arbitrary<StateStep> = fc.record({
  atS: fc.integer({ min: 0, max: 100 }),
  version: fc.constantFrom(...VERSIONS),
  state: fc.constantFrom(...STATES),
  count: fc.integer({ min: 0, max: 9 }),
});

/** Container-seconds under the stack from its first to its last step. */
function area({ times, counts }: ContainerSteps): number {
  return times.slice(1).reduce((sum, time, at) => {
    const height = (counts[at] ?? []).reduce((total, count) => total + count, 0);
    return sum + height * (time - (times[at] ?? 0));
  }, 0);
}

describe("containerSteps", () => {
  test("the stack is as high as all containers that are not gone", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1 }), (steps) => {
        const stack = containerSteps(steps, VERSIONS, Number.POSITIVE_INFINITY);
        const sorted = [...steps].sort((a, b) => a.atS - b.atS);
        stack.times.forEach((time, at) => {
          const last = new Map<string, number>();
          for (const step of sorted.filter(({ atS }) => atS <= time)) {
            if (containerClass(step.state) !== undefined) last.set(`${step.version} ${step.state}`, step.count);
          }
          const expected = [...last.values()].reduce((sum, count) => sum + count, 0);
          expect((stack.counts[at] ?? []).reduce((sum, count) => sum + count, 0)).toBe(expected);
        });
      }),
    );
  });

  test("thinning keeps the container-seconds", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 20, maxLength: 80 }), (steps) => {
        const exact = containerSteps(steps, VERSIONS, Number.POSITIVE_INFINITY);
        const thinned = containerSteps(steps, VERSIONS, 8);
        expect(thinned.times.length).toBeLessThanOrEqual(Math.max(8, 0));
        expect(area(thinned)).toBeCloseTo(area(exact), 0);
      }),
    );
  });
});

function seriesOf(failed: readonly number[], binS: number): RequestSeries {
  const zeros = failed.map(() => 0);
  return {
    binS,
    arrived: failed.map((count) => count + 3),
    succeeded: failed.map(() => 3),
    failed: [...failed],
    byVersion: { v1: failed.map(() => 3) },
    byCause: { timeout: [...failed] },
    p50: zeros,
    p95: zeros,
    p99: failed.map((count) => (count === 0 ? null : count)),
  };
}

const anyFailed = fc.array(fc.nat(20), { minLength: 1, maxLength: 300 });

describe("requestBins", () => {
  test("rates times widths are the requests that there were", () => {
    fc.assert(
      fc.property(anyFailed, fc.integer({ min: 1, max: 60 }), (failed, most) => {
        const bins = requestBins(seriesOf(failed, 0.5), most);
        const spans = bins.failed.map(
          (_, bin) => Math.min(failed.length * 0.5, (bin + 1) * bins.binS) - bin * bins.binS,
        );
        const total = bins.failed.reduce((sum, rate, bin) => sum + rate * (spans[bin] ?? 0), 0);
        expect(total).toBeCloseTo(
          failed.reduce((sum, count) => sum + count, 0),
          6,
        );
        expect(bins.count).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("the worst percentile survives", () => {
    fc.assert(
      fc.property(anyFailed, fc.integer({ min: 1, max: 60 }), (failed, most) => {
        const known = requestBins(seriesOf(failed, 1), most).p99.filter((value) => value !== null);
        expect(Math.max(0, ...known)).toBe(Math.max(...failed));
      }),
    );
  });
});

describe("failingSpans", () => {
  test("cover exactly the bins with a failed request, neighbours in one span", () => {
    fc.assert(
      fc.property(anyFailed, (failed) => {
        const spans = failingSpans(seriesOf(failed, 2));
        const length = spans.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
        expect(length).toBe(failed.filter((count) => count > 0).length * 2);
        for (const [at, span] of spans.slice(1).entries()) expect(span.startS).toBeGreaterThan(spans[at]?.endS ?? 0);
      }),
    );
  });
});

describe("the parts of a drawing", () => {
  test("fitted text is never wider than its room, unless only the ellipsis is left", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 200 }), (text, room) => {
        const fitted = fitText(text, room, 11);
        expect(fitted === "…" || textWidth(fitted, 11) <= room).toBe(true);
      }),
    );
  });

  test("ticks begin at 0, stay inside the run and are few", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e8, noNaN: true }), fc.integer({ min: 3, max: 14 }), (durationS, most) => {
        const ticks = timeTicks({ fromS: 0, toS: durationS }, most);
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeLessThanOrEqual(most + 2);
        expect(Math.max(...ticks)).toBeLessThanOrEqual(durationS + 0.1);
      }),
    );
  });

  test("labels of distinct names are distinct, however much is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "\n", " ") })),
        fc.integer({ min: 1, max: 6 }),
        (names, length) => {
          const labels = distinctLabels(names, length);
          expect(new Set(labels.values()).size).toBe(new Set(names).size);
        },
      ),
    );
  });
});
