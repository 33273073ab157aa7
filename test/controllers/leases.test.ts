import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { givenUpAt, lastRenewal, nextRenewal } from "../../src/controllers/leases.ts";
import { SECOND } from "../../src/kernel/time.ts";

const SPEC = {
  heartbeat: 10 * SECOND,
  monitorPeriod: 5 * SECOND,
  unreachableAfter: 50 * SECOND,
  evictAfter: 300 * SECOND,
};

describe("leases", () => {
  test.each([
    { silent: 3, last: undefined, next: 3 },
    { silent: 2, last: undefined, next: 3 },
    { silent: 4, last: 3, next: 13 },
    { silent: 13, last: 3, next: 13 },
    { silent: 14, last: 13, next: 23 },
    { silent: 100, last: 93, next: 103 },
  ])("renewed at 3, 13, 23 … s: before $silent s last at $last s, from then on next at $next s", (row) => {
    const last = lastRenewal(3 * SECOND, 10 * SECOND, row.silent * SECOND);
    expect(last === undefined ? undefined : last / SECOND).toBe(row.last);
    expect(nextRenewal(3 * SECOND, 10 * SECOND, row.silent * SECOND) / SECOND).toBe(row.next);
  });

  test.each([
    { lease: 3, now: 4, at: 55 },
    { lease: 5, now: 6, at: 60 },
    { lease: 4.999999, now: 6, at: 55 },
    { lease: 0, now: 100.5, at: 105 },
    { lease: 0, now: 105, at: 105 },
  ])("a lease of $lease s, seen from $now s on, is found too old at $at s", ({ lease, now, at }) => {
    expect(givenUpAt(lease * SECOND, SPEC, now * SECOND) / SECOND).toBe(at);
  });

  test("a host is given up 40 to 55 s after it falls silent", () => {
    const phases = fc.integer({ min: 0, max: 10 * SECOND - 1 });
    const times = fc.integer({ min: 10 * SECOND, max: 10_000 * SECOND });
    fc.assert(
      fc.property(phases, times, (phase, silent) => {
        const lease = lastRenewal(phase, SPEC.heartbeat, silent) ?? 0;
        const delay = givenUpAt(lease, SPEC, silent) - silent;
        expect(delay).toBeGreaterThan(40 * SECOND - 1);
        expect(delay).toBeLessThanOrEqual(55 * SECOND);
      }),
    );
  });
});
