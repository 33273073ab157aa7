import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCountOrPercent } from "../../src/fields/countOrPercent.ts";
import { proportionalScale } from "../../src/rollout/proportionalScale.ts";
import {
  cleanupUnhealthy,
  maxUnavailable,
  newReplicas,
  reconcileOld,
  resolveFenceposts,
  scaleDownOld,
  sum,
} from "../../src/rollout/rollingCounts.ts";

function limit(text: string | number) {
  const parsed = parseCountOrPercent(String(text));
  if (!parsed.ok) throw new Error(`expected ${parsed.expected}`);
  return parsed.value;
}

const anyCount = fc.integer({ min: 0, max: 30 });
const anySet = fc.tuple(anyCount, anyCount).map(([desired, cut]) => ({ desired, available: Math.min(desired, cut) }));

describe("resolveFenceposts", () => {
  test.each([
    { maxSurge: "25%", maxUnavailable: "25%", replicas: 5, surge: 2, unavailable: 1 },
    { maxSurge: "25%", maxUnavailable: "25%", replicas: 1, surge: 1, unavailable: 0 },
    { maxSurge: "1%", maxUnavailable: 0, replicas: 10, surge: 1, unavailable: 0 },
    { maxSurge: 0, maxUnavailable: "39%", replicas: 10, surge: 0, unavailable: 3 },
    { maxSurge: 0, maxUnavailable: 0, replicas: 10, surge: 0, unavailable: 1 },
    { maxSurge: 0, maxUnavailable: "5%", replicas: 10, surge: 0, unavailable: 1 },
    { maxSurge: "150%", maxUnavailable: 3, replicas: 2, surge: 3, unavailable: 3 },
  ])("of $replicas, $maxSurge and $maxUnavailable are $surge above and $unavailable below", (row) => {
    const limits = { maxSurge: limit(row.maxSurge), maxUnavailable: limit(row.maxUnavailable) };
    expect(resolveFenceposts(limits, row.replicas)).toEqual({ surge: row.surge, unavailable: row.unavailable });
  });

  test("never leaves both at 0, where a rollout could not move", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        anyCount,
        (above, below, replicas) => {
          const limits = { maxSurge: limit(`${above}%`), maxUnavailable: limit(`${below}%`) };
          const { surge, unavailable } = resolveFenceposts(limits, replicas);
          expect(surge + unavailable).toBeGreaterThan(0);
          expect(maxUnavailable({ surge, unavailable }, replicas)).toBeLessThanOrEqual(replicas);
        },
      ),
    );
  });
});

describe("newReplicas", () => {
  test.each([
    { when: "there is no surge and the old set is full", surge: 0, old: 10, next: 0, expected: 0 },
    { when: "half the old set is gone", surge: 2, old: 5, next: 0, expected: 7 },
    { when: "the surge is used up", surge: 2, old: 10, next: 2, expected: 2 },
    { when: "more than wanted exist", surge: 2, old: 0, next: 12, expected: 10 },
    { when: "nothing old is left", surge: 3, old: 0, next: 0, expected: 10 },
  ])("of 10 it becomes $expected when $when", ({ surge, old, next, expected }) => {
    expect(newReplicas({ replicas: 10, surge, next, total: old + next })).toBe(expected);
  });
});

describe("reconcileOld", () => {
  test.each([
    { when: "two may be unavailable", unavailable: 2, available: 10, expected: 8 },
    { when: "two are unready already: those go", unavailable: 2, available: 8, expected: 8 },
    { when: "one is unready: it goes, and one ready one", unavailable: 2, available: 9, expected: 8 },
    { when: "none may be unavailable", unavailable: 0, available: 10, expected: 10 },
  ])("of 10 old ones $expected stay when $when", ({ unavailable, available, expected }) => {
    const next = { desired: 0, available: 0 };
    expect(reconcileOld({ replicas: 10, unavailable, next, old: [{ desired: 10, available }] })).toEqual([expected]);
  });

  test("never takes what is available below the floor, and never more than there are", () => {
    fc.assert(
      fc.property(anyCount, anyCount, anySet, fc.array(anySet, { maxLength: 4 }), (replicas, cut, next, old) => {
        const unavailable = Math.min(cut, replicas);
        const kept = reconcileOld({ replicas, unavailable, next, old });
        const before = next.available + sum(old.map(({ available }) => available));
        // Those that are not available go first, so of each set the available ones stay as far as there is room.
        const after = next.available + sum(old.map(({ available }, i) => Math.min(available, kept[i] ?? 0)));
        expect(after).toBeGreaterThanOrEqual(Math.min(before, replicas - unavailable));
        kept.forEach((desired, i) => {
          expect(desired).toBeGreaterThanOrEqual(0);
          expect(desired).toBeLessThanOrEqual(old[i]?.desired ?? 0);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("starts with the oldest set", () => {
    expect(
      cleanupUnhealthy(
        [
          { desired: 3, available: 1 },
          { desired: 4, available: 0 },
        ],
        3,
      ),
    ).toEqual([1, 3]);
    expect(scaleDownOld([3, 4], 9, 4)).toEqual([0, 2]);
  });
});

describe("proportionalScale", () => {
  const former = { replicas: 5, most: 5 };

  test.each([
    { when: "one set stands alone", sets: [5], replicas: 12, expected: [12] },
    { when: "it doubles in the middle", sets: [2, 3], replicas: 10, expected: [4, 6] },
    { when: "it shrinks in the middle", sets: [2, 3], replicas: 3, expected: [1, 2] },
    { when: "nothing is wanted any more", sets: [2, 3], replicas: 0, expected: [0, 0] },
    { when: "only an old set is active", sets: [0, 5], replicas: 7, expected: [0, 7] },
  ])("gives $expected when $when", ({ sets, replicas, expected }) => {
    const sized = sets.map((desired) => ({ desired, available: 0, former }));
    expect(proportionalScale(sized, { replicas, surge: 0 })).toEqual(expected);
  });

  test("stops the old sets when the new one is whole already", () => {
    const sets = [
      { desired: 5, available: 5, former },
      { desired: 2, available: 0, former },
    ];
    expect(proportionalScale(sets, { replicas: 5, surge: 1 })).toEqual([5, 0]);
  });

  test("shares out exactly the wanted number and its surge, when several sets are active", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 }),
        anyCount,
        anyCount,
        (desired, replicas, surge) => {
          fc.pre(replicas > 0);
          const total = sum(desired);
          const sets = desired.map((count) => ({
            desired: count,
            available: 0,
            former: { replicas: total, most: total },
          }));
          const wanted = proportionalScale(sets, { replicas, surge });
          expect(sum(wanted)).toBe(replicas + surge);
          for (const count of wanted) expect(count).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
