import { expect, test } from "vitest";
import type { SharedBudgetSpec } from "../../src/cluster/policies.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { budgetsKept } from "../../src/testkit/invariants/budgetsKept.ts";
import { scenario, service } from "../support/scenarioBuilder.ts";

const count = (value: number) => ({ kind: "count" as const, value });

/** What the invariant says when the first of three containers of `shop` and `cart`, all of them ready, is evicted. */
function saidOfEviction(...budgets: readonly SharedBudgetSpec[]): string | undefined {
  const services = [service({ name: "shop", replicas: 2 }), service({ name: "cart", replicas: 1 })];
  const simulation = new Simulation(scenario({ services, budgets }));
  const { cluster } = simulation.world;
  const watch = budgetsKept.start?.(simulation, (one) => simulate(one));
  const container = cluster.container(0);
  expect(container.ready).toBe(true);
  container.deleted = true;
  return watch?.onFact?.({ kind: "container-deleted", container, why: "drained: host-1" }, 0, cluster);
}

const budget = (minAvailable: number, ...services: string[]): SharedBudgetSpec => ({
  services,
  minAvailable: count(minAvailable),
  maxUnavailable: undefined,
  unhealthy: "IfHealthyBudget",
});

test.each([
  { what: "enough stay of both services together", budgets: [budget(2, "shop", "cart")], said: undefined },
  {
    what: "too few stay of both together",
    budgets: [budget(3, "shop", "cart")],
    said: "shop-1 is evicted, and 2 stay ready where the budget asks for 3",
  },
  { what: "the budget is another service's", budgets: [budget(3, "cart")], said: undefined },
  {
    what: "two budgets cover it",
    budgets: [budget(0, "shop", "cart"), budget(0, "shop")],
    said: "shop-1 is evicted, and is under 2 budgets",
  },
])("an eviction is judged by the budgets over it: $what", ({ budgets, said }) => {
  expect(saidOfEviction(...budgets)).toBe(said);
});
