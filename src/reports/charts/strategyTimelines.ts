import type { Comparison } from "../../experiments/comparison.ts";
import type { RunResult } from "../../metrics/result.ts";
import { formatCount, formatMoment, formatSeconds } from "../numbers.ts";
import { printable, shorten } from "../printable.ts";
import { causeColour } from "./causeColours.ts";
import type { Chart, Spec } from "./chart.ts";
import { type ContainerSteps, containerSteps } from "./containerSteps.ts";
import { distinctLabels } from "./distinctLabels.ts";
import { type EventLayout, placeEvents } from "./eventLabels.ts";
import { failingSpans } from "./failingSpans.ts";
import { SEEN_AT_FIRST } from "./legend.ts";
import { type RequestBins, requestBins } from "./requestBins.ts";
import { ribbonPanel } from "./ribbonPanel.ts";
import { highest, marksOf, versionsOf } from "./serviceTimeline.ts";
import { type Swatch, swatches } from "./swatches.ts";
import { containerPanel, eventPanel, failurePanel, layerLabels, type TimeFrame } from "./timePanels.ts";
import { cropRun, eventfulWindow, type TimeWindow } from "./timeWindow.ts";
import { wholeSpec } from "./vegaConfig.ts";

const COLUMNS = 3;
const TOTAL_WIDTH = 800;
const GAP = 62;
const MOST_BINS = 180;
const MOST_STEPS = 160;
const MOST_STRATEGIES = 9;
const INDEPENDENT = { scale: { color: "independent" } };

/** One strategy's column, cut to the window that all share: everything needed to draw it on axes shared with the others. */
interface Column {
  readonly result: RunResult;
  readonly window: TimeWindow;
  readonly label: string;
  readonly versions: readonly string[];
  readonly steps: ContainerSteps;
  readonly bins: RequestBins | undefined;
  readonly events: EventLayout;
}

/** The same service under each strategy, first seed, side by side on the same axes. */
export function strategyTimelines(comparison: Comparison, service: string, slug: string): Chart {
  const shown = comparison.strategies.slice(0, MOST_STRATEGIES);
  const labels = distinctLabels(
    shown.map(({ name }) => name),
    26,
  );
  const perRow = Math.min(COLUMNS, Math.max(1, shown.length));
  const width = Math.floor((TOTAL_WIDTH - GAP * (perRow - 1)) / perRow);
  const runs = shown.map(({ firstRun }) => firstRun);
  const window = eventfulWindow(runs, service) ?? { fromS: 0, toS: 1 };
  const columns = shown.map(({ name, firstRun }) =>
    column(firstRun, service, { label: labels.get(name) ?? "", window, width }),
  );
  const cells = gridCells(columns, service, { perRow, width });
  const name = shorten(service, 60);
  const description = `${name} under each of ${shown.length} ${comparison.kind}, first seed: ${columns.map((each) => headline(each, service)).join("; ")}.`;
  const hidden = comparison.strategies.length - shown.length;
  return {
    slug,
    title: `${name} under each of the ${comparison.kind}`,
    caption: `Seed ${comparison.seed}, same traffic and same axes${windowNote(window, runs)}: containers, failed requests per second, and what users met; totals are of the whole run.${hidden > 0 ? ` ${hidden} more ${comparison.kind} are only in the tables.` : ""}`,
    description,
    spec: wholeSpec(description, {
      vconcat: [
        ...legends(columns),
        { concat: cells, columns: perRow, bounds: "flush", spacing: { row: 32, column: GAP }, resolve: INDEPENDENT },
      ],
      spacing: 12,
      resolve: INDEPENDENT,
    }),
    table: {
      header: [
        comparison.kind === "strategies" ? "Strategy" : "Scheduler",
        "Failed",
        "Down",
        "Some failed",
        "Peak containers",
      ],
      rows: columns.map((each) => tableRow(each, service)),
    },
  };
}

function windowNote({ fromS, toS }: TimeWindow, runs: readonly RunResult[]): string {
  const durationS = runs[0]?.series.durationS ?? toS;
  return toS - fromS < durationS
    ? `, from ${formatMoment(fromS)} to ${formatMoment(toS)} of ${formatMoment(durationS)}`
    : "";
}

/**
 * The cells of the grid in reading order: all event panels of a row of strategies, then all its container panels, and so on, so
 * that one grid keeps every kind of panel level.
 */
