import type { Spec } from "./chart.ts";
import { CHART_FONT } from "./textWidth.ts";
import { INK } from "./theme.ts";

/** Looks shared by all charts. Labels are cut by us, at known widths, so Vega's own limits are off. */
const CONFIG: Spec = {
  font: CHART_FONT,
  background: INK.surface.light,
  // A reader without the chart's font sees one up to an eighth wider: totals stand at the right edge, and need the room.
  padding: { left: 12, top: 12, bottom: 12, right: 30 },
  aria: false,
  view: { stroke: null },
  mark: { color: INK.muted.light },
  axis: {
    labelColor: INK.muted.light,
    titleColor: INK.muted.light,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    labelLimit: 0,
    titleLimit: 0,
    gridColor: INK.grid.light,
    domainColor: INK.axis.light,
    tickColor: INK.axis.light,
    tickSize: 4,
    labelPadding: 4,
  },
  legend: {
    labelColor: INK.text.light,
    titleColor: INK.muted.light,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    labelLimit: 0,
    symbolType: "square",
    symbolSize: 90,
    rowPadding: 3,
    offset: 14,
  },
  title: {
    color: INK.text.light,
    fontSize: 12,
    fontWeight: "bold",
    anchor: "start",
    frame: "group",
    offset: 8,
    limit: 0,
    subtitleColor: INK.muted.light,
    subtitleFontSize: 11,
  },
  text: { color: INK.text.light, fontSize: 11 },
};

/** A whole specification around `body`: schema, description, shared looks. */
export function wholeSpec(description: string, body: Spec): Spec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    ...body,
    config: CONFIG,
  };
}
