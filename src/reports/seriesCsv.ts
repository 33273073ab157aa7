import type { RunResult } from "../metrics/result.ts";
import { type Cell, csv } from "./csv.ts";
import type { ReportFile } from "./reportFile.ts";

/** A result under a name; the name is the first column where several results share a file. */
export interface NamedResult {
  readonly name: string;
  readonly result: RunResult;
}

interface Sheet {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: (result: RunResult) => Iterable<readonly Cell[]>;
}

const SHEETS: readonly Sheet[] = [
  {
    path: "requests.csv",
    header: ["service", "binStartS", "binS", "arrived", "succeeded", "failed", "p50Ms", "p95Ms", "p99Ms"],
    rows: requestRows,
  },
  {
    path: "requests-by.csv",
    header: ["service", "binStartS", "binS", "kind", "name", "count"],
    rows: requestGroupRows,
  },
  { path: "containers.csv", header: ["service", "atS", "version", "state", "count"], rows: containerRows },
  { path: "outages.csv", header: ["service", "startS", "endS", "open", "root"], rows: outageRows },
  { path: "failures.csv", header: ["service", "cause", "root", "count"], rows: failureRows },
  {
    path: "lanes.csv",
    header: ["host", "service", "version", "container", "state", "startS", "endS"],
    rows: laneRows,
  },
  { path: "events.csv", header: ["atS", "kind", "service", "label"], rows: eventRows },
];

/** The series of one run, one CSV file per kind of row. */
export function runSeriesCsv(result: RunResult): ReportFile[] {
  return SHEETS.map(({ path, header, rows }) => ({ path, bytes: csv(header, rows(result)) }));
}

/** The same files for several results, with a first column that says which; `column` names it. */
export function namedSeriesCsv(results: readonly NamedResult[], column: string): ReportFile[] {
  return SHEETS.map(({ path, header, rows }) => ({
    path,
    bytes: csv(
      [column, ...header],
      results.flatMap(({ name, result }) => Array.from(rows(result), (row) => [name, ...row])),
    ),
  }));
}

function* requestRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const [service, bins] of Object.entries(series.requests)) {
    for (let bin = 0; bin < bins.arrived.length; bin += 1) {
      const counts = [bins.arrived[bin] ?? 0, bins.succeeded[bin] ?? 0, bins.failed[bin] ?? 0];
      const latencies = [bins.p50[bin] ?? null, bins.p95[bin] ?? null, bins.p99[bin] ?? null];
      yield [service, binStart(bin, bins.binS), bins.binS, ...counts, ...latencies];
    }
  }
}

/** Long rows, zeros left out: versions and causes are names, and names make poor columns. */
function* requestGroupRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const [service, bins] of Object.entries(series.requests)) {
    const groups = [
      ...Object.entries(bins.byVersion).map(([name, counts]) => ({ kind: "version", name, counts })),
      ...Object.entries(bins.byCause).map(([name, counts]) => ({ kind: "cause", name, counts })),
    ];
    for (const { kind, name, counts } of groups) {
      for (const [bin, count] of counts.entries()) {
        if (count > 0) yield [service, binStart(bin, bins.binS), bins.binS, kind, name, count];
      }
    }
  }
}

/** Without the noise of adding 0.1 many times. */
function binStart(bin: number, binS: number): number {
  return Math.round(bin * binS * 1e6) / 1e6;
}

function* containerRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const [service, steps] of Object.entries(series.containers)) {
    for (const { atS, version, state, count } of steps) yield [service, atS, version, state, count];
  }
}

function* outageRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const [service, outages] of Object.entries(series.outages)) {
    for (const { startS, endS, open, root } of outages) yield [service, startS, endS, open, root];
  }
}

function* failureRows({ summary }: RunResult): Iterable<readonly Cell[]> {
  for (const [service, { requests }] of Object.entries(summary.services)) {
    for (const { cause, root, count } of requests.failures) yield [service, cause, root, count];
  }
}

function* laneRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const { host, service, version, container, phases } of series.lanes) {
    for (const { state, startS, endS } of phases) yield [host, service, version, container, state, startS, endS];
  }
}

function* eventRows({ series }: RunResult): Iterable<readonly Cell[]> {
  for (const { atS, kind, service, label } of series.marks) yield [atS, kind, service, label];
}
