import type { EventMark, RequestSeries, RunResult, ServiceSummary } from "../../metrics/result.ts";
import { formatCount, formatMillis, formatMoment, formatSeconds, formatShare, plural } from "../numbers.ts";
import { shorten } from "../printable.ts";
import type { Chart, ChartTable, Spec } from "./chart.ts";
import { type ContainerSteps, containerSteps } from "./containerSteps.ts";
import { placeEvents } from "./eventLabels.ts";
import { failingSpans } from "./failingSpans.ts";
import { requestBins } from "./requestBins.ts";
import { ribbonPanel } from "./ribbonPanel.ts";
import { containerPanel, eventPanel, failurePanel, latencyPanel, requestPanel, type TimeFrame } from "./timePanels.ts";
import { cropRun, type TimeWindow, wholeRun } from "./timeWindow.ts";
import { wholeSpec } from "./vegaConfig.ts";

const WIDTH = 740;
/** More bins than this are narrower than two pixels and only cost bytes. */
const MOST_BINS = 370;
const MOST_STEPS = 300;

/**
 * All of one service over one time axis: events, containers, requests, failures, latency, and the ribbon of what users met. With
 * a `window`, only that part of the run.
 */
export function serviceTimeline(whole: RunResult, service: string, slug: string, window?: TimeWindow): Chart {
  const shown = window ?? wholeRun(whole.series);
  const result = cropRun(whole, shown);
  const { series } = result;
  const summary = result.summary.services[service];
  const frame: TimeFrame = {
    window: shown,
    warmupS: series.warmupS,
    width: WIDTH,
    events: placeEvents(marksOf(result, service), shown, WIDTH),
    legends: true,
    axes: true,
    ticks: 12,
  };
  // Of the whole run, so that a version has the same colour in every figure.
  const versions = versionsOf(whole, service);
  const requests = series.requests[service];
  const description = describe(service, summary) + (window === undefined ? "" : ` Shown: ${spanOf(shown)}.`);
  const body: Spec = {
    vconcat: panelsOf(frame, result, service, versions),
    spacing: 14,
    resolve: { scale: { color: "independent" } },
  };
  return {
    slug,
    title: window === undefined ? `${shorten(service, 60)} over time` : `${shorten(service, 60)} from ${spanOf(shown)}`,
    caption: captionOf(frame, window !== undefined),
    description,
    spec: wholeSpec(description, body),
    table: phaseTable(requests, containerSteps(series.containers[service] ?? [], versions, MOST_STEPS), shown),
  };
}

function panelsOf(frame: TimeFrame, result: RunResult, service: string, versions: readonly string[]): Spec[] {
  const { series } = result;
  const summary = result.summary.services[service];
  const steps = containerSteps(series.containers[service] ?? [], versions, MOST_STEPS);
  const wanted = series.wanted[service] ?? [];
  const requests = series.requests[service];
  const panels: (Spec | undefined)[] = [
    eventPanel(frame),
    containerPanel(frame, steps, wanted, {
      height: 130,
      top: highest([steps], [wanted]),
      title: "Containers by version and state (dashed: wanted replicas)",
    }),
    ...(requests === undefined ? [] : requestPanels(frame, requests, versions)),
    ribbonPanel(frame, {
      rollouts: summary?.rollouts ?? [],
      outages: series.outages[service] ?? [],
      failing: requests === undefined ? [] : failingSpans(requests, frame.window.fromS),
      downS: summary?.downtime.totalS ?? 0,
      degradedS: summary?.degradedS ?? 0,
    }),
  ];
  return panels.filter((each) => each !== undefined);
}

function captionOf({ warmupS, window, events: { events, unlabelled } }: TimeFrame, closer: boolean): string {
  const warmup =
    warmupS > window.fromS ? `The shaded first ${formatSeconds(warmupS)} are warm-up and are not measured. ` : "";
  const some =
    unlabelled > 0 ? `${formatCount(unlabelled)} of them have no label here for want of room, and all` : "all";
  const marks = events.some((event) => !event.across) ? "Ticks and dotted lines mark" : "Dotted lines mark";
  const totals = closer ? " Totals are of the whole run." : "";
  return `${warmup}${marks} what happened; ${some} are listed under “Events”.${totals}`;
}

