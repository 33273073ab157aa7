import { formatMillis } from "../numbers.ts";
import { printable } from "../printable.ts";
import { causeColour } from "./causeColours.ts";
import type { Spec } from "./chart.ts";
import type { ContainerSteps } from "./containerSteps.ts";
import { distinctLabels } from "./distinctLabels.ts";
import type { EventLayout } from "./eventLabels.ts";
import { legendAbove } from "./legend.ts";
import type { RequestBins } from "./requestBins.ts";
import { HUE, hue, INK } from "./theme.ts";
import { timeAxis } from "./timeAxis.ts";
import type { TimeWindow } from "./timeWindow.ts";

/** What all panels of one figure share: the axis, the events across it, and how much is labelled. */
export interface TimeFrame {
  readonly window: TimeWindow;
  readonly warmupS: number;
  readonly width: number;
  readonly events: EventLayout;
  /** False in small multiples, where one legend outside serves all. */
  readonly legends: boolean;
  /** False where a panel to the left carries the y axis for the whole row. */
  readonly axes: boolean;
  /** Most steps between the ticks of the time axis. */
  readonly ticks: number;
}

interface PanelParts {
  readonly title: string | undefined;
  readonly height: number;
  readonly layers: readonly Spec[];
  /** True for the lowest panel, which carries the labels of the time axis. */
  readonly last?: boolean;
}

const EVENT_ROW = 15;
const EVENT_TICK = 7;

/** One panel over time: the warm-up shaded behind the layers, the events as thin rules across them. */
export function panel(frame: TimeFrame, { title, height, layers, last = false }: PanelParts): Spec {
  const { fromS, toS } = frame.window;
  const warmup: Spec = {
    data: { values: [{ t: fromS, until: Math.min(frame.warmupS, toS) }] },
    mark: { type: "rect", color: INK.warmup.light },
    encoding: { x2: { field: "until" } },
  };
  const rules: Spec = {
    data: { values: frame.events.events.filter(({ across }) => across).map(({ t, colour }) => ({ t, colour })) },
    mark: { type: "rule", strokeDash: [2, 3], strokeWidth: 1 },
    encoding: { color: { field: "colour", type: "nominal", scale: null } },
  };
  return {
    ...(title === undefined ? {} : { title }),
    width: frame.width,
    height,
    encoding: { x: timeAxis(frame.window, last, frame.ticks) },
    layer: [...(frame.warmupS > fromS ? [warmup] : []), ...layers, ...(frame.events.events.length > 0 ? [rules] : [])],
  };
}

/**
 * The labels of the events, each on a stem that reaches down to the panels; ticks for events too many to be drawn across them.
 * Undefined where it would be empty.
 */
export function eventPanel(frame: TimeFrame, title?: Spec): Spec | undefined {
  const { events, rows } = frame.events;
  const ticks = events.filter((event) => !event.across).map(({ t, colour }) => ({ t, colour, y: EVENT_TICK }));
  const base = ticks.length > 0 ? EVENT_TICK + 3 : 0;
  const height = base + rows * EVENT_ROW;
  if (height === 0) return undefined;
  const values = events
    .filter((event) => event.label !== undefined)
    .map(({ t, colour, label, row, align }) => ({ t, colour, label, y: base + (row + 0.5) * EVENT_ROW, align }));
  const y = { field: "y", type: "quantitative", scale: { domain: [0, height], nice: false }, axis: null };
  const color = { field: "colour", type: "nominal", scale: null };
  const text = (align: "left" | "right"): Spec => ({
    data: { values: values.filter((value) => value.align === align) },
    mark: { type: "text", align, baseline: "middle", dx: align === "left" ? 4 : -4, color: INK.text.light },
    encoding: { y, text: { field: "label" } },
  });
  return {
    ...(title === undefined ? {} : { title }),
    width: frame.width,
    height,
    encoding: { x: { ...timeAxis(frame.window, false), axis: null } },
    layer: [
      { data: { values }, mark: { type: "rule", strokeDash: [2, 3] }, encoding: { y, y2: { datum: 0 }, color } },
      { data: { values: ticks }, mark: { type: "rule" }, encoding: { y, y2: { datum: 0 }, color } },
      text("left"),
      text("right"),
    ],
  };
}

