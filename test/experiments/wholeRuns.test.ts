import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/cluster/spec.ts";
import { exampleSummary } from "../../src/experiments/checkExample.ts";
import { compare, type Run, withStrategy } from "../../src/experiments/compare.ts";
import { laboratory, STATION } from "../../src/experiments/laboratory.ts";
import { MILLISECOND, SECOND } from "../../src/kernel/time.ts";
import { simulate } from "../../src/simulation/simulation.ts";

const run: Run = (scenario, seed) => simulate(scenario, { seed });

/** Three containers under traffic, a release after ten seconds, a host lost after thirty. */
function eventful(): Scenario {
  const still = laboratory({
    length: 60 * SECOND,
    hosts: 3,
    arrivals: { kind: "poisson", perSecond: 50 },
    service: { kind: "exponential", mean: 20 * MILLISECOND },
    slots: 4,
    queue: 20,
  });
  const [image] = still.images;
  if (image === undefined) throw new Error("a laboratory has an image");
  return {
    ...still,
    images: [image, { ...image, name: "station:v2", startup: { kind: "constant", value: 2 * SECOND } }],
    services: still.services.map((service) => ({
      ...service,
      routing: { ...service.routing, connectTimeout: SECOND },
      traffic: { ...service.traffic, timeout: 2 * SECOND },
    })),
    timeline: [
      {
        index: 0,
        at: 10 * SECOND,
        every: undefined,
        action: { kind: "deploy", service: STATION, image: "station:v2", strategy: undefined },
      },
      {
        index: 1,
        at: 30 * SECOND,
        every: undefined,
        action: { kind: "crash", what: "host", name: "host-1", for: 5 * SECOND },
      },
    ],
  };
}

describe("strategies compared on the simulator itself", () => {
  const comparison = compare({
    scenario: eventful(),
    kind: "strategies",
    variants: ["rolling", "recreate", "blue-green"].map((name) => ({
      name,
      apply: (scenario: Scenario) => withStrategy(scenario, { name, settings: {} }),
    })),
    baseline: "rolling",
    replications: 4,
    seed: 1,
    run,
  });
  const metric = (name: string, path: string) =>
    comparison.strategies.find((strategy) => strategy.name === name)?.metrics[`services.${STATION}.${path}`]?.mean;

  test("meet the very same requests: arrivals differ by nothing", () => {
    for (const strategy of comparison.strategies.slice(1))
      expect(strategy.versusBaseline[`services.${STATION}.requests.arrived`]).toEqual({
        meanDifference: 0,
        ci95: [0, 0],
      });
  });

  test("differ where they should: recreate is down while it starts, blue-green peaks at twice the containers", () => {
    expect(metric("recreate", "downtime.totalS")).toBeGreaterThan(1.9);
    expect(metric("rolling", "downtime.totalS")).toBe(0);
    expect(metric("blue-green", "rollout.peakContainers")).toBe(6);
    expect(metric("rolling", "rollout.peakContainers")).toBeLessThan(6);
    expect(metric("recreate", "rollout.completed")).toBe(1);
  });

  test("come out the same again", () => {
    const again = simulate(withStrategy(eventful(), { name: "recreate", settings: {} }), { seed: 1 });
    const before = comparison.strategies.find((strategy) => strategy.name === "recreate")?.firstRun;
    expect(again.summary.digest).toBe(before?.summary.digest);
  });
});

describe("the example that checks are proved against", () => {
  test("has every key that a real summary has", () => {
    const { summary } = run(eventful(), 1);
    expect(missing(summary, exampleSummary(eventful()), "")).toEqual([]);
  });
});

/** Paths of `real` that `example` lacks; a list stands for all its entries by the first. */
function missing(real: unknown, example: unknown, path: string): string[] {
  if (typeof real !== "object" || real === null) return [];
  if (path.endsWith(".failedAttempts")) return [];
  if (typeof example !== "object" || example === null) return [path];
  if (Array.isArray(real))
    return real.slice(0, 1).flatMap((entry) => missing(entry, ownAt(example, "0"), `${path}[0]`));
  return Object.entries(real).flatMap(([key, value]) =>
    Object.hasOwn(example, key) ? missing(value, ownAt(example, key), `${path}.${key}`) : [`${path}.${key}`],
  );
}

function ownAt(record: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(record, key)?.value;
}
