import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECOND, toMillis } from "../../src/kernel/time.ts";
import { bucketOf, count, newHistogram, quantile } from "../../src/metrics/histogram.ts";
import { advance, binFailure, binSuccess, newRequestBins, seriesOf } from "../../src/metrics/requestBins.ts";

const DURATION = 60 * SECOND;
const NAMES = { release: (id: number) => `v${id}`, cause: (id: number) => `cause-${id}` };

/** Requests that arrive, succeed or fail, at times in order; long quiet stretches in between. */
const anyHistory = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: DURATION }),
      kind: fc.constantFrom("arrives" as const, "succeeds" as const, "fails" as const),
      id: fc.nat(2),
      latency: fc.integer({ min: 0, max: 3 * SECOND }),
    }),
    { maxLength: 60 },
  )
  .map((events) => events.toSorted((one, other) => one.at - other.at));

describe("requests over time", () => {
  test("are counted in the bin of their time, with its quantiles; quiet bins are zeros without a latency", () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: DURATION }), (events, rest) => {
        const bins = newRequestBins(DURATION);
        const now = Math.max(events.at(-1)?.at ?? 0, rest);
        for (const { at, kind, id, latency } of events) {
          advance(bins, at);
          if (kind === "arrives") bins.nowArrived++;
          else if (kind === "fails") binFailure(bins, id);
          else binSuccess(bins, id, bucketOf(latency));
        }
        advance(bins, now);
        const series = seriesOf(bins, now, NAMES);
        const length = Math.ceil(now / SECOND);
        const last = DURATION / SECOND - 1;
        const inBin = (bin: number) => events.filter(({ at }) => Math.min(last, Math.floor(at / SECOND)) === bin);
        // What happens at the very moment at which a bin begins is shown once there is something of that bin to show.
        const shown = Array.from({ length }, (_, bin) => inBin(bin));
        const counts = (kind: string) => shown.map((some) => some.filter((one) => one.kind === kind).length);
        expect(series.arrived).toEqual(counts("arrives"));
        expect(series.succeeded).toEqual(counts("succeeds"));
        expect(series.failed).toEqual(counts("fails"));
        for (const [key, share] of [
          ["p50", 0.5],
          ["p95", 0.95],
          ["p99", 0.99],
        ] as const) {
          expect(series[key]).toEqual(
            shown.map((some) => {
              const latencies = newHistogram();
              for (const one of some) if (one.kind === "succeeds") count(latencies, one.latency);
              const found = quantile(latencies, share);
              return found === undefined ? null : toMillis(found);
            }),
          );
        }
        for (const id of [0, 1, 2]) {
          const of = (kind: string) =>
            shown.map((some) => some.filter((one) => one.kind === kind && one.id === id).length);
          expect(series.byVersion[`v${id}`] ?? of("nothing")).toEqual(of("succeeds"));
          expect(series.byCause[`cause-${id}`] ?? of("nothing")).toEqual(of("fails"));
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
