import type { Comparison } from "../../experiments/comparison.ts";
import { totalMean } from "../comparisonMetrics.ts";
import { formatCount } from "../numbers.ts";
import type { Chart, Spec } from "./chart.ts";
import { distinctLabels } from "./distinctLabels.ts";
import { textWidth } from "./textWidth.ts";
import { hue } from "./theme.ts";
import { wholeSpec } from "./vegaConfig.ts";

const WIDTH = 640;
const HEIGHT = 300;
const FONT_SIZE = 12;

interface Point {
  readonly label: string;
  readonly colour: string;
  readonly failed: number;
  readonly cost: number;
}

interface Axis {
  readonly top: number;
  /** Symmetric logarithm with constant 1: linear near 0, so that 0 has its place, logarithmic beyond. */
  readonly symlog: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What each strategy costs against what it loses; the lower left corner is where one wants to be. */
export function costScatter(comparison: Comparison, slug: string): Chart | undefined {
  const surplus = pointsOf(comparison, "containers.surplusSeconds");
  const bySurplus = surplus.some((point) => point.cost > 0);
  const points = bySurplus ? surplus : pointsOf(comparison, "containers.peak");
  if (points.length < 2) return undefined;
  const costTitle = bySurplus ? "container-seconds beyond the wanted replicas" : "peak containers";
  const description = `Cost against loss: ${points
    .map(({ label, failed, cost }) => `${label} failed ${formatCount(failed)}, ${formatCount(cost)} ${costTitle}`)
    .join("; ")}.`;
  return {
    slug,
    title: "What it costs against what it loses",
    caption: `Failed requests against ${costTitle}${comparison.replications > 1 ? ", means over all seeds" : ""}. Lower left is better on both.`,
    description,
    spec: wholeSpec(description, body(points, costTitle)),
    table: {
      header: [comparison.kind === "strategies" ? "Strategy" : "Scheduler", "Failed requests", costTitle],
      rows: points.map(({ label, failed, cost }) => [label, formatCount(failed), formatCount(cost)]),
    },
  };
}

function pointsOf(comparison: Comparison, path: string): Point[] {
  const names = distinctLabels(
    comparison.strategies.map(({ name }) => name),
    24,
  );
  return comparison.strategies.flatMap((strategy, index) => {
    const failed = totalMean(comparison, strategy, "requests.failed");
    const cost = totalMean(comparison, strategy, path);
    if (failed === null || cost === null) return [];
    return [{ label: names.get(strategy.name) ?? "", colour: hue(index).light, failed, cost }];
  });
}

function body(points: readonly Point[], costTitle: string): Spec {
  const xAxis = axisFor(points.map((point) => point.failed));
  const yAxis: Axis = { top: Math.max(...points.map((point) => point.cost)) * 1.15 || 1, symlog: false };
  const labels = placeLabels(points, xAxis, yAxis);
  const x = channel("failed", xAxis, "failed requests", WIDTH);
  const y = channel("cost", yAxis, costTitle, HEIGHT);
  const color = { field: "colour", type: "nominal", scale: null };
  const pixel = (field: string, size: number): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, size], range: [0, size], nice: false },
    axis: null,
  });
  return {
    width: WIDTH,
    height: HEIGHT,
    resolve: { scale: { x: "independent", y: "independent" } },
    layer: [
      {
        data: { values: points },
        mark: { type: "point", filled: true, size: 130, opacity: 1 },
        encoding: { x, y, color },
      },
      {
        data: { values: labels },
        mark: { type: "text", align: "left", baseline: "middle", fontSize: FONT_SIZE },
        encoding: { x: pixel("px", WIDTH), y: pixel("py", HEIGHT), text: { field: "label" } },
      },
    ],
  };
}

function axisFor(values: readonly number[]): Axis {
  const top = Math.max(...values);
  const positive = values.filter((value) => value > 0);
  // Over a factor of 30 apart, the small ones would be one blot at zero on a linear axis.
  const symlog =
    positive.length > 0 && top > 30 && (top / Math.min(...positive) > 30 || positive.length < values.length);
  return { top: top === 0 ? 1 : symlog ? top * 1.6 : top * 1.15, symlog };
}

function channel(field: string, axis: Axis, title: string, size: number): Spec {
  const powers = Array.from({ length: 10 }, (_, exponent) => Number(`1e${exponent}`)).filter(
    (value) => value <= axis.top,
  );
  const names = Object.fromEntries([0, ...powers].map((value) => [String(value), formatCount(value)]));
  return {
    field,
    type: "quantitative",
    scale: { domain: [0, axis.top], nice: false, ...(axis.symlog ? { type: "symlog", constant: 1 } : {}) },
    axis: {
      title,
      grid: true,
      ...(axis.symlog
        ? { values: [0, ...powers], labelExpr: `(${JSON.stringify(names)})[datum.value]` }
        : { tickCount: Math.round(size / 90) }),
    },
  };
}

function pixelOf(value: number, axis: Axis, size: number): number {
  return axis.symlog ? (Math.log1p(value) / Math.log1p(axis.top)) * size : (value / axis.top) * size;
}

/** A label to the right, left, above or below of its point: the first place that is free and inside the plot. */
function placeLabels(points: readonly Point[], xAxis: Axis, yAxis: Axis): { label: string; px: number; py: number }[] {
  const dots = points.map((point) => ({
    x: pixelOf(point.failed, xAxis, WIDTH),
    y: HEIGHT - pixelOf(point.cost, yAxis, HEIGHT),
  }));
  const taken: Box[] = dots.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  return points.flatMap((point, index) => {
    const dot = dots[index];
    if (dot === undefined) return [];
    const width = textWidth(point.label, FONT_SIZE);
    const box = candidates(dot, width).find(
      (candidate) =>
        candidate.left >= 0 &&
        candidate.right <= WIDTH &&
        candidate.top >= 0 &&
        candidate.bottom <= HEIGHT &&
        !taken.some((other) => overlap(candidate, other)),
    );
    if (box === undefined) return [];
    taken.push(box);
    return [{ label: point.label, px: box.left, py: (box.top + box.bottom) / 2 }];
  });
}

function candidates({ x, y }: { x: number; y: number }, width: number): Box[] {
  const half = 8;
  const at = (left: number, middle: number): Box => ({
    left,
    right: left + width,
    top: middle - half,
    bottom: middle + half,
  });
  const steps = [0, 16, -16, 32, -32, 48, -48];
  return [
    ...steps.flatMap((step) => [at(x + 11, y + step), at(x - 11 - width, y + step)]),
    ...[18, -18, 34, -34].map((step) => at(x - width / 2, y + step)),
  ];
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
