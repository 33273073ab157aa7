import type { Comparison, MetricSummary } from "../../experiments/comparison.ts";
import { formatMetric, KEY_METRICS, type KeyMetric } from "../comparisonMetrics.ts";
import { shorten } from "../printable.ts";
import type { Chart, Spec } from "./chart.ts";
import { distinctLabels } from "./distinctLabels.ts";
import { hue, INK } from "./theme.ts";
import { wholeSpec } from "./vegaConfig.ts";

const COLUMNS = 4;
const WIDTH = 170;
const ROW = 34;

interface Dot {
  readonly name: string;
  readonly colour: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly align: "left" | "center" | "right";
}

/** Each key metric of one service: a dot per strategy, and the 95 % interval of its mean where there are several seeds. */
export function metricDots(comparison: Comparison, service: string, slug: string): Chart {
  const names = distinctLabels(
    comparison.strategies.map(({ name }) => name),
    18,
  );
  const labels = [...names.values()];
  const metrics = KEY_METRICS.map((metric) => ({ metric, dots: dotsOf(comparison, service, metric, names) })).filter(
    ({ dots }) => dots.some((dot) => dot.mean !== 0),
  );
  const rows: Spec[] = [];
  for (let at = 0; at < metrics.length; at += COLUMNS) {
    const row = metrics.slice(at, at + COLUMNS);
    rows.push({
      hconcat: row.map(({ metric, dots }, index) => metricPanel(metric, dots, labels, index === 0)),
      bounds: "flush",
      spacing: 30,
    });
  }
  const several = comparison.replications > 1;
  const description = `Key numbers of ${shorten(service, 60)} for ${labels.join(", ")}${several ? `, means over ${comparison.replications} seeds` : ""}.`;
  return {
    slug,
    title: `${shorten(service, 60)}: what users met and what it cost`,
    caption: `${several ? `Dots are means over ${comparison.replications} seeds, bars their 95 % confidence intervals.` : "One seed, so there are no intervals."} Less is better, but for “Fewest available”. A metric that is 0 for all is not drawn.`,
    description,
    spec: wholeSpec(description, rows.length > 0 ? { vconcat: rows, spacing: 26 } : emptyBody()),
    table: {
      header: ["Metric", ...labels],
      rows: KEY_METRICS.map((metric) => [
        metric.title,
        ...comparison.strategies.map(({ metrics: all }) => cell(all[`services.${service}.${metric.path}`], metric)),
      ]),
    },
  };
}

/** A mean with its interval, in the metric's unit. */
export function cell(summary: MetricSummary | undefined, metric: KeyMetric): string {
  const mean = formatMetric(summary?.mean ?? null, metric.unit);
  const interval = summary?.ci95 ?? null;
  if (interval === null || interval[0] === interval[1]) return mean;
  return `${mean} (${formatMetric(interval[0], metric.unit)} – ${formatMetric(interval[1], metric.unit)})`;
}

function dotsOf(comparison: Comparison, service: string, metric: KeyMetric, names: ReadonlyMap<string, string>): Dot[] {
  const found = comparison.strategies.flatMap(({ name, metrics }, index) => {
    const summary = metrics[`services.${service}.${metric.path}`];
    return summary === undefined || summary.mean === null
      ? []
      : [{ name, index, mean: summary.mean, ci95: summary.ci95 }];
  });
  const top = Math.max(0, ...found.map(({ mean, ci95 }) => Math.max(mean, ci95?.[1] ?? mean)));
  return found.map(({ name, index, mean, ci95 }) => ({
    name: names.get(name) ?? "",
    colour: hue(index).light,
    mean,
    low: Math.max(0, ci95?.[0] ?? mean),
    high: ci95?.[1] ?? mean,
    text: formatMetric(mean, metric.unit),
    align: top === 0 || mean < top * 0.2 ? "left" : mean > top * 0.75 ? "right" : "center",
  }));
}

function metricPanel(metric: KeyMetric, dots: readonly Dot[], labels: readonly string[], first: boolean): Spec {
  const top = Math.max(...dots.map((dot) => dot.high)) * 1.04 || 1;
  const x = {
    field: "mean",
    type: "quantitative",
    scale: { domain: [0, top], nice: false },
    axis: { title: null, labels: false, ticks: false, domain: false, tickCount: 4 },
  };
  const y = {
    field: "name",
    type: "nominal",
    scale: { domain: labels },
    axis: first
      ? { title: null, domain: false, ticks: false, labelColor: INK.text.light, labelPadding: 10 }
      : { title: null, domain: false, ticks: false, labels: false },
  };
  const color = { field: "colour", type: "nominal", scale: null };
  const text = (align: Dot["align"]): Spec => ({
    data: { values: dots.filter((dot) => dot.align === align) },
    mark: { type: "text", align, baseline: "bottom", dy: -5, dx: align === "left" ? -3 : align === "right" ? 3 : 0 },
    encoding: { x, y, text: { field: "text" } },
  });
  return {
    title: metric.title,
    width: WIDTH,
    height: labels.length * ROW,
    data: { values: dots },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
      },
      { mark: { type: "point", filled: true, size: 60, opacity: 1 }, encoding: { x, y, color } },
      text("left"),
      text("center"),
      text("right"),
    ],
  };
}

function emptyBody(): Spec {
  return {
    width: WIDTH * 2,
    height: ROW,
    data: { values: [{ text: "Every key metric is 0 under each of them." }] },
    mark: { type: "text", align: "left" },
    encoding: { x: { value: 0 }, text: { field: "text" } },
  };
}
