import type { RequestSeries } from "../../metrics/result.ts";

/** A stretch of the run, in seconds since its start. */
export interface Span {
  readonly startS: number;
  readonly endS: number;
}

/** The spans in which at least one request failed (the first bin begins at `fromS`), from the series' own bins; neighbouring bins are one span. */
export function failingSpans(series: RequestSeries, fromS = 0): Span[] {
  const spans: { startS: number; endS: number }[] = [];
  series.failed.forEach((failed, bin) => {
    if (failed === 0) return;
    const startS = fromS + bin * series.binS;
    const open = spans.at(-1);
    if (open !== undefined && Math.abs(open.endS - startS) < series.binS / 2) open.endS = startS + series.binS;
    else spans.push({ startS, endS: startS + series.binS });
  });
  return spans;
}
