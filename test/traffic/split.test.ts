import { describe, expect, test } from "vitest";
import type { ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { deploy, scenario, service, timeline } from "../support/scenarioBuilder.ts";

/** Starts as many new ones as old, gives the new release a fixed share, and leaves it at that. */
function fixedShare(percent: number, replicas: number): Strategy {
  return {
    kind: "strategy",
    name: "fixed-share",
    describe: "a split that never moves",
    plan(view) {
      const old = view.previous[0]?.id ?? view.next.id;
      return {
        scale: [{ release: view.next.id, desired: replicas }],
        weights: [
          { release: view.next.id, percent },
          { release: old, percent: 100 - percent },
        ],
      };
    },
  };
}

function byVersion(
  percent: number,
  replicas: number,
  balancer: "round-robin" | "least-requests",
  rest: Partial<ServiceSpec> = {},
) {
  const run = scenario({
    warmup: MINUTE,
    duration: 6 * MINUTE,
    services: [
      service({
        strategy: { name: "fixed-share", settings: {} },
        routing: { ...service().routing, balancer, propagation: { kind: "constant", value: SECOND } },
        ...rest,
      }),
    ],
    timeline: timeline([10, deploy("shop:v2")]),
  });
  const catalogue = withPlugins(BUILT_IN, [fixedShare(percent, replicas)]);
  return simulate(run, { catalogue }).summary.services.shop;
}

describe("traffic split by weight", () => {
  // 30,000 requests: a share of 20 % has a standard error of 0.23 %; four of them are 0.93 %.
  test.each(["round-robin", "least-requests"] as const)(
    "gives a release its share under %s, however many containers it has",
    (balancer) => {
      for (const replicas of [1, 5]) {
        const shop = byVersion(20, replicas, balancer);
        const share = (shop?.requests.byVersion["shop:v2"]?.succeeded ?? 0) / (shop?.requests.succeeded ?? 1);
        expect(Math.abs(share - 0.2)).toBeLessThan(0.0093);
        expect(shop?.requests.failed).toBe(0);
      }
    },
  );

  test("sends a share to a release without containers into the void, as a router does that looks at weights only", () => {
    const shop = byVersion(20, 0, "round-robin");
    const lost = (shop?.requests.failed ?? 0) / (shop?.requests.arrived ?? 1);
    expect(Math.abs(lost - 0.2)).toBeLessThan(0.0093);
    expect(shop?.requests.failures.map(({ cause }) => cause)).toEqual(["no-endpoints"]);
  });

  test("blames the deploy whose share was too much for its containers, though nothing was lost", () => {
    const shop = byVersion(100, 1, "round-robin", { slots: 1, queue: 0 });
    const roots = shop?.requests.failures.filter(({ cause }) => cause === "queue-full").map(({ root }) => root);
    expect(roots).toEqual(["timeline[0] deploy shop:v2 at 10s"]);
  });
});
