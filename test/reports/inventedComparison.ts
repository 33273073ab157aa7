import type { Comparison } from "../../src/experiments/comparison.ts";
import type { RunResult } from "../../src/metrics/result.ts";
import { hurtRun, inventedRun } from "./inventedRun.ts";

/** Recreate, rolling and blue-green, invented so that each has something to show. */
export function inventedComparison(replications = 30): Comparison {
  const runs: [string, RunResult][] = [
    [
      "recreate",
      hurtRun({
        failing: [
          { from: 126, to: 141, perSecond: 380, cause: "no-endpoints", root: "timeline[0] deploy shop:v2 at 2m" },
        ],
        outages: [{ startS: 126, endS: 140.2, root: "timeline[0] deploy shop:v2 at 2m" }],
        surge: 0,
        rollout: { strategy: "recreate", endS: 140.4, minAvailable: 0 },
      }),
    ],
    ["rolling", hurtRun({ surge: 2, outages: [] })],
    ["blue-green", inventedRun({ surge: 5, rollout: { strategy: "blue-green", endS: 152, minAvailable: 5 } })],
  ];
  return {
    scenario: "release-compared",
    seed: 42,
    baseline: "recreate",
    replications,
    kind: "strategies",
    services: ["shop"],
    strategies: runs.map(([name, firstRun]) => comparedStrategy(name, firstRun, replications, runs[0]?.[1])),
    warnings: [],
  };
}

function comparedStrategy(
  name: string,
  firstRun: RunResult,
  replications: number,
  baseline: RunResult | undefined,
): Comparison["strategies"][number] {
  const measures = measure(firstRun);
  const reference = baseline === undefined || baseline === firstRun ? {} : measure(baseline);
  const half = (value: number): number => (replications > 1 ? Math.abs(value) * 0.08 : 0);
  const failed = measures["services.shop.requests.failed"] ?? 0;
  return {
    name,
    metrics: Object.fromEntries(
      Object.entries(measures).map(([path, mean]) => [
        path,
        {
          mean,
          ci95: replications > 1 ? ([mean - half(mean), mean + half(mean)] as [number, number]) : null,
          n: replications,
        },
      ]),
    ),
    versusBaseline: Object.fromEntries(
      Object.entries(reference).map(([path, value]) => {
        const difference = (measures[path] ?? 0) - value;
        const ci95: [number, number] | null =
          replications > 1 ? [difference - half(difference), difference + half(difference)] : null;
        return [path, { meanDifference: difference, ci95 }];
      }),
    ),
    noFailedRequest: failed > 0 ? { share: 0, ci95: [0, 0.11] } : { share: 1, ci95: [0.89, 1] },
    firstRun,
  };
}

function measure(run: RunResult): Record<string, number> {
  const shop = run.summary.services.shop;
  const rollout = shop?.rollouts.at(-1);
  if (shop === undefined) return {};
  return {
    "services.shop.requests.failed": shop.requests.failed,
    "services.shop.requests.succeeded": shop.requests.succeeded,
    "services.shop.downtime.totalS": shop.downtime.totalS,
    "services.shop.degradedS": shop.degradedS,
    "services.shop.latencyMs.p99": shop.latencyMs.p99 ?? 0,
    "services.shop.containers.peak": shop.containers.peak,
    "services.shop.containers.surplusSeconds": shop.containers.surplusSeconds * (shop.containers.peak - 4),
    "services.shop.rollout.durationS": (rollout?.endS ?? 0) - (rollout?.startS ?? 0),
    "services.shop.rollout.minAvailable": rollout?.minAvailable ?? 0,
  };
}
