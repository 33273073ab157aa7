import type { RequestSeries } from "../metrics/result.ts";

const BARS = "▁▂▃▄▅▆▇█";

/**
 * Values 0…1 as one character each; undefined is a space. Only a value of exactly 1 is the full bar, so that one failed request
 * among a million still shows.
 */
export function sparkline(values: readonly (number | undefined)[]): string {
  return values
    .map((value) => {
      if (value === undefined) return " ";
      const level = value >= 1 ? BARS.length - 1 : Math.floor(Math.max(0, value) * (BARS.length - 1));
      return Array.from(BARS)[level] ?? " ";
    })
    .join("");
}

/** The share of requests that succeeded in each of at most `columns` equal spans; undefined where none ended. */
export function availabilityOverTime(series: RequestSeries, columns: number): (number | undefined)[] {
  const bins = series.failed.length;
  const count = Math.max(0, Math.min(columns, bins));
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * bins) / count);
    const to = Math.floor(((column + 1) * bins) / count);
    const succeeded = total(series.succeeded.slice(from, to));
    const failed = total(series.failed.slice(from, to));
    return succeeded + failed === 0 ? undefined : succeeded / (succeeded + failed);
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
