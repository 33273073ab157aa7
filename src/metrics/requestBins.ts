import { type Micros, SECOND, toMillis, toSeconds } from "../kernel/time.ts";
import { clear, count, type Histogram, newHistogram, quantile } from "./histogram.ts";
import type { RequestSeries } from "./result.ts";

/** Requests over time in equal bins, filled as the run goes on: plain data, at most `MOST_BINS` long. */
export interface RequestBins {
  readonly width: Micros;
  /** The end of the run: what happens at that very moment belongs to the last bin. */
  readonly horizon: Micros;
  end: Micros;
  arrived: number[];
  succeeded: number[];
  failed: number[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
  /** By release id, and by cause: per bin, with holes where nothing happened. */
  byRelease: number[][];
  byCause: number[][];
  nowArrived: number;
  nowSucceeded: number;
  nowFailed: number;
  latency: Histogram;
}

const MOST_BINS = 1200;
const NICE_WIDTHS: readonly Micros[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200,
  86_400,
].map((seconds) => seconds * SECOND);

/** The width of bins for a run of that length: a round number. */
export function binWidth(duration: Micros): Micros {
  const wanted = Math.max(duration / MOST_BINS, duration >= 20 * SECOND ? SECOND : 0);
  return NICE_WIDTHS.find((width) => width >= wanted) ?? Math.ceil(wanted / SECOND) * SECOND;
}

export function newRequestBins(duration: Micros): RequestBins {
  const width = binWidth(duration);
  return {
    width,
    horizon: duration,
    end: width,
    arrived: [],
    succeeded: [],
    failed: [],
    p50: [],
    p95: [],
    p99: [],
    byRelease: [],
    byCause: [],
    nowArrived: 0,
    nowSucceeded: 0,
    nowFailed: 0,
    latency: newHistogram(),
  };
}

/** Closes every bin that ends at or before now. */
export function advance(bins: RequestBins, now: Micros): void {
  while (now >= bins.end && bins.end < bins.horizon) closeBin(bins);
}

export function binSuccess(bins: RequestBins, release: number, latency: Micros): void {
  bins.nowSucceeded++;
  count(bins.latency, latency);
  add(bins.byRelease, release, bins.arrived.length);
}

export function binFailure(bins: RequestBins, cause: number): void {
  bins.nowFailed++;
  add(bins.byCause, cause, bins.arrived.length);
}

/** The series so far, the bin under way included. Releases of one version are added up. */
export function seriesOf(
  bins: RequestBins,
  now: Micros,
  names: { release: (id: number) => string; cause: (id: number) => string },
): RequestSeries {
  const rest = now > bins.end - bins.width;
  const length = bins.arrived.length + (rest ? 1 : 0);
  const withRest = <T>(column: readonly T[], last: T): T[] => (rest ? [...column, last] : [...column]);
  const at = (share: number) => millisOf(quantile(bins.latency, share));
  return {
    binS: toSeconds(bins.width),
    arrived: withRest(bins.arrived, bins.nowArrived),
    succeeded: withRest(bins.succeeded, bins.nowSucceeded),
    failed: withRest(bins.failed, bins.nowFailed),
    byVersion: named(bins.byRelease, names.release, length),
    byCause: named(bins.byCause, names.cause, length),
    p50: withRest(bins.p50, at(0.5)),
    p95: withRest(bins.p95, at(0.95)),
    p99: withRest(bins.p99, at(0.99)),
  };
}

function closeBin(bins: RequestBins): void {
  bins.arrived.push(bins.nowArrived);
  bins.succeeded.push(bins.nowSucceeded);
  bins.failed.push(bins.nowFailed);
  bins.p50.push(millisOf(quantile(bins.latency, 0.5)));
  bins.p95.push(millisOf(quantile(bins.latency, 0.95)));
  bins.p99.push(millisOf(quantile(bins.latency, 0.99)));
  bins.nowArrived = 0;
  bins.nowSucceeded = 0;
  bins.nowFailed = 0;
  clear(bins.latency);
  bins.end += bins.width;
}

function add(columns: number[][], id: number, bin: number): void {
  while (columns.length <= id) columns.push([]);
  const column = columns[id] as number[];
  while (column.length <= bin) column.push(0);
  column[bin] = (column[bin] as number) + 1;
}

function named(columns: readonly number[][], nameOf: (id: number) => string, length: number): Record<string, number[]> {
  const byName = new Map<string, number[]>();
  columns.forEach((column, id) => {
    if (column.length === 0) return;
    const name = nameOf(id);
    const sum = byName.get(name) ?? new Array<number>(length).fill(0);
    column.forEach((value, bin) => {
      sum[bin] = (sum[bin] ?? 0) + value;
    });
    byName.set(name, sum);
  });
  return Object.fromEntries(byName);
}

function millisOf(micros: number | undefined): number | null {
  return micros === undefined ? null : toMillis(micros);
}