function gridCells(columns: readonly Column[], service: string, grid: { perRow: number; width: number }): Spec[] {
  const { perRow, width } = grid;
  const top = highest(
    columns.map(({ steps }) => steps),
    columns.map(({ result }) => result.series.wanted[service] ?? []),
  );
  const failedTop = Math.max(0, ...columns.flatMap(({ bins }) => bins?.failed ?? []));
  const cells: Spec[] = [];
  for (let at = 0; at < columns.length; at += perRow) {
    const row = columns.slice(at, at + perRow);
    const eventRows = Math.max(1, ...row.map(({ events }) => events.rows));
    const stacks = row.map((each, index) =>
      panelsOf(each, service, { width, top, failedTop, eventRows, axes: index === 0 }),
    );
    const last = at + perRow >= columns.length;
    // One level more than there are panels makes room for the time axis above the next row of strategies.
    const levels = (stacks[0]?.length ?? 0) + (last ? 0 : 1);
    for (let level = 0; level < levels; level += 1) {
      for (let place = 0; place < perRow; place += 1) cells.push(stacks[place]?.[level] ?? filler(width));
    }
  }
  return cells;
}

function column(
  whole: RunResult,
  service: string,
  { label, window, width }: { label: string; window: TimeWindow; width: number },
): Column {
  const result = cropRun(whole, window);
  // Of the whole run, so that a version has the same colour in every figure.
  const versions = versionsOf(whole, service);
  const requests = result.series.requests[service];
  const marks = marksOf(result, service).filter(({ kind }) => kind === "deploy" || kind === "failure");
  return {
    result,
    window,
    label,
    versions,
    steps: containerSteps(result.series.containers[service] ?? [], versions, MOST_STEPS),
    bins: requests === undefined ? undefined : requestBins(requests, MOST_BINS),
    events: placeEvents(marks, window, width),
  };
}

/** The panels of one strategy, from the top down; every strategy has the same number. */
function panelsOf(
  { result, window, label, steps, bins, events }: Column,
  service: string,
  shared: { width: number; top: number; failedTop: number; eventRows: number; axes: boolean },
): Spec[] {
  const { series, summary } = result;
  const requests = series.requests[service];
  const labelled = events.events.filter((event) => event.label !== undefined);
  const frame: TimeFrame = {
    window,
    warmupS: series.warmupS,
    width: shared.width,
    // As many rows as the column with most, so that panels stay level across columns.
    events: { ...events, events: labelled, rows: shared.eventRows },
    legends: false,
    axes: shared.axes,
    ticks: 5,
  };
  const panels: (Spec | undefined)[] = [
    eventPanel(frame, { text: label, fontSize: 14, offset: 10 }),
    containerPanel(frame, steps, series.wanted[service] ?? [], {
      height: 110,
      top: shared.top,
      title: shared.axes ? "Containers (dashed: wanted)" : "",
    }),
    shared.failedTop === 0 || bins === undefined
      ? undefined
      : failurePanel(frame, bins, {
          height: 70,
          top: shared.failedTop,
          title: shared.axes ? "Failed requests per second" : "",
        }),
    ribbonPanel(frame, {
      rollouts: summary.services[service]?.rollouts ?? [],
      outages: series.outages[service] ?? [],
      failing: requests === undefined ? [] : failingSpans(requests, window.fromS),
      downS: summary.services[service]?.downtime.totalS ?? 0,
      degradedS: summary.services[service]?.degradedS ?? 0,
    }),
  ];
  return panels.filter((panel) => panel !== undefined);
}

/** An empty cell. */
function filler(width: number): Spec {
  return { width, height: 16, data: { values: [] }, mark: "point" };
}

/** Every layer and every cause that any column draws, once. */
function legends(columns: readonly Column[]): Spec[] {
  const layers = new Map<string, Swatch>();
  for (const { steps } of columns) {
    layerLabels(steps).forEach((label, at) => {
      layers.set(label, { label, colour: steps.layers[at]?.colour ?? "" });
    });
  }
  const causes = new Map<string, Swatch>();
  for (const { bins } of columns) {
    for (const [cause, rates] of Object.entries(bins?.byCause ?? {})) {
      if (rates.some((rate) => rate > 0)) causes.set(cause, { label: printable(cause), colour: causeColour(cause) });
    }
  }
  return [
    ...(layers.size > 0 ? [swatches("Containers", [...layers.values()], SEEN_AT_FIRST)] : []),
    ...(causes.size > 0 ? [swatches("Failed by", [...causes.values()], SEEN_AT_FIRST)] : []),
  ];
}

function headline({ result, label }: Column, service: string): string {
  const summary = serviceOf(result, service);
  return summary === undefined
    ? label
    : `${label} failed ${formatCount(summary.requests.failed)}, down ${formatSeconds(summary.downtime.totalS)}, peak ${formatCount(summary.containers.peak)} containers`;
}

function tableRow({ result, label }: Column, service: string): string[] {
  const summary = serviceOf(result, service);
  return [
    label,
    formatCount(summary?.requests.failed ?? null),
    formatSeconds(summary?.downtime.totalS ?? null),
    formatSeconds(summary?.degradedS ?? null),
    formatCount(summary?.containers.peak ?? null),
  ];
}

function serviceOf(result: RunResult, service: string): RunResult["summary"]["services"][string] | undefined {
  return result.summary.services[service];
}
