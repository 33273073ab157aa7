import type { Loader, Spec as VegaSpec, View } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { escapeHtml } from "../escapeHtml.ts";
import type { Chart, DrawnChart, Spec } from "./chart.ts";
import { registerChartFont } from "./chartFont.ts";
import { textWidth } from "./textWidth.ts";
import { darkRules } from "./theme.ts";

/** Pixels per chart unit in a PNG: sharp on high-density screens and in print. */
const PNG_SCALE = 2;
/** Longest side of a PNG: image viewers give up on larger ones. */
const MOST_PIXELS = 12_000;

/** What a view may load: nothing. A specification is data from a scenario's author, and draws only what it carries. */
const REFUSING_LOADER: Loader = {
  options: {},
  load: (uri) => refuse(uri),
  sanitize: (uri) => refuse(uri),
  http: (uri) => refuse(uri),
  file: (path) => refuse(path),
} as Loader;

/** Draws one chart to SVG and PNG from a single layout. Same chart, same SVG bytes, on every machine. */
export async function drawChart(chart: Chart): Promise<DrawnChart> {
  const view = await layOut(chart.spec);
  try {
    const svg = await view.toSVG();
    const png = await paint(view, svg);
    return { chart, svg: finish(svg, chart.description), png };
  } finally {
    view.finalize();
  }
}

/** A Vega-Lite specification as an SVG document. Rejects when it asks for anything outside itself. */
export async function renderSvg(spec: Spec): Promise<string> {
  const view = await layOut(spec);
  try {
    const description = typeof spec.description === "string" ? spec.description : "Chart";
    return finish(await view.toSVG(), description);
  } finally {
    view.finalize();
  }
}

/** A Vega-Lite specification as PNG bytes, two pixels per chart unit. */
export async function renderPng(spec: Spec): Promise<Uint8Array> {
  const view = await layOut(spec);
  try {
    return await paint(view, await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Vega is loaded only when something is drawn: it costs 0.2 s, which `--help` should not pay. */
async function layOut(spec: Spec): Promise<View> {
  const [{ compile }, vega] = await Promise.all([import("vega-lite"), import("vega")]);
  // Exported by Vega, missing from its types; replacing `width` is its documented way to bring one's own measure.
  const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
  textMetrics.width = itemWidth;
  const failures: string[] = [];
  const logger = vega.logger(vega.Warn);
  const collect = (...parts: unknown[]): typeof logger => {
    failures.push(parts.map(String).join(" "));
    return logger;
  };
  logger.warn = collect;
  logger.error = collect;
  const compiled: VegaSpec = compile(spec as unknown as TopLevelSpec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", loader: REFUSING_LOADER, logger });
  await view.runAsync();
  if (failures.length > 0) throw new Error(`chart cannot be drawn: ${failures.join("; ")}`);
  return view;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

function itemWidth(item: TextItem, text: unknown): number {
  return textWidth(
    String(text ?? ""),
    item.fontSize ?? 11,
    item.fontWeight === "bold" || Number(item.fontWeight) >= 600,
  );
}

async function paint(view: View, svg: string): Promise<Uint8Array> {
  const canvas = await import("@napi-rs/canvas");
  registerChartFont(canvas.GlobalFonts);
  const size = /^<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/u.exec(svg);
  const drawn = { width: Number(size?.[1] ?? 1), height: Number(size?.[2] ?? 1) };
  const scale = Math.min(PNG_SCALE, MOST_PIXELS / Math.max(drawn.width, drawn.height));
  const width = Math.ceil(drawn.width * scale);
  const height = Math.ceil(drawn.height * scale);
  const surface = canvas.createCanvas(width, height);
  await view.toCanvas(scale, { externalContext: surface.getContext("2d") } as never);
  return surface.encode("png");
}

/** Adds what Vega leaves out: the text alternative, a way to scale, and the colours of a dark page. */
function finish(svg: string, description: string): string {
  const style = `<style>@media (prefers-color-scheme:dark){${darkRules("")}}</style>`;
  const label = escapeHtml(description);
  return svg.replace(
    /^<svg([^>]*)>/u,
    (_whole, attributes: string) => `<svg${attributes} role="img" aria-label="${label}">${style}`,
  );
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new Error(`charts load nothing from outside, yet one asked for ${what}`));
}
