import { formatMoment } from "../numbers.ts";
import type { Spec } from "./chart.ts";
import type { TimeWindow } from "./timeWindow.ts";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Distances between ticks that read well, in seconds. */
const STEPS = [
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];

/** The round moments, in seconds, that a time axis marks: at most `most` steps apart, none outside the window. */
export function timeTicks({ fromS, toS }: TimeWindow, most: number): number[] {
  const lengthS = toS - fromS;
  const step = STEPS.find((candidate) => lengthS / candidate <= most) ?? lengthS / most;
  const first = Math.ceil(fromS / step - 1e-9);
  const last = Math.floor(toS / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Math.round((first + index) * step * 10) / 10);
}

/** The x channel of every panel over time, with labels as scenario files spell times, or without any. */
export function timeAxis(window: TimeWindow, labels: boolean, most = 12): Spec {
  const values = timeTicks(window, most);
  const names = Object.fromEntries(values.map((value) => [String(value), formatMoment(value)]));
  return {
    field: "t",
    type: "quantitative",
    scale: { domain: [window.fromS, window.toS], nice: false, zero: false },
    axis: {
      values,
      title: labels ? "time since the start of the run" : null,
      labels,
      ticks: labels,
      domain: labels,
      labelExpr: `(${JSON.stringify(names)})[datum.value]`,
      labelFlush: true,
    },
  };
}
