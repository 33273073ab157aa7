import type { OutageSummary, RolloutSummary } from "../../metrics/result.ts";
import { formatSeconds } from "../numbers.ts";
import { printable } from "../printable.ts";
import type { Spec } from "./chart.ts";
import type { Span } from "./failingSpans.ts";
import { textWidth } from "./textWidth.ts";
import { INK } from "./theme.ts";
import { panel, type TimeFrame } from "./timePanels.ts";
import { clipSpans } from "./timeWindow.ts";

const RIBBON_ROW = 17;

/** What the ribbon shows; the totals are those of the summary, which are exact and leave out the warm-up. */
export interface RibbonRows {
  readonly rollouts: readonly RolloutSummary[];
  readonly outages: readonly OutageSummary[];
  readonly failing: readonly Span[];
  readonly downS: number;
  readonly degradedS: number;
}

/** Releases, outages and failing requests as rows of bars, each row named and with its total written beside it. */
export function ribbonPanel(frame: TimeFrame, rows: RibbonRows): Spec {
  const releases = releasesOf(rows.rollouts, frame);
  const bars = barsOf(rows, releases);
  const order = bars.map(({ row }) => row);
  const y = {
    field: "row",
    type: "nominal",
    scale: { domain: order, paddingInner: 0.25, paddingOuter: 0.1 },
    axis: { title: null, domain: false, ticks: false, labels: frame.axes, labelColor: INK.text.light },
  };
  const values = bars.flatMap(({ row, colour, spans }) =>
    clipSpans(spans, frame.window).map(({ startS, endS }) => ({ row, colour, t: startS, until: endS })),
  );
  const totals = bars.map(({ row, totalS }) => ({ row, text: formatSeconds(totalS) }));
  const color = { field: "colour", type: "nominal", scale: null };
  return panel(frame, {
    title: frame.axes ? "Releases, outages and failing requests (totals on the right)" : "",
    height: order.length * RIBBON_ROW,
    last: true,
    layers: [
      {
        data: { values: order.map((row) => ({ row, t: frame.window.fromS, until: frame.window.toS })) },
        mark: { type: "rect", color: INK.grid.light },
        encoding: { y, x2: { field: "until" } },
      },
      // The stroke keeps an outage of a blink visible in a run of a day.
      {
        data: { values },
        mark: { type: "rect", strokeWidth: 1 },
        encoding: { y, x2: { field: "until" }, color, stroke: color },
      },
      {
        data: { values: placeReleaseNames(releases, frame) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: 10 },
        encoding: { y, text: { field: "label" } },
      },
      {
        data: { values: totals },
        mark: { type: "text", align: "left", baseline: "middle", dx: 8, color: INK.muted.light },
        encoding: { x: { value: frame.width }, y, text: { field: "text" } },
      },
    ],
  });
}

interface Release extends Span {
  readonly label: string;
}

function releasesOf(rollouts: readonly RolloutSummary[], frame: TimeFrame): Release[] {
  return rollouts.map(({ startS, endS, strategy, outcome }) => ({
    startS,
    endS: endS ?? frame.window.toS,
    label: `${printable(strategy)}${outcome === "completed" ? "" : `, ${outcome}`}`,
  }));
}

interface Bar {
  readonly row: string;
  readonly colour: string;
  readonly spans: readonly Span[];
  readonly totalS: number;
}

/** The rows of the ribbon from the top down; a service without releases has no row for them. */
function barsOf({ outages, failing, downS, degradedS }: RibbonRows, releases: readonly Release[]): Bar[] {
  const release = { row: "release", colour: INK.axis.light, spans: releases, totalS: lengthOf(releases) };
  return [
    ...(releases.length > 0 ? [release] : []),
    { row: "down", colour: INK.failure.light, spans: outages, totalS: downS },
    { row: "some failed", colour: INK.degraded.light, spans: failing, totalS: degradedS },
  ];
}

/** Names of releases: to the right of their bars where nothing is in the way, else inside, else nowhere. */
function placeReleaseNames(releases: readonly Release[], frame: TimeFrame): Spec[] {
  const { fromS, toS } = frame.window;
  const pixels = frame.width / (toS - fromS);
  return releases.flatMap(({ startS, endS, label }, at) => {
    const needed = textWidth(label, 10) + 8;
    const next = releases.slice(at + 1).find((other) => other.endS > endS)?.startS ?? toS;
    const shownFrom = Math.max(startS, fromS);
    if (endS >= fromS && needed <= (next - endS) * pixels) return [{ row: "release", t: endS, label }];
    return needed <= (Math.min(endS, toS) - shownFrom) * pixels ? [{ row: "release", t: shownFrom, label }] : [];
  });
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
}
