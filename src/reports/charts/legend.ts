import type { Spec } from "./chart.ts";
import { textWidth } from "./textWidth.ts";

/** So much of a figure a phone shows right of the axis before anyone scrolls; a legend beyond that would not be seen. */
export const SEEN_AT_FIRST = 340;

const SYMBOL = 16;
const GAP = 12;

/** A legend above its plot, at the left, in as few lines as `SEEN_AT_FIRST` allows. */
export function legendAbove(labels: readonly string[], looks: Spec = {}): Spec {
  return {
    title: null,
    orient: "top",
    direction: "horizontal",
    columns: columnsFor(labels),
    columnPadding: GAP,
    offset: 6,
    ...looks,
  };
}

/** The most columns, each as wide as its widest label, that fit. */
function columnsFor(labels: readonly string[]): number {
  const widths = labels.map((label) => SYMBOL + textWidth(label, 11) + GAP);
  for (let columns = labels.length; columns > 1; columns -= 1) {
    const total = Array.from({ length: columns }, (_, column) =>
      Math.max(...widths.filter((_width, at) => at % columns === column)),
    ).reduce((sum, width) => sum + width, 0);
    if (total <= SEEN_AT_FIRST) return columns;
  }
  return 1;
}
