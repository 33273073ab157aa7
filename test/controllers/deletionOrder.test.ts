import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, deletionOrder } from "../../src/controllers/deletionOrder.ts";

function candidate(part: Partial<Candidate>): Candidate {
  return {
    id: 1,
    assigned: true,
    launched: true,
    ready: true,
    readySince: 100,
    neighbours: 1,
    restarts: 0,
    createdAt: 50,
    ...part,
  };
}

const anyCandidate = fc.record({
  id: fc.integer({ min: 0, max: 5 }),
  assigned: fc.boolean(),
  launched: fc.boolean(),
  ready: fc.boolean(),
  readySince: fc.integer({ min: 0, max: 3 }),
  neighbours: fc.integer({ min: 0, max: 2 }),
  restarts: fc.integer({ min: 0, max: 2 }),
  createdAt: fc.integer({ min: 0, max: 2 }),
});

describe("which container a shrinking release deletes first", () => {
  // Each row's first one also wins over everything that a later row decides.
  const worst = { neighbours: 0, readySince: 0, restarts: 0, createdAt: 0, id: 0 };
  const best = { neighbours: 9, readySince: 999, restarts: 9, createdAt: 999, id: 9 };
  test.each([
    {
      rule: "one without a host",
      first: { assigned: false, ...worst },
      second: { launched: false, ready: false, ...best },
    },
    { rule: "one not launched", first: { launched: false, ...worst }, second: { ready: false, ...best } },
    { rule: "one not ready", first: { ready: false, ...worst }, second: { ...best } },
    { rule: "one doubled up", first: { ...worst, neighbours: 2 }, second: { ...best, neighbours: 1 } },
    { rule: "one ready for less long", first: { ...worst, neighbours: 9, readySince: 1000 }, second: best },
    { rule: "one restarted more", first: { ...best, restarts: 10, createdAt: 0, id: 0 }, second: best },
    { rule: "the newer", first: { ...best, createdAt: 1000, id: 0 }, second: best },
    { rule: "the one created last in the same instant", first: { ...best, id: 10 }, second: best },
  ])("$rule goes first", ({ first, second }) => {
    expect(deletionOrder(candidate(first), candidate(second))).toBeLessThan(0);
    expect(deletionOrder(candidate(second), candidate(first))).toBeGreaterThan(0);
  });

  test("since when one that is not ready was ready once does not matter", () => {
    const older = candidate({ ready: false, readySince: 1, restarts: 1 });
    expect(deletionOrder(older, candidate({ ready: false, readySince: 9 }))).toBeLessThan(0);
  });

  test("the order is total: antisymmetric and transitive", () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, anyCandidate, (a, b, c) => {
        expect(Math.sign(deletionOrder(a, b))).toBe(-Math.sign(deletionOrder(b, a)) + 0);
        if (deletionOrder(a, b) <= 0 && deletionOrder(b, c) <= 0) expect(deletionOrder(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
