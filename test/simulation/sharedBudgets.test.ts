import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isActive } from "../../src/cluster/containers.ts";
import type { SharedBudgetSpec } from "../../src/cluster/policies.ts";
import type { Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { Evictions } from "../../src/controllers/evictions.ts";
import { resolveUp } from "../../src/fields/countOrPercent.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { deploy, hosts, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const quiet = service({
  traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
  cpuMillicores: 200,
});

/** One budget over all of these services. */
function budgetOver(services: readonly string[], limits: Partial<SharedBudgetSpec>): SharedBudgetSpec {
  return { services, minAvailable: undefined, maxUnavailable: undefined, unhealthy: "IfHealthyBudget", ...limits };
}

function clusterOf(count: number, scheduler = "kubernetes"): Scenario["cluster"] {
  return { ...scenario().cluster, hosts: hosts(count), scheduler: { name: scheduler, settings: {} } };
}

/** Ready containers, those on their way out left aside. */
function readyOf({ world }: Simulation): number {
  return world.cluster.state.containers.filter((one) => one.ready && isActive(one)).length;
}

describe("a budget over several services", () => {
  test("is never broken by an upgrade of hosts, whatever it asks for (seed 7)", () => {
    const amount = fc.oneof(
      fc.record({ kind: fc.constant("count" as const), value: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant("percent" as const), value: fc.constantFrom(10, 25, 50) }),
    );
    const anyCase = fc.record({
      hosts: fc.integer({ min: 3, max: 4 }),
      replicas: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 3 }),
      amount,
      atOnce: fc.integer({ min: 1, max: 2 }),
      scheduler: fc.constantFrom("default", "kubernetes"),
    });
    let refused = 0;
    fc.assert(
      fc.property(anyCase, (made) => {
        const services = made.replicas.map((replicas, i) => ({ ...quiet, name: `s${i}`, replicas }));
        const wanted = made.replicas.reduce((sum, replicas) => sum + replicas, 0);
        const names = services.map(({ name }) => name);
        const all = hosts(made.hosts).map(({ name }) => name);
        const simulation = new Simulation(
          scenario({
            duration: 20 * MINUTE,
            cluster: clusterOf(made.hosts, made.scheduler),
            services,
            budgets: [budgetOver(names, { maxUnavailable: made.amount })],
            timeline: timeline([30, { kind: "upgrade", hosts: all, maxUnavailable: made.atOnce, length: 20 * SECOND }]),
          }),
          {
            listen: (fact) => {
              if (fact.kind === "eviction-refused") refused++;
            },
          },
        );
        let fewest = wanted;
        simulation.observe(() => {
          fewest = Math.min(fewest, readyOf(simulation));
        });
        simulation.run();
        expect(fewest).toBeGreaterThanOrEqual(wanted - resolveUp(made.amount, wanted));
        expect(readyOf(simulation)).toBe(wanted);
        expect(simulation.world.cluster.state.hosts.every(({ cordoned }) => !cordoned)).toBe(true);
      }),
      { seed: 7, numRuns: 20 },
    );
    // The budget had to say no now and then, or nothing was tried.
    expect(refused).toBeGreaterThan(0);
  });

  /** Who is preempted for so many urgent ones, on two hosts with one large container each. */
  function preempted(budget: SharedBudgetSpec, urgent: number): string[] {
    const large: ServiceSpec = { ...quiet, cpuMillicores: 3000, replicas: 1 };
    const gone: string[] = [];
    new Simulation(
      scenario({
        cluster: clusterOf(2),
        services: [
          { ...large, name: "left" },
          { ...large, name: "right" },
          { ...quiet, name: "small", cpuMillicores: 100, replicas: 1 },
          { ...large, name: "urgent", replicas: urgent, priority: 10, initially: "cold" },
        ],
        budgets: [budget],
      }),
      {
        listen: (fact, _now, cluster) => {
          if (fact.kind === "container-deleted" && fact.why.startsWith("preempted"))
            gone.push(cluster.service(fact.container.service).spec.name);
        },
      },
    ).run();
    return gone;
  }

  test.each([
    { covered: "left", victim: "right" },
    { covered: "right", victim: "left" },
  ])("over $covered turns a preemption to $victim, which it does not cover", ({ covered, victim }) => {
    const none = { kind: "count", value: 0 } as const;
    expect(preempted(budgetOver([covered, "small"], { maxUnavailable: none }), 1)).toEqual([victim]);
  });

  test("does not stop a preemption that has no other way: Kubernetes asks it as a favour only", () => {
    const none = { kind: "count", value: 0 } as const;
    expect(preempted(budgetOver(["left", "right"], { maxUnavailable: none }), 2).sort()).toEqual(["left", "right"]);
  });
});

describe("a budget over an Argo Rollout", () => {
  test.each([
    { strategy: "blue-green", settings: { autoPromotion: false }, expected: 8 },
    { strategy: "rolling", settings: { maxSurge: 4, maxUnavailable: 0 }, expected: 4 },
  ])("expects of $strategy in the middle of a release $expected of 4 replicas", ({ strategy, settings, expected }) => {
    const simulation = new Simulation(
      scenario({
        cluster: clusterOf(4),
        services: [{ ...quiet, replicas: 4, strategy: { name: strategy, settings } }],
        budgets: [budgetOver(["shop"], { maxUnavailable: { kind: "percent", value: 25 } })],
        timeline: timeline([30, deploy("shop:v2")]),
      }),
    );
    const { cluster } = simulation.world;
    const evictions = new Evictions(cluster);
    const [shop] = cluster.state.services;
    if (shop === undefined) throw new Error("there is one service");
    const before = evictions.statusOf(shop);
    expect(before).toMatchObject({ expected: 4, disruptionsAllowed: 1 });
    // All new containers are there, and none of the old ones has gone.
    simulation.runUntil(31 * SECOND);
    expect(evictions.statusOf(shop)).toMatchObject({ expected, desiredHealthy: (expected * 3) / 4 });
  });
});
