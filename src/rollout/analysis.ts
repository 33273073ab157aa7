import { z } from "zod";
import { duration, positiveDuration } from "../fields/duration.ts";
import { share } from "../fields/quantity.ts";
import { formatDuration, type Micros, SECOND } from "../kernel/time.ts";
import { type AnalysisPhase, type MetricCounts, metricPhase } from "./analysisPhase.ts";
import type { ReleaseView, Signals } from "./strategy.ts";

/** After a measurement that went wrong it measures again so soon (Argo Rollouts, analysis.go, DefaultErrorRetryInterval). */
const ERROR_RETRY: Micros = 10 * SECOND;

const metric = z.strictObject({
  name: z.string().default("errors").describe("What notes call it."),
  errors: share.optional().describe("Successful up to this share of failed answers; 5% if no condition is set."),
  failAbove: share
    .optional()
    .describe("Failed above this share of failed answers; between the two it is inconclusive."),
  latency: positiveDuration.optional().describe("Successful up to this mean latency of the succeeded answers."),
  requests: z.int().min(0).default(1).describe("With fewer answers than this since the last look they say nothing."),
  whenFew: z
    .enum(["successful", "inconclusive", "failed"])
    .default("successful")
    .describe("What a measurement with too few answers counts as."),
  initialDelay: duration.prefault("0s").describe("How long the first measurement waits."),
  interval: positiveDuration.optional().describe("From one measurement to the next; left out: there is only one."),
  count: z.int().min(1).optional().describe("Measurements in all; left out with an interval: until it is stopped."),
  failureLimit: z.int().default(0).describe("More failures than this fail it; -1: they never do."),
  inconclusiveLimit: z.int().min(0).default(0).describe("More inconclusive measurements than this pause the rollout."),
  consecutiveErrorLimit: z.int().min(0).default(4).describe("More errors in a row than this fail it."),
  consecutiveSuccessLimit: z.int().min(0).default(0).describe("So many successes in a row are enough; 0: off."),
});

/** What an analysis measures, and how it judges: names and defaults are Argo Rollouts' (Metric). */
export const analysisSettings = z.strictObject({
  metrics: z.array(metric).min(1).describe("What is measured; all of them must be successful."),
});

/** An analysis that comes to an end by itself: what waits for it must not wait for ever. */
export const endingAnalysis = <Settings extends AnalysisSettings>({ metrics }: Settings): boolean =>
  metrics.every((one) => one.interval === undefined || one.count !== undefined || one.consecutiveSuccessLimit > 0);

/** One metric, complete. */
export type AnalysisMetric = z.output<typeof metric>;

/** An analysis, complete. */
export type AnalysisSettings = z.output<typeof analysisSettings>;

/** One metric's measurements so far: plain data. */
interface MetricRun extends Omit<MetricCounts, "measurements" | "inFlight"> {
  readonly phase: AnalysisPhase;
  /** Measurements so far, those in error too. */
  readonly looks: number;
  readonly nextAt: Micros;
  /** The release's answers up to the last measurement. */
  readonly seen: Signals;
}

/** An analysis under way, or over: plain data, to be kept in a strategy's state. */
export interface AnalysisRun {
  readonly metrics: readonly MetricRun[];
}

/** Where an analysis stands after a look. */
export interface AnalysisLook {
  readonly run: AnalysisRun;
  readonly phase: AnalysisPhase;
  /** When the next measurement is due; undefined: none is. */
  readonly wakeAt: Micros | undefined;
  /** What was concluded, for people; empty while nothing was. */
  readonly note: string;
}

/** Begins an analysis; nothing is measured yet. The first measurement judges all answers since `seen`. */
export function beginAnalysis({ metrics }: AnalysisSettings, now: Micros, seen: Signals): AnalysisRun {
  const none = { looks: 0, failed: 0, inconclusive: 0, consecutiveError: 0, consecutiveSuccess: 0, total: 0 };
  return {
    metrics: metrics.map(({ initialDelay }) => ({ ...none, phase: "Pending", nextAt: now + initialDelay, seen })),
  };
}

/**
 * Measures what is due, and judges: as soon as one metric is bad the whole analysis is, and when all are successful it is
 * (Argo Rollouts, analysis.go, reconcileAnalysisRun).
 */
