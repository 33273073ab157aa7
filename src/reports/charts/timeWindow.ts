import type { RequestSeries, RunResult, RunSeries, StateStep } from "../../metrics/result.ts";
import { failingSpans, type Span } from "./failingSpans.ts";

/** A part of the run, in seconds since its start; `fromS` < `toS`. */
export interface TimeWindow {
  readonly fromS: number;
  readonly toS: number;
}

/** A window that would leave out less than this share of the run is not worth the reader's trouble. */
const WORTH_IT = 0.6;
const MARGIN = 0.15;

/** The spans that touch a window, cut to it: what lies outside would stretch the drawing. */
export function clipSpans<Clipped extends Span>(spans: readonly Clipped[], { fromS, toS }: TimeWindow): Clipped[] {
  return spans
    .filter(({ startS, endS }) => endS >= fromS && startS < toS)
    .map((span) => ({ ...span, startS: Math.max(span.startS, fromS), endS: Math.min(span.endS, toS) }));
}

/** All of a run. */
export function wholeRun(series: RunSeries): TimeWindow {
  return { fromS: 0, toS: series.durationS };
}

/**
 * The part of the runs in which one service was released, down or failing in any of them, with a margin on both sides; the
 * whole run where that is most of it, or nothing happened. Its ends are ends of request bins, so that no bin is cut.
 */
export function eventfulWindow(results: readonly RunResult[], service: string): TimeWindow | undefined {
  const [first] = results;
  if (first === undefined) return undefined;
  const { durationS } = first.series;
  const spans = results.flatMap((result) => eventfulSpans(result, service));
  if (spans.length === 0) return wholeRun(first.series);
  const startS = Math.min(...spans.map((span) => span.startS));
  const endS = Math.max(...spans.map((span) => span.endS));
  const marginS = Math.max(5, (endS - startS) * MARGIN);
  const gridS = Math.max(first.series.requests[service]?.binS ?? 1, 1);
  const fromS = Math.max(0, Math.floor((startS - marginS) / gridS) * gridS);
  const toS = Math.min(durationS, Math.ceil((endS + marginS) / gridS) * gridS);
  return toS - fromS > durationS * WORTH_IT ? wholeRun(first.series) : { fromS, toS };
}

function eventfulSpans({ series, summary }: RunResult, service: string): Span[] {
  const requests = series.requests[service];
  const rollouts = summary.services[service]?.rollouts ?? [];
  return [
    ...rollouts.map(({ startS, endS }) => ({ startS, endS: endS ?? series.durationS })),
    ...(series.outages[service] ?? []),
    ...(requests === undefined ? [] : failingSpans(requests)),
    ...series.marks
      .filter((mark) => mark.kind === "failure" && (mark.service === null || mark.service === service))
      .map(({ atS }) => ({ startS: atS, endS: atS })),
  ];
}

/**
 * The series of a run cut to a window: times stay as they are, request bins before it are gone (the first bin left begins at
 * `fromS`), and states that began earlier begin at `fromS`. The summary is untouched.
 */
export function cropRun(result: RunResult, { fromS, toS }: TimeWindow): RunResult {
  const { series } = result;
  const each = <In, Out>(record: Record<string, In>, crop: (value: In) => Out): Record<string, Out> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, crop(value)]));
  return {
    summary: result.summary,
    series: {
      ...series,
      durationS: toS,
      requests: each(series.requests, (bins) => cropBins(bins, fromS, toS)),
      containers: each(series.containers, (steps) => cropSteps(steps, fromS, toS)),
      wanted: each(series.wanted, (steps) => {
        const before = steps.filter(({ atS }) => atS <= fromS).at(-1);
        const inside = steps.filter(({ atS }) => atS > fromS && atS < toS);
        return before === undefined ? inside : [{ ...before, atS: fromS }, ...inside];
      }),
      outages: each(series.outages, (outages) => outages.filter(({ startS, endS }) => endS > fromS && startS < toS)),
      marks: series.marks.filter(({ atS }) => atS >= fromS && atS <= toS),
    },
  };
}

function cropBins(bins: RequestSeries, fromS: number, toS: number): RequestSeries {
  const from = Math.round(fromS / bins.binS);
  const to = Math.ceil(toS / bins.binS);
  const slice = <Value>(values: readonly Value[]): Value[] => values.slice(from, to);
  const sliceAll = (record: Record<string, number[]>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, slice(values)]));
  return {
    binS: bins.binS,
    arrived: slice(bins.arrived),
    succeeded: slice(bins.succeeded),
    failed: slice(bins.failed),
    byVersion: sliceAll(bins.byVersion),
    byCause: sliceAll(bins.byCause),
    p50: slice(bins.p50),
    p95: slice(bins.p95),
    p99: slice(bins.p99),
  };
}

function cropSteps(steps: readonly StateStep[], fromS: number, toS: number): StateStep[] {
  const current = new Map<string, StateStep>();
  const inside: StateStep[] = [];
  for (const step of [...steps].sort((a, b) => a.atS - b.atS)) {
    if (step.atS <= fromS) current.set(JSON.stringify([step.version, step.state]), { ...step, atS: fromS });
    else if (step.atS < toS) inside.push(step);
  }
  return [...current.values(), ...inside];
}
