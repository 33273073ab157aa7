import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArrivalsSpec } from "../../src/cluster/spec.ts";
import { Stream } from "../../src/kernel/random.ts";
import { DAY, HOUR, MINUTE, NEVER, SECOND } from "../../src/kernel/time.ts";
import { arrivalSource, newArrivalState } from "../../src/traffic/arrivals.ts";

type OpenLoop = Exclude<ArrivalsSpec, { kind: "users" | "none" }>;

/** All arrival times up to `horizon`. */
function times(arrivals: OpenLoop, horizon: number, seed = "1"): number[] {
  const stream = new Stream("test", seed);
  const source = arrivalSource(arrivals, horizon, newArrivalState());
  const all: number[] = [];
  for (let time = source.next(stream.next); time !== NEVER && time <= horizon; time = source.next(stream.next))
    all.push(time);
  return all;
}

const within = (all: readonly number[], from: number, to: number) =>
  all.filter((time) => time >= from && time < to).length;

describe("arrivals", () => {
  test("at a constant rate come evenly, to the microsecond, however long it goes on", () => {
    const all = times({ kind: "constant", perSecond: 3 }, HOUR + SECOND);
    expect(all[0]).toBe(333_333);
    expect(all[2]).toBe(SECOND);
    expect(all[3 * 3600 - 1]).toBe(HOUR);
  });

  // Poisson counts over a mean of n lie within 4√n of it in all but one case in 15,000; the seeds are fixed.
  test.each([
    { arrivals: { kind: "poisson", perSecond: 50 } as const, from: 0, to: HOUR, mean: 180_000 },
    {
      arrivals: { kind: "ramp", fromPerSecond: 0, toPerSecond: 400, over: 5 * MINUTE } as const,
      from: 0,
      to: 5 * MINUTE,
      mean: 60_000,
    },
    {
      arrivals: { kind: "ramp", fromPerSecond: 0, toPerSecond: 400, over: 5 * MINUTE } as const,
      from: 5 * MINUTE,
      to: 6 * MINUTE,
      mean: 24_000,
    },
    {
      arrivals: { kind: "daily", meanPerSecond: 2, peakPerSecond: 3.5, peakAt: 14 * HOUR } as const,
      from: 0,
      to: DAY,
      mean: 172_800,
    },
    {
      // Half an hour round the peak: 2 + 1.5 × sinc(π/48) a second.
      arrivals: { kind: "daily", meanPerSecond: 2, peakPerSecond: 3.5, peakAt: 14 * HOUR } as const,
      from: 13.75 * HOUR,
      to: 14.25 * HOUR,
      mean: 1800 * (2 + 1.5 * (Math.sin(Math.PI / 48) / (Math.PI / 48))),
    },
    {
      arrivals: {
        kind: "bursts",
        basePerSecond: 10,
        peakPerSecond: 900,
        every: 5 * MINUTE,
        length: 20 * SECOND,
      } as const,
      from: 0,
      to: HOUR,
      mean: 11 * 20 * 900 + (3600 - 220) * 10,
    },
    {
      arrivals: {
        kind: "trace",
        starts: [0, MINUTE, 5 * MINUTE],
        counts: [600, 0, 6000],
        step: MINUTE,
        spread: "poisson",
      } as const,
      from: 5 * MINUTE,
      to: 6 * MINUTE,
      mean: 6000,
    },
  ])("by chance keep the mean of $arrivals.kind between $from and $to", ({ arrivals, from, to, mean }) => {
    const found = within(times(arrivals, Math.max(to, 6 * MINUTE)), from, to);
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });

  test("of an even trace are exactly as many in every step as the trace says, and none in its gaps", () => {
    const rows = fc.array(fc.record({ gap: fc.nat(3), count: fc.nat(200) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, (trace) => {
        let step = 0;
        const starts = trace.map(({ gap }) => {
          step += gap + 1;
          return step * SECOND;
        });
        const counts = trace.map(({ count }) => count);
        const all = times({ kind: "trace", starts, counts, step: SECOND, spread: "even" }, 200 * SECOND);
        expect(all.length).toBe(counts.reduce((sum, count) => sum + count, 0));
        starts.forEach((start, i) => {
          expect(within(all, start, start + SECOND)).toBe(counts[i]);
        });
        expect(all.every((time, i) => i === 0 || time >= (all[i - 1] as number))).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test("of a replay come exactly when they came, equal times in order, each with its own demand", () => {
    const source = arrivalSource(
      { kind: "replay", times: [5, 5, 9], serviceTimes: [10, 20, 30] },
      100,
      newArrivalState(),
    );
    const uniform = () => 0.5;
    const rows = [0, 1, 2].map(() => [source.next(uniform), source.demand()]);
    expect(rows).toEqual([
      [5, 10],
      [5, 20],
      [9, 30],
    ]);
    expect(source.next(uniform)).toBe(NEVER);
  });

  test("of phases follow each other, each from its own beginning", () => {
    const all = times(
      {
        kind: "phases",
        phases: [
          { length: 10 * SECOND, arrivals: { kind: "constant", perSecond: 10 } },
          { length: 10 * SECOND, arrivals: { kind: "none" } },
          { length: 10 * SECOND, arrivals: { kind: "constant", perSecond: 2 } },
        ],
      },
      MINUTE,
    );
    // An arrival that falls on the end of a phase belongs to the next phase, which begins with none.
    expect([within(all, 0, 10 * SECOND), within(all, 10 * SECOND, 20 * SECOND)]).toEqual([99, 0]);
    expect([within(all, 20 * SECOND, 30 * SECOND), within(all, 30 * SECOND, MINUTE)]).toEqual([19, 0]);
  });

  test("go on from now at a new factor of the rate", () => {
    const source = arrivalSource({ kind: "constant", perSecond: 10 }, HOUR, newArrivalState());
    source.next(() => 0);
    source.setRate(20 * SECOND, 5);
    expect(source.next(() => 0)).toBe(20 * SECOND + 20_000);
    source.setRate(10 * SECOND, 1);
    expect(source.next(() => 0)).toBe(10 * SECOND + 100_000);
  });
});