/** Containers stacked by version and state, and the wanted number as a dashed line. */
export function containerPanel(
  frame: TimeFrame,
  steps: ContainerSteps,
  wanted: readonly { atS: number; replicas: number }[],
  options: { height: number; top: number; title?: string },
): Spec {
  const labels = layerLabels(steps);
  const times = [...steps.times, frame.window.toS];
  const values = times.flatMap((t, at) =>
    labels.map((layer, order) => ({
      t,
      layer,
      order,
      n: steps.counts[Math.min(at, steps.counts.length - 1)]?.[order] ?? 0,
    })),
  );
  const wantedValues = wanted.map(({ atS, replicas }) => ({ t: atS, n: replicas }));
  const lastWanted = wantedValues.at(-1);
  if (lastWanted !== undefined) wantedValues.push({ t: frame.window.toS, n: lastWanted.n });
  const scale = { domain: [0, Math.max(1, options.top)], nice: false };
  const axis = yAxis(frame, { title: "containers", tickMinStep: 1, tickCount: 4, format: "d" });
  const y = { field: "n", type: "quantitative", scale, axis };
  const range = steps.layers.map((layer) => layer.colour);
  return panel(frame, {
    title: options.title,
    height: options.height,
    layers: [
      {
        data: { values },
        mark: { type: "area", interpolate: "step-after" },
        encoding: {
          y: { ...y, stack: "zero" },
          order: { field: "order" },
          color: colours("layer", labels, range, frame.legends),
        },
      },
      {
        data: { values: wantedValues },
        mark: { type: "line", interpolate: "step-after", strokeDash: [5, 3], strokeWidth: 1.5, color: INK.text.light },
        encoding: { y },
      },
    ],
  });
}

/** What the layers of a stack of containers are called in a legend, in its order. */
export function layerLabels(steps: ContainerSteps): string[] {
  const words = { ready: "ready", starting: "starting", stopping: "stopping", broken: "not serving" };
  const names = distinctLabels(
    steps.layers.map((layer) => layer.version ?? ""),
    18,
  );
  return steps.layers.map((layer) => {
    const name = names.get(layer.version ?? "") ?? "";
    return layer.version === undefined ? "crashed or unready" : `${name} ${words[layer.class]}`;
  });
}

/** Requests per second by the version that answered, the failed ones on top. */
export function requestPanel(frame: TimeFrame, bins: RequestBins, versions: readonly string[], height: number): Spec {
  const names = distinctLabels(versions, 22);
  const series = versions
    .map((version, index) => ({
      label: names.get(version) ?? "",
      colour: hue(index).light,
      rates: bins.byVersion[version] ?? [],
    }))
    .filter(({ rates }) => rates.some((rate) => rate > 0));
  if (bins.failed.some((rate) => rate > 0))
    series.push({ label: "failed requests", colour: INK.failure.light, rates: [...bins.failed] });
  return stackedRates(frame, bins, series, { title: "Requests per second, by the version that answered", height });
}

/** Failed requests per second by cause. */
export function failurePanel(
  frame: TimeFrame,
  bins: RequestBins,
  options: { height: number; top?: number; title?: string },
): Spec {
  const series = Object.entries(bins.byCause)
    .filter(([, rates]) => rates.some((rate) => rate > 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cause, rates]) => ({ label: printable(cause), colour: causeColour(cause), rates }));
  return stackedRates(frame, bins, series, options);
}

interface RateSeries {
  readonly label: string;
  readonly colour: string;
  readonly rates: readonly number[];
}

