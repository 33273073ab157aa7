import { describe, expect, test } from "vitest";
import { SECOND } from "../../src/kernel/time.ts";
import {
  advanceBurn,
  judgeSlo,
  newBurnWindows,
  newReachability,
  outagesBetween,
  setReachable,
} from "../../src/metrics/availability.ts";
import { count, newHistogram } from "../../src/metrics/histogram.ts";

describe("outages", () => {
  const row = newReachability(1);
  setReachable(row, true, 0, 10);
  setReachable(row, false, 7, 50);
  setReachable(row, true, 0, 60);
  setReachable(row, false, 8, 90);

  test("are the spans without anybody to take a request, with what began each", () => {
    expect(outagesBetween(row, 0, 100)).toEqual([
      { start: 0, end: 10, root: 1, open: false },
      { start: 50, end: 60, root: 7, open: false },
      { start: 90, end: 100, root: 8, open: true },
    ]);
  });

  test("count only as far as they lie in the measured time", () => {
    expect(outagesBetween(row, 55, 95).map(({ start, end }) => [start, end])).toEqual([
      [55, 60],
      [90, 95],
    ]);
  });

  test("of no length are none", () => {
    const blink = newReachability(1);
    setReachable(blink, true, 0, 0);
    setReachable(blink, false, 2, 5);
    setReachable(blink, true, 0, 5);
    expect(outagesBetween(blink, 0, 10)).toEqual([]);
  });
});

describe("an objective", () => {
  const latency = newHistogram();
  for (let value = 1000; value <= 100_000; value += 1000) count(latency, value);
  const none = newBurnWindows(0);

  test("is met at exactly its availability, and the budget is then used up", () => {
    const verdict = judgeSlo({ availability: 0.75, latency: [] }, 0.75, latency, none);
    expect(verdict).toMatchObject({ met: true, errorBudgetUsed: 1 });
  });

  test("is missed by latency alone", () => {
    const slo = { availability: 0.75, latency: [{ percentile: "p99" as const, below: 90_000 }] };
    expect(judgeSlo(slo, 1, latency, none)).toMatchObject({ met: false, latencyMet: false, errorBudgetUsed: 0 });
    const looser = { availability: 0.75, latency: [{ percentile: "p50" as const, below: 90_000 }] };
    expect(judgeSlo(looser, 1, latency, none)).toMatchObject({ met: true, latencyMet: true });
  });

  test("burns as fast as its worst window: five bad minutes of an hour", () => {
    const burn = newBurnWindows(0);
    for (let second = 0; second < 3600; second++) {
      advanceBurn(burn, second * SECOND);
      burn.nowEnded += 10;
      if (second >= 1000 && second < 1300) burn.nowFailed += 5;
    }
    advanceBurn(burn, 3600 * SECOND);
    const { burnRate } = judgeSlo({ availability: 0.75, latency: [] }, 1, latency, burn);
    // Half fail in the worst five minutes, against a quarter allowed. The worst hour so far ended at 1300 s: 1500 of 13,000.
    expect(burnRate).toEqual([
      { windowS: 300, worst: 2 },
      { windowS: 3600, worst: 1500 / 13_000 / 0.25 },
    ]);
  });
});
