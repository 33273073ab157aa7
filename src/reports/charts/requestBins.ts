import type { RequestSeries } from "../../metrics/result.ts";

/** Requests of one service in fewer, wider bins. Rates are per second; every array has one entry a bin. */
export interface RequestBins {
  readonly binS: number;
  readonly count: number;
  readonly arrived: readonly number[];
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
  readonly byVersion: Readonly<Record<string, readonly number[]>>;
  readonly byCause: Readonly<Record<string, readonly number[]>>;
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

/**
 * At most `most` bins as rates per second. A wide bin's percentile is the highest of its parts: percentiles cannot be averaged,
 * and the worst is what an operator looks for.
 */
export function requestBins(series: RequestSeries, most: number): RequestBins {
  const fine = series.arrived.length;
  const group = Math.max(1, Math.ceil(fine / most));
  const count = Math.ceil(fine / group);
  const rates = (values: readonly number[]): number[] =>
    merged(values, group, count).map(
      (part) => part.reduce((sum, value) => sum + value, 0) / (part.length * series.binS),
    );
  const worst = (values: readonly (number | null)[]): (number | null)[] =>
    merged(values, group, count).map((part) => {
      const known = part.filter((value) => value !== null);
      return known.length === 0 ? null : Math.max(...known);
    });
  const each = (record: Record<string, number[]>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, rates(values)]));
  return {
    binS: series.binS * group,
    count,
    arrived: rates(series.arrived),
    succeeded: rates(series.succeeded),
    failed: rates(series.failed),
    byVersion: each(series.byVersion),
    byCause: each(series.byCause),
    p50: worst(series.p50),
    p95: worst(series.p95),
    p99: worst(series.p99),
  };
}

function merged<Value>(values: readonly Value[], group: number, count: number): Value[][] {
  return Array.from({ length: count }, (_, bin) => values.slice(bin * group, (bin + 1) * group));
}
