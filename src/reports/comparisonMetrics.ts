import type { ComparedStrategy, Comparison } from "../experiments/comparison.ts";
import { formatCount, formatMillis, formatSeconds, formatShare } from "./numbers.ts";

/** A metric that reports show for every strategy: its path below a service, its words and its unit. */
export interface KeyMetric {
  readonly path: string;
  readonly title: string;
  readonly unit: "requests" | "s" | "ms" | "containers" | "share";
}

/** What a strategy does to users (first six) and what it costs (the rest), in the order shown. */
export const KEY_METRICS: readonly KeyMetric[] = [
  { path: "requests.failed", title: "Failed requests", unit: "requests" },
  { path: "downtime.totalS", title: "Downtime", unit: "s" },
  { path: "degradedS", title: "Degraded time", unit: "s" },
  { path: "latencyMs.p99", title: "Latency p99", unit: "ms" },
  { path: "rollout.durationS", title: "Release took", unit: "s" },
  { path: "rollout.minAvailable", title: "Fewest available", unit: "containers" },
  { path: "containers.peak", title: "Peak containers", unit: "containers" },
  { path: "containers.surplusSeconds", title: "Surplus container-seconds", unit: "containers" },
];

/** A mean in the metric's own unit, `–` where no run has the metric. */
export function formatMetric(value: number | null, unit: KeyMetric["unit"]): string {
  switch (unit) {
    case "s":
      return formatSeconds(value);
    case "ms":
      return formatMillis(value);
    case "share":
      return formatShare(value);
    default:
      return formatCount(value, value !== null && Math.abs(value) < 100 ? 2 : 0);
  }
}

/** The mean of `path` of one service under one strategy; null where no run has it. */
export function serviceMean(strategy: ComparedStrategy, service: string, path: string): number | null {
  return strategy.metrics[`services.${service}.${path}`]?.mean ?? null;
}

/** The mean of `path` added up over all services; null where none has it. */
export function totalMean(comparison: Comparison, strategy: ComparedStrategy, path: string): number | null {
  const means = comparison.services
    .map((service) => serviceMean(strategy, service, path))
    .filter((mean) => mean !== null);
  return means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0);
}

/** The services with most requests in the baseline's first run, at most `limit`: the ones a report draws. */
export function busiestServices(comparison: Comparison, limit: number): string[] {
  const first = comparison.strategies[0]?.firstRun.summary.services ?? {};
  const arrived = (service: string): number => first[service]?.requests.arrived ?? 0;
  const order = new Map(comparison.services.map((service, index) => [service, index]));
  return [...comparison.services]
    .sort((a, b) => arrived(b) - arrived(a) || (order.get(a) ?? 0) - (order.get(b) ?? 0))
    .slice(0, limit);
}