export function lookAtAnalysis(
  { metrics }: AnalysisSettings,
  before: AnalysisRun,
  { release, now }: { readonly release: ReleaseView; readonly now: Micros },
): AnalysisLook {
  const notes: string[] = [];
  const runs = before.metrics.map((run, place) => {
    const metric = metrics[place];
    if (metric === undefined || isOver(run.phase) || run.nextAt > now) return run;
    const { result, text } = measure(metric, run.seen, release.signals);
    const counted = afterMeasurement(metric, { ...run, seen: release.signals }, { result, now });
    if (counted.phase !== "Running" || result !== "Successful") {
      notes.push(`${metric.name} of ${release.image}, look ${run.looks + 1}: ${text}, ${result.toLowerCase()}`);
    }
    return counted;
  });
  const phase = wholePhase(runs);
  const due = runs.filter((run) => !isOver(run.phase)).map(({ nextAt }) => nextAt);
  const wakeAt = isOver(phase) || due.length === 0 ? undefined : Math.min(...due);
  return { run: { metrics: runs }, phase, wakeAt, note: notes.join("; ") };
}

type Measurement = "Successful" | "Failed" | "Inconclusive" | "Error";

function measure(metric: AnalysisMetric, seen: Signals, now: Signals): { result: Measurement; text: string } {
  const failed = now.failed - seen.failed;
  const succeeded = now.succeeded - seen.succeeded;
  const answered = failed + succeeded;
  if (answered < Math.max(1, metric.requests)) {
    return { result: FEW[metric.whenFew], text: `only ${answered} answers` };
  }
  const latency = metric.latency === undefined ? undefined : meanLatency(seen, now);
  if (metric.latency !== undefined && latency === undefined) return { result: "Error", text: "no latency is known" };
  const slow = metric.latency !== undefined && latency !== undefined && latency > metric.latency;
  const allowed = metric.errors ?? (metric.latency === undefined ? 0.05 : 1);
  const bad = failed > allowed * answered;
  const ofErrors = `${failed} of ${answered} answers failed`;
  const text = latency === undefined ? ofErrors : `${ofErrors}, mean latency ${formatDuration(latency)}`;
  if (slow || (bad && (metric.failAbove === undefined || failed > metric.failAbove * answered))) {
    return { result: "Failed", text };
  }
  return { result: bad ? "Inconclusive" : "Successful", text };
}

const FEW = { successful: "Successful", inconclusive: "Inconclusive", failed: "Failed" } as const;

function meanLatency(seen: Signals, now: Signals): Micros | undefined {
  const succeeded = now.succeeded - seen.succeeded;
  if (now.latency === undefined || succeeded === 0) return undefined;
  return Math.round((now.latency - (seen.latency ?? 0)) / succeeded);
}

function afterMeasurement(
  metric: AnalysisMetric,
  run: MetricRun,
  { result, now }: { readonly result: Measurement; readonly now: Micros },
): MetricRun {
  const counts = {
    looks: run.looks + 1,
    failed: run.failed + Number(result === "Failed"),
    inconclusive: run.inconclusive + Number(result === "Inconclusive"),
    consecutiveError: result === "Error" ? run.consecutiveError + 1 : 0,
    consecutiveSuccess: result === "Successful" ? run.consecutiveSuccess + 1 : 0,
    total: run.total + Number(result !== "Error"),
  };
  const limits = { ...metric, repeats: metric.interval !== undefined };
  const phase = metricPhase(limits, { ...counts, measurements: 1, inFlight: false }, false);
  const pause = result === "Error" ? ERROR_RETRY : (metric.interval ?? ERROR_RETRY);
  return { ...counts, phase, nextAt: now + pause, seen: run.seen };
}

/** The worst one, once one is bad or all are over. */
function wholePhase(runs: readonly MetricRun[]): AnalysisPhase {
  const bad = WORST_FIRST.find((phase) => runs.some((run) => run.phase === phase));
  if (bad !== undefined) return bad;
  return runs.every(({ phase }) => phase === "Successful") ? "Successful" : "Running";
}

const WORST_FIRST: readonly AnalysisPhase[] = ["Failed", "Error", "Inconclusive"];

function isOver(phase: AnalysisPhase): boolean {
  return phase !== "Pending" && phase !== "Running";
}