function spanOf({ fromS, toS }: TimeWindow): string {
  return `${formatMoment(fromS)} to ${formatMoment(toS)}`;
}

function requestPanels(frame: TimeFrame, requests: RequestSeries, versions: readonly string[]): (Spec | undefined)[] {
  const bins = requestBins(requests, MOST_BINS);
  if (!bins.arrived.some((rate) => rate > 0)) return [];
  const failed = bins.failed.some((rate) => rate > 0);
  return [
    requestPanel(frame, bins, versions, 100),
    failed ? failurePanel(frame, bins, { height: 80, title: "Failed requests per second, by cause" }) : undefined,
    latencyPanel(frame, bins, 90),
  ];
}

/** Versions of a service in the order in which they appear: their index is their colour. */
export function versionsOf(result: RunResult, service: string): string[] {
  const steps = [...(result.series.containers[service] ?? [])].sort((a, b) => a.atS - b.atS);
  const summary = result.summary.services[service];
  const named = [
    ...steps.map((step) => step.version),
    ...(summary?.rollouts ?? []).flatMap((rollout) => [rollout.from, rollout.to]),
    ...Object.keys(summary?.requests.byVersion ?? {}),
    ...Object.keys(result.series.requests[service]?.byVersion ?? {}),
  ];
  return [...new Set(named)].filter((version) => version !== "");
}

/** The events that concern a service: its own and those of no service in particular. */
export function marksOf(result: RunResult, service: string): EventMark[] {
  return result.series.marks.filter((mark) => mark.service === null || mark.service === service);
}

/** The most containers, or wanted replicas, at any time in any of the stacks. */
export function highest(
  stacks: readonly ContainerSteps[],
  wanted: readonly (readonly { replicas: number }[])[],
): number {
  let most = 0;
  for (const { counts } of stacks) {
    for (const row of counts)
      most = Math.max(
        most,
        row.reduce((sum, count) => sum + count, 0),
      );
  }
  for (const steps of wanted) for (const { replicas } of steps) most = Math.max(most, replicas);
  return Math.ceil(most * 1.04 + 0.001);
}

function describe(service: string, summary: ServiceSummary | undefined): string {
  const name = shorten(service, 60);
  if (summary === undefined) return `${name} over time.`;
  const { requests, downtime, containers } = summary;
  return (
    `${name} over time: at most ${formatCount(containers.peak)} containers; ${formatCount(requests.failed)} of ` +
    `${formatCount(requests.succeeded + requests.failed)} requests failed; down for ${formatSeconds(downtime.totalS)} in ` +
    `${plural(downtime.outages, "outage")}.`
  );
}

/** The figure in numbers: at most twelve equal spans of it. */
function phaseTable(
  requests: RequestSeries | undefined,
  steps: ContainerSteps,
  { fromS, toS }: TimeWindow,
): ChartTable {
  const bins = requests === undefined ? undefined : requestBins(requests, 12);
  const count = bins?.count ?? 12;
  const widthS = bins?.binS ?? (toS - fromS) / 12;
  const rows = Array.from({ length: count }, (_, at) => {
    const startS = fromS + at * widthS;
    const endS = Math.min(startS + widthS, toS);
    const failed = bins?.failed[at] ?? 0;
    const arrived = bins?.arrived[at] ?? 0;
    return [
      `${formatMoment(startS)} – ${formatMoment(endS)}`,
      formatCount(readyAt(steps, endS)),
      formatCount(arrived),
      formatCount(failed, 2),
      arrived > 0 ? formatShare(Math.min(1, failed / arrived)) : "–",
      formatMillis(bins?.p99[at] ?? null),
    ];
  });
  return { header: ["Time", "Ready at its end", "Requests/s", "Failed/s", "Share failed", "Worst p99"], rows };
}

function readyAt(steps: ContainerSteps, atS: number): number {
  const row = steps.times.findLastIndex((time) => time <= atS);
  const counts = steps.counts[row] ?? [];
  return steps.layers.reduce((sum, layer, at) => sum + (layer.class === "ready" ? (counts[at] ?? 0) : 0), 0);
}
