import type { Spec } from "./chart.ts";
import { textWidth } from "./textWidth.ts";
import { INK } from "./theme.ts";

/** A colour and what it means. */
export interface Swatch {
  readonly label: string;
  readonly colour: string;
}

const FONT_SIZE = 11;
const ROW = 18;

/** One legend for several panels: a heading, then squares and words in lines that wrap at `width` pixels. */
export function swatches(heading: string, entries: readonly Swatch[], width: number): Spec {
  let x = textWidth(heading, FONT_SIZE) + 14;
  const indent = x;
  let row = 0;
  const values = entries.map(({ label, colour }) => {
    const needed = textWidth(label, FONT_SIZE) + 34;
    if (x > indent && x + needed > width) {
      x = indent;
      row += 1;
    }
    const place = { x: x + 5, y: row * ROW + ROW / 2, label, colour };
    x += needed;
    return place;
  });
  const height = (row + 1) * ROW;
  const axis = (field: string, size: number): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, size], range: [0, size], nice: false },
    axis: null,
  });
  const text = { type: "text", align: "left", baseline: "middle" };
  return {
    width,
    height,
    data: { values },
    encoding: { x: axis("x", width), y: axis("y", height) },
    layer: [
      {
        mark: { type: "point", shape: "square", size: 90, filled: true, opacity: 1 },
        encoding: { color: { field: "colour", type: "nominal", scale: null } },
      },
      { mark: { ...text, dx: 10 }, encoding: { text: { field: "label" } } },
      {
        data: { values: [{ x: 0, y: ROW / 2, label: heading }] },
        mark: { ...text, color: INK.muted.light },
        encoding: { text: { field: "label" } },
      },
    ],
  };
}
