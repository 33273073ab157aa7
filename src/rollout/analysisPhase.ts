/** How a metric of an analysis stands (Argo Rollouts, AnalysisPhase). */
export type AnalysisPhase = "Pending" | "Running" | "Successful" | "Failed" | "Inconclusive" | "Error";

/** How a metric is judged (Argo Rollouts, Metric). */
export interface MetricLimits {
  /** Measurements in all; undefined with an interval: without end; without one: 1. */
  readonly count?: number | undefined;
  /** It measures again and again. */
  readonly repeats: boolean;
  /** More failures than this fail it; below 0: they never do. 0 by default. */
  readonly failureLimit?: number | undefined;
  /** 0 by default. */
  readonly inconclusiveLimit?: number | undefined;
  /** 4 by default. */
  readonly consecutiveErrorLimit?: number | undefined;
  /** So many successes in a row are enough; 0, the default: off. */
  readonly consecutiveSuccessLimit?: number | undefined;
}

/** What was measured so far. */
export interface MetricCounts {
  readonly measurements: number;
  readonly inFlight: boolean;
  readonly failed: number;
  readonly inconclusive: number;
  readonly consecutiveError: number;
  readonly consecutiveSuccess: number;
  /** Completed measurements without those in error. */
  readonly total: number;
}

/**
 * How a metric stands after what was measured (Argo Rollouts, analysis.go, assessMetricStatus).
 *
 * @param terminating the analysis was told to stop: what has not failed by then is successful.
 */
export function metricPhase(limits: MetricLimits, counts: MetricCounts, terminating: boolean): AnalysisPhase {
  if (counts.measurements === 0) return terminating ? "Successful" : "Pending";
  if (counts.inFlight) return "Running";
  const bad = badPhase(limits, counts);
  if (bad !== undefined) return bad;
  const enough = limits.consecutiveSuccessLimit ?? 0;
  if (enough > 0 && counts.consecutiveSuccess >= enough) return "Successful";
  const count = limits.count || (limits.repeats ? undefined : 1);
  if (count !== undefined && counts.total >= count) return phaseAtCount(limits);
  return terminating ? "Successful" : "Running";
}

/** The count is reached, and no limit was broken. */
function phaseAtCount({ failureLimit = 0, consecutiveSuccessLimit = 0 }: MetricLimits): AnalysisPhase {
  if (consecutiveSuccessLimit <= 0) return "Successful";
  return failureLimit >= 0 ? "Inconclusive" : "Failed";
}

/** Where several limits are broken, the last one named here counts. */
function badPhase(limits: MetricLimits, counts: MetricCounts): AnalysisPhase | undefined {
  const { failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = 4 } = limits;
  if (counts.consecutiveError > consecutiveErrorLimit) return "Error";
  if (counts.inconclusive > inconclusiveLimit) return "Inconclusive";
  return failureLimit >= 0 && counts.failed > failureLimit ? "Failed" : undefined;
}
