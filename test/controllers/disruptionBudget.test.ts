import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approvalHolds, budgetStatus, evictionVerdict } from "../../src/controllers/disruptionBudget.ts";
import { MINUTE } from "../../src/kernel/time.ts";

const percent = (value: number) => ({ kind: "percent", value }) as const;
const count = (value: number) => ({ kind: "count", value }) as const;

describe("the status of a budget", () => {
  test.each([
    { budget: { minAvailable: count(3) }, healthy: 5, allowed: 2 },
    { budget: { minAvailable: percent(50) }, healthy: 5, allowed: 2 },
    { budget: { minAvailable: percent(41) }, healthy: 5, allowed: 2 },
    { budget: { maxUnavailable: count(1) }, healthy: 5, allowed: 1 },
    { budget: { maxUnavailable: percent(30) }, healthy: 5, allowed: 2 },
    { budget: { maxUnavailable: percent(30) }, healthy: 3, allowed: 0 },
    { budget: { maxUnavailable: count(0) }, healthy: 5, allowed: 0 },
  ])("of 5, $healthy of them healthy, under $budget lets $allowed go", ({ budget, healthy, allowed }) => {
    const both = { minAvailable: undefined, maxUnavailable: undefined, ...budget };
    expect(budgetStatus(both, { scales: [5], healthy, total: 5 }).disruptionsAllowed).toBe(allowed);
  });

  test("never lets more go than leaves what it promises", () => {
    const limit = fc.oneof(fc.nat(20).map(count), fc.nat(100).map(percent));
    fc.assert(
      fc.property(limit, fc.boolean(), fc.nat(20), fc.nat(20), (amount, least, scale, unhealthy) => {
        const budget = { minAvailable: least ? amount : undefined, maxUnavailable: least ? undefined : amount };
        const healthy = Math.max(0, scale - unhealthy);
        const status = budgetStatus(budget, { scales: [scale], healthy, total: scale });
        expect(status.disruptionsAllowed).toBeGreaterThanOrEqual(0);
        if (status.disruptionsAllowed > 0) {
          expect(healthy - status.disruptionsAllowed).toBeGreaterThanOrEqual(status.desiredHealthy);
        }
      }),
    );
  });

  test.each([
    { budget: { minAvailable: undefined, maxUnavailable: count(3) }, allowed: 0 },
    { budget: { minAvailable: percent(10), maxUnavailable: undefined }, allowed: 0 },
    { budget: { minAvailable: count(2), maxUnavailable: undefined }, allowed: 3 },
  ])("with an owner that has no scale lets $allowed go under $budget", ({ budget, allowed }) => {
    const status = budgetStatus(budget, { scales: [3], healthy: 5, total: 5, scaleless: true });
    expect(status.disruptionsAllowed).toBe(allowed);
  });

  test("lets nothing go where nothing is expected", () => {
    const budget = { minAvailable: undefined, maxUnavailable: percent(100) };
    expect(budgetStatus(budget, { scales: [], healthy: 3, total: 3 }).disruptionsAllowed).toBe(0);
  });
});

describe("the eviction of one container", () => {
  const budget = { minAvailable: count(3), maxUnavailable: undefined };
  const status = (healthy: number) => budgetStatus(budget, { scales: [5], healthy, total: 5 });

  test.each([
    { running: true, ready: true, healthy: 4, unhealthy: "IfHealthyBudget" as const, expected: "evict" },
    { running: true, ready: true, healthy: 3, unhealthy: "IfHealthyBudget" as const, expected: "too-many-requests" },
    { running: true, ready: false, healthy: 3, unhealthy: "IfHealthyBudget" as const, expected: "evict" },
    { running: true, ready: false, healthy: 2, unhealthy: "IfHealthyBudget" as const, expected: "too-many-requests" },
    { running: true, ready: false, healthy: 2, unhealthy: "AlwaysAllow" as const, expected: "evict" },
    { running: false, ready: false, healthy: 0, unhealthy: "IfHealthyBudget" as const, expected: "evict" },
  ])("running $running, ready $ready, beside $healthy healthy, $unhealthy: $expected", (row) => {
    const container = { running: row.running, ready: row.ready };
    expect(evictionVerdict(container, { ...budget, unhealthy: row.unhealthy }, status(row.healthy))).toBe(row.expected);
  });

  test("counts for two minutes, or as long as its deletion takes", () => {
    expect(approvalHolds({ age: 2 * MINUTE, deleting: false })).toBe(true);
    expect(approvalHolds({ age: 2 * MINUTE + 1, deleting: false })).toBe(false);
    expect(approvalHolds({ age: 9 * MINUTE, deleting: true })).toBe(true);
  });
});