function stackedRates(
  frame: TimeFrame,
  bins: RequestBins,
  series: readonly RateSeries[],
  options: { height: number; top?: number; title?: string },
): Spec {
  const values = Array.from({ length: bins.count + 1 }, (_, at) => ({
    at,
    t: Math.min(frame.window.fromS + at * bins.binS, frame.window.toS),
  })).flatMap(({ at, t }) =>
    series.map(({ label, rates }, order) => ({ t, label, order, n: round(rates[Math.min(at, bins.count - 1)] ?? 0) })),
  );
  const top = (options.top ?? highestSum(bins, series)) * 1.06 || 1;
  const scale = { domain: [0, top], nice: false };
  // Thousands as “2k”; but small rates in full, since an SI prefix would make “8m” of 0.008.
  // By an expression, since an axis gives all its ticks the same prefix: “0k”.
  const labels = top >= 1_000 ? { labelExpr: "format(datum.value, '~s')" } : { format: "~f" };
  return panel(frame, {
    title: options.title,
    height: options.height,
    layers: [
      {
        data: { values },
        mark: { type: "area", interpolate: "step-after" },
        encoding: {
          y: {
            field: "n",
            type: "quantitative",
            stack: "zero",
            scale,
            axis: yAxis(frame, { title: "per second", tickCount: 4, ...labels }),
          },
          order: { field: "order" },
          color: colours(
            "label",
            series.map(({ label }) => label),
            series.map(({ colour }) => colour),
            frame.legends,
          ),
        },
      },
    ],
  });
}

/** Latency percentiles of the succeeded requests, on a logarithmic axis. Undefined where nothing succeeded. */
export function latencyPanel(frame: TimeFrame, bins: RequestBins, height: number): Spec | undefined {
  const lines = [
    { label: "p99", colour: HUE.violet.light, values: bins.p99 },
    { label: "p95", colour: HUE.blue.light, values: bins.p95 },
    { label: "p50", colour: HUE.sky.light, values: bins.p50 },
  ];
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null && value > 0));
  if (known.length === 0) return undefined;
  const labels = lines.map(({ label }) => label);
  const low = Math.min(...(known as number[])) / 1.15;
  const high = Math.max(...(known as number[])) * 1.15;
  const ticks = logTicks(low, high);
  const names = Object.fromEntries(ticks.map((tick) => [String(tick), formatMillis(tick)]));
  const values = lines.flatMap(({ label, values: line }) =>
    line.map((value, bin) => ({
      t: frame.window.fromS + (bin + 0.5) * bins.binS,
      label,
      ms: value !== null && value > 0 ? round(value) : null,
    })),
  );
  return panel(frame, {
    title: "Latency of succeeded requests (logarithmic)",
    height,
    layers: [
      {
        data: { values: values.filter(({ t }) => t <= frame.window.toS) },
        mark: { type: "line", strokeWidth: 1.4, invalid: "break-paths-show-path-domains" },
        encoding: {
          y: {
            field: "ms",
            type: "quantitative",
            scale: { type: "log", domain: [low, high], nice: false },
            axis: yAxis(frame, { title: null, values: ticks, labelExpr: `(${JSON.stringify(names)})[datum.value]` }),
          },
          color: {
            field: "label",
            type: "nominal",
            scale: { domain: labels, range: lines.map(({ colour }) => colour) },
            legend: frame.legends ? legendAbove(labels, { symbolType: "stroke", symbolStrokeWidth: 2 }) : null,
          },
        },
      },
    ],
  });
}

/** Round numbers (1, 2, 5 × 10ⁿ) between `low` and `high`; only the powers of ten where that is many. */
function logTicks(low: number, high: number): number[] {
  const exponents = Array.from({ length: 13 }, (_, index) => index - 4);
  const spread = (mantissas: readonly number[]): number[] =>
    exponents
      .flatMap((exponent) => mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`)))
      .filter((tick) => tick >= low && tick <= high);
  const fine = spread([1, 2, 5]);
  return fine.length <= 6 ? fine : spread([1]);
}

/** The y axis as given, or only its grid where another panel carries it. */
function yAxis(frame: TimeFrame, axis: Spec): Spec {
  return frame.axes ? axis : { ...axis, title: null, labels: false, ticks: false, domain: false };
}

function highestSum(bins: RequestBins, series: readonly RateSeries[]): number {
  let most = 0;
  for (let bin = 0; bin < bins.count; bin += 1) {
    most = Math.max(
      most,
      series.reduce((sum, { rates }) => sum + (rates[bin] ?? 0), 0),
    );
  }
  return most;
}

function colours(field: string, domain: readonly string[], range: readonly string[], legend: boolean): Spec {
  return { field, type: "nominal", scale: { domain, range }, legend: legend ? legendAbove(domain) : null };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
