import { describe, expect, test } from "vitest";
import type { Scenario, TimelineEntry } from "../../src/cluster/spec.ts";
import {
  type ComparisonPlan,
  compare,
  type Variant,
  withScheduler,
  withStrategy,
} from "../../src/experiments/compare.ts";
import type { RunResult } from "../../src/metrics/result.ts";
import { resultOf, scenarioOf, summaryOf } from "./builders.ts";

const named = (name: string) => ({ name, settings: {} });
const strategyVariant = (name: string): Variant => ({ name, apply: (scenario) => withStrategy(scenario, named(name)) });

/** A make-believe simulator: luck comes from the seed alone, `recreate` fails 10 more, only `rolling` has a p99 on even seeds. */
function fakeRun(scenario: Scenario, seed: number): RunResult {
  const strategy = scenario.services[0]?.strategy.name;
  const luck = (seed * 7919) % 97;
  const failed = strategy === "rolling" ? luck : strategy === "recreate" ? luck + 10 : 0;
  const p99 = strategy === "rolling" && seed % 2 === 0 ? 100 : null;
  const summary = summaryOf({ shop: { requests: { failed }, latencyMs: { p99 } } });
  return resultOf({ ...summary, seed, warnings: strategy === "recreate" ? ["everywhere", "odd"] : ["everywhere"] });
}

function planOf(part: Partial<ComparisonPlan> = {}): ComparisonPlan {
  return {
    scenario: scenarioOf(["shop"]),
    kind: "strategies",
    variants: ["rolling", "recreate", "blue-green"].map(strategyVariant),
    baseline: "rolling",
    replications: 6,
    seed: 40,
    run: fakeRun,
    ...part,
  };
}

const FAILED = "services.shop.requests.failed";

describe("a comparison", () => {
  test("runs every variant under the same seeds, replication by replication", () => {
    const runs: string[] = [];
    compare(
      planOf({
        replications: 2,
        run: (scenario, seed) => {
          runs.push(`${scenario.services[0]?.strategy.name} ${seed}`);
          return fakeRun(scenario, seed);
        },
      }),
    );
    expect(runs).toEqual(["rolling 40", "recreate 40", "blue-green 40", "rolling 41", "recreate 41", "blue-green 41"]);
  });

  test("pairs by seed, so that shared luck cancels", () => {
    const { strategies } = compare(planOf());
    expect(strategies[1]?.versusBaseline[FAILED]).toEqual({ meanDifference: 10, ci95: [10, 10] });
    const spread = strategies[1]?.metrics[FAILED]?.ci95;
    expect((spread?.[1] ?? 0) - (spread?.[0] ?? 0)).toBeGreaterThan(10);
    expect(strategies[0]?.versusBaseline).toEqual({});
  });

  test("averages over the runs that have a metric, and says how many", () => {
    const { strategies } = compare(planOf());
    expect(strategies[0]?.metrics["services.shop.latencyMs.p99"]).toEqual({ mean: 100, ci95: [100, 100], n: 3 });
    expect(strategies[1]?.metrics["services.shop.latencyMs.p99"]).toBeUndefined();
    expect(strategies[1]?.versusBaseline["services.shop.latencyMs.p99"]).toBeUndefined();
  });

  test("counts the runs without a failed request", () => {
    const { strategies } = compare(planOf());
    expect(strategies.map((strategy) => strategy.noFailedRequest.share)).toEqual([0, 0, 1]);
    expect(strategies[2]?.noFailedRequest.ci95[1]).toBe(1);
  });

  test("has no intervals from one replication", () => {
    const { strategies, replications } = compare(planOf({ replications: 1 }));
    expect(replications).toBe(1);
    expect(strategies[1]?.metrics[FAILED]?.ci95).toBeNull();
    expect(strategies[1]?.versusBaseline[FAILED]).toEqual({ meanDifference: 10, ci95: null });
  });

  test("keeps each variant's first run", () => {
    const { strategies } = compare(planOf());
    expect(strategies.map((strategy) => strategy.firstRun.summary.seed)).toEqual([40, 40, 40]);
  });

  test("names the variant of a warning that not all share", () => {
    expect(compare(planOf()).warnings).toEqual(["everywhere", "recreate: odd"]);
  });

  test("reports progress after each run", () => {
    const seen: string[] = [];
    compare(planOf({ replications: 2, progress: (done, total) => seen.push(`${done}/${total}`) }));
    expect(seen).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
  });

  test("stops between replications, balanced, and says so", () => {
    let asked = 0;
    const stopped = compare(planOf({ shouldStop: () => ++asked === 3 }));
    expect(stopped.replications).toBe(3);
    expect(stopped.strategies.map((strategy) => strategy.metrics[FAILED]?.n)).toEqual([3, 3, 3]);
    expect(stopped.warnings[0]).toBe("stopped after 3 of 6 replications");
  });

  test.each([
    { when: "nothing is compared", part: { variants: [] }, problem: "at least one" },
    { when: "a name is double", part: { variants: [strategyVariant("a"), strategyVariant("a")] }, problem: "twice" },
    { when: "the baseline is not compared", part: { baseline: "canary" }, problem: "rolling, recreate, blue-green" },
    { when: "there are no replications", part: { replications: 0 }, problem: "whole number from 1" },
  ])("is refused when $when", ({ part, problem }) => {
    expect(() => compare(planOf(part))).toThrow(problem);
  });
});

describe("a variant of a scenario", () => {
  const timeline: TimelineEntry[] = [
    {
      index: 0,
      at: 5,
      every: undefined,
      action: { kind: "deploy", service: "shop", image: "v2", strategy: named("rolling") },
    },
    { index: 1, at: 9, every: undefined, action: { kind: "kill", service: "shop", count: 1 } },
  ];

  test("has its strategy on every service and every deploy, and leaves the original alone", () => {
    const scenario = scenarioOf(["shop", "cart"], timeline);
    const before = structuredClone(scenario);
    const changed = withStrategy(scenario, named("canary"));
    expect(changed.services.map((service) => service.strategy.name)).toEqual(["canary", "canary"]);
    expect(changed.timeline[0]?.action).toMatchObject({ kind: "deploy", strategy: { name: "canary" } });
    expect(changed.timeline[1]).toEqual(scenario.timeline[1]);
    expect(scenario).toEqual(before);
  });

  test("has its scheduler", () => {
    expect(withScheduler(scenarioOf(["shop"]), named("swarm")).cluster.scheduler.name).toBe("swarm");
  });
});
