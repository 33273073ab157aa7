/** What an experiment of several strategies (or schedulers) under common random numbers hands to reports. */
import type { RunResult } from "../metrics/result.ts";

/** One metric over all replications. `mean` and `ci95` are null where no replication (or only one, for `ci95`) has it. */
export interface MetricSummary {
  mean: number | null;
  /** 95 % confidence interval of the mean (Student's t). */
  ci95: [number, number] | null;
  /** Replications in which the metric exists. */
  n: number;
}

/** One strategy's results; metrics are named by path below the run's summary: `services.shop.downtime.totalS`. */
export interface ComparedStrategy {
  name: string;
  metrics: Record<string, MetricSummary>;
  /** Paired differences (this minus baseline, seed by seed); empty for the baseline itself. */
  versusBaseline: Record<string, { meanDifference: number; ci95: [number, number] | null }>;
  /** Share of replications in which no request failed, 0…1, with its Wilson interval. */
  noFailedRequest: { share: number; ci95: [number, number] };
  /** The whole result under the first seed, for the charts over time. */
  firstRun: RunResult;
}

/** The outcome of `compare`: the same scenario, seed by seed, under each strategy. */
export interface Comparison {
  scenario: string;
  /** The first seed; replication i has seed + i. */
  seed: number;
  /** Name of the strategy the others are measured against. */
  baseline: string;
  replications: number;
  kind: "strategies" | "schedulers";
  services: string[];
  strategies: ComparedStrategy[];
  warnings: string[];
}
