import { type Micros, SECOND, toMillis, toSeconds } from "../kernel/time.ts";
import { clear, countIn, type Histogram, newHistogram, quantiles } from "./histogram.ts";
import type { RequestSeries } from "./result.ts";

/** Requests over time in equal bins, filled as the run goes on: plain data, at most `MOST_BINS` long. */
export interface RequestBins {
  readonly width: Micros;
  /** The end of the run: what happens at that very moment belongs to the last bin. */
  readonly horizon: Micros;
  end: Micros;
  /** Bins that are over. */
  length: number;
  /** Of bin i, from 6i on: arrived, succeeded and failed requests, and `SHOWN` quantiles of latency in ms. Of a quiet bin, zeros. */
  closed: Float64Array;
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
const PER_BIN = 6;
const ARRIVED = 0;
const SUCCEEDED = 1;
const FAILED = 2;
const LATENCIES = 3;
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
    length: 0,
    closed: new Float64Array(PER_BIN * Math.ceil(duration / width)),
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
  const length = bins.length + (rest ? 1 : 0);
  const { closed } = bins;
  const closedAt = (bin: number, place: number) => closed[PER_BIN * bin + place] as number;
  const counts = (place: number, last: number) =>
    Array.from({ length }, (_, bin) => (bin < bins.length ? closedAt(bin, place) : last));
  const underWay = quantiles(bins.latency, SHOWN).map(millisOf);
  const latencies = (place: number) =>
    Array.from({ length }, (_, bin) => {
      if (bin === bins.length) return underWay[place] ?? null;
      return closedAt(bin, SUCCEEDED) === 0 ? null : closedAt(bin, LATENCIES + place);
    });
  return {
    binS: toSeconds(bins.width),
    arrived: counts(ARRIVED, bins.nowArrived),
    succeeded: counts(SUCCEEDED, bins.nowSucceeded),
    failed: counts(FAILED, bins.nowFailed),
    byVersion: named(bins.byRelease, bins.nowByRelease, names.release, length),
    byCause: named(bins.byCause, bins.nowByCause, names.cause, length),
    p50: latencies(0),
    p95: latencies(1),
    p99: latencies(2),
  };
}

/** Most bins of a quiet service have nothing in them, and cost next to nothing. */
function closeBin(bins: RequestBins): void {
  const { closed } = bins;
  const bin = bins.length++;
  const at = PER_BIN * bin;
  bins.end += bins.width;
  if (bins.nowArrived > 0) {
    closed[at + ARRIVED] = bins.nowArrived;
    bins.nowArrived = 0;
  }
  if (bins.nowSucceeded > 0) {
    closed[at + SUCCEEDED] = bins.nowSucceeded;
    bins.nowSucceeded = 0;
    shelve(bins.byRelease, bins.nowByRelease, bin);
    const found = quantiles(bins.latency, SHOWN);
    for (let place = 0; place < SHOWN.length; place++) closed[at + LATENCIES + place] = toMillis(found[place] ?? 0);
    clear(bins.latency);
  }
  if (bins.nowFailed > 0) {
    closed[at + FAILED] = bins.nowFailed;
    bins.nowFailed = 0;
    shelve(bins.byCause, bins.nowByCause, bin);
  }
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
