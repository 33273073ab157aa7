import { type Micros, SECOND, toMillis, toSeconds } from "../kernel/time.ts";
import { clear, countIn, type Histogram, newHistogram, quantiles } from "./histogram.ts";
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
  /** Of the bin under way: by release id, and by cause. */
  nowByRelease: number[];
  nowByCause: number[];
  nowArrived: number;
  nowSucceeded: number;
  nowFailed: number;
  latency: Histogram;
}

const MOST_BINS = 1200;
/** The quantiles of latency that are shown over time. */
const SHOWN: readonly number[] = [0.5, 0.95, 0.99];
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
    nowByRelease: [],
    nowByCause: [],
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

/** Counts a success; `bucket` is its latency's, as `bucketOf` gives it. */
export function binSuccess(bins: RequestBins, release: number, bucket: number): void {
  bins.nowSucceeded++;
  countIn(bins.latency, bucket);
  increment(bins.nowByRelease, release);
}

/** Counts a request that failed for good. */
export function binFailure(bins: RequestBins, cause: number): void {
  bins.nowFailed++;
  increment(bins.nowByCause, cause);
}

function increment(counts: number[], id: number): void {
  while (counts.length <= id) counts.push(0);
  counts[id] = (counts[id] as number) + 1;
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
  const [p50, p95, p99] = quantiles(bins.latency, SHOWN).map(millisOf);
  return {
    binS: toSeconds(bins.width),
    arrived: withRest(bins.arrived, bins.nowArrived),
    succeeded: withRest(bins.succeeded, bins.nowSucceeded),
    failed: withRest(bins.failed, bins.nowFailed),
    byVersion: named(bins.byRelease, bins.nowByRelease, names.release, length),
    byCause: named(bins.byCause, bins.nowByCause, names.cause, length),
    p50: withRest(bins.p50, p50 ?? null),
    p95: withRest(bins.p95, p95 ?? null),
    p99: withRest(bins.p99, p99 ?? null),
  };
}

function closeBin(bins: RequestBins): void {
  shelve(bins.byRelease, bins.nowByRelease, bins.arrived.length);
  shelve(bins.byCause, bins.nowByCause, bins.arrived.length);
  bins.arrived.push(bins.nowArrived);
  bins.succeeded.push(bins.nowSucceeded);
  bins.failed.push(bins.nowFailed);
  const [p50, p95, p99] = quantiles(bins.latency, SHOWN);
  bins.p50.push(millisOf(p50));
  bins.p95.push(millisOf(p95));
  bins.p99.push(millisOf(p99));
  bins.nowArrived = 0;
  bins.nowSucceeded = 0;
  bins.nowFailed = 0;
  clear(bins.latency);
  bins.end += bins.width;
}

/** Appends the counts of the bin under way to their columns; a column starts where something was counted first. */
function shelve(columns: number[][], counts: number[], bin: number): void {
  for (let id = 0; id < counts.length; id++) {
    const count = counts[id] as number;
    if (count === 0) continue;
    while (columns.length <= id) columns.push([]);
    const column = columns[id] as number[];
    while (column.length < bin) column.push(0);
    column.push(count);
    counts[id] = 0;
  }
}

function named(
  columns: readonly number[][],
  now: readonly number[],
  nameOf: (id: number) => string,
  length: number,
): Record<string, number[]> {
  const byName = new Map<string, number[]>();
  for (let id = 0; id < Math.max(columns.length, now.length); id++) {
    const column = columns[id] ?? [];
    const last = now[id] ?? 0;
    if (column.length === 0 && last === 0) continue;
    const name = nameOf(id);
    const sum = byName.get(name) ?? new Array<number>(length).fill(0);
    column.forEach((value, bin) => {
      sum[bin] = (sum[bin] ?? 0) + value;
    });
    if (last > 0) sum[length - 1] = (sum[length - 1] ?? 0) + last;
    byName.set(name, sum);
  }
  return Object.fromEntries(byName);
}

function millisOf(micros: number | undefined): number | null {
  return micros === undefined ? null : toMillis(micros);
}
