/** Arrivals, outages and durations as they were recorded: CSV files to whole microseconds, exactly. */

import type { ArrivalsSpec } from "../cluster/spec.ts";
import type { ReplayFile, TraceFile, TraceStart } from "../fields/arrivals.ts";
import type { DistributionFile } from "../fields/distribution.ts";
import { parseDuration } from "../fields/duration.ts";
import { quote } from "../fields/refusal.ts";
import type { Distribution } from "../kernel/distributions.ts";
import { MICROSECOND, MILLISECOND, type Micros, NEVER, SECOND } from "../kernel/time.ts";
import { type CsvRow, CsvTable, type ReadFile, TraceError } from "./csvTable.ts";
import { parseDecimal, parseStamp, type Stamp } from "./timestamps.ts";

/** What a file gave, and how many of its rows lie before time 0 and are left out. */
export interface TraceReading<Value> {
  readonly value: Value;
  readonly rowsBeforeStart: number;
}

interface TimedRow {
  readonly row: CsvRow;
  readonly time: Micros;
}

/** Reads counts per step; rows ascend by at least the step. @throws TraceError */
export function readTrace(file: TraceFile, readFile: ReadFile): TraceReading<Extract<ArrivalsSpec, { kind: "trace" }>> {
  const table = CsvTable.read(file.path, readFile);
  const countColumn = table.column(file.count);
  const { rows, rowsBeforeStart } = timedRows(table, file.time, file.start);
  const starts: Micros[] = [];
  const counts: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let placed = 0;
  for (const { row, time } of rows) {
    if (time < previous + file.step)
      throw table.fault(row, "begins before the step of the row before it is over; is step too long?");
    previous = time;
    sum += countOf(table, row, countColumn);
    // Rounding the running total, not each row, keeps the total exact.
    const target = Math.round(sum * file.scale);
    starts.push(time);
    counts.push(target - placed);
    placed = target;
  }
  return { value: { kind: "trace", starts, counts, step: file.step, spread: file.spread }, rowsBeforeStart };
}

function countOf(table: CsvTable, row: CsvRow, column: number): number {
  const cell = row.cells[column]?.trim() ?? "";
  const count = Number(cell);
  if (cell !== "" && count >= 0 && Number.isFinite(count)) return count;
  throw table.fault(row, `found ${quote(cell)} as ${table.columns[column]}, expected a count of at least 0`);
}

/** Reads one request per row; times never descend. @throws TraceError */
export function readReplay(
  file: ReplayFile,
  readFile: ReadFile,
): TraceReading<Extract<ArrivalsSpec, { kind: "replay" }>> {
  const table = CsvTable.read(file.path, readFile);
  const { rows, rowsBeforeStart } = timedRows(table, file.time, file.start);
  const times = rows.map(({ time }) => time);
  let serviceTimes: Micros[] | undefined;
  if (file.service !== undefined) {
    const column = table.column(file.service);
    const unit = unitOf(file.service);
    if (unit === undefined) throw new TraceError(noUnit(table.path, file.service));
    serviceTimes = rows.map(({ row }) => durationOf(table, row, { column, unit }));
  }
  return { value: { kind: "replay", times, serviceTimes }, rowsBeforeStart };
}

/** Reads the values of an empirical distribution. @throws TraceError */
export function readEmpirical(file: DistributionFile, readFile: ReadFile): Distribution {
  const table = CsvTable.read(file.path, readFile);
  const [only, ...others] = table.columns;
  if (file.column === undefined && others.length > 0) {
    throw new TraceError(
      `${table.path}: found the columns ${table.columns.join(", ")}, expected column= to name one of them`,
    );
  }
  const name = file.column ?? only ?? "";
  const place = { column: table.column(name), unit: unitOf(name) };
  const values = table.rows.map((row) => durationOf(table, row, place));
  return { kind: "empirical", values: values.sort((a, b) => a - b) };
}

/** The unit that a column's name ends on: `serviceMs`, `service_ms`, `demandS`, `wait_us`; undefined: none. */
function unitOf(column: string): Micros | undefined {
  const [, suffix] = /(?:^|_|[a-z0-9](?=[A-Z]))(us|Us|ms|Ms|s|S)$/.exec(column) ?? [];
  const units: ReadonlyMap<string, Micros> = new Map([
    ["us", MICROSECOND],
    ["ms", MILLISECOND],
    ["s", SECOND],
  ]);
  return units.get(suffix?.toLowerCase() ?? "");
}

function noUnit(path: string, column: string): string {
  return `${path}: found no unit in the column's name ${quote(column)}, expected one that ends on Ms, S or Us, as ${column}Ms`;
}

/** A number in the column's unit, or a duration with its own. */
function durationOf(table: CsvTable, row: CsvRow, place: { column: number; unit: Micros | undefined }): Micros {
  const cell = row.cells[place.column]?.trim() ?? "";
  const number = place.unit === undefined ? undefined : parseDecimal(cell, place.unit);
  if (number !== undefined && number >= 0) return number;
  const written = parseDuration(cell);
  if (written.ok) return written.value;
  const name = table.columns[place.column] ?? "";
  if (place.unit === undefined && /^\d/.test(cell)) throw new TraceError(noUnit(table.path, name));
  throw table.fault(row, `found ${quote(cell)} as ${name}, expected a duration of at least 0`);
}

/** The columns of a file of outages, as the scenario names them. */
export interface OutageFile {
  readonly trace: string;
  readonly host: string;
  readonly from: string;
  readonly to: string;
  readonly prefix: string;
  readonly start: string | undefined;
}

/** One outage of one host. */
export interface Outage {
  readonly host: string;
  readonly from: Micros;
  readonly to: Micros;
}

/** Reads outages in the file's order, which is that of their beginnings; what lies before time 0 is cut off. @throws TraceError */
export function readOutages(file: OutageFile, readFile: ReadFile): TraceReading<readonly Outage[]> {
  const table = CsvTable.read(file.trace, readFile);
  const hostColumn = table.column(file.host);
  const toColumn = table.column(file.to);
  const start: TraceStart = file.start === undefined ? { kind: "first" } : { kind: "text", text: file.start };
  const { rows, zero } = stampedRows(table, file.from, start);
  const outages: Outage[] = [];
  let rowsBeforeStart = 0;
  for (const { row, time } of rows) {
    const cell = row.cells[toColumn]?.trim() ?? "";
    const to = cell === "" ? NEVER : stampOf(table, row, { column: toColumn, kind: zero.kind }) - zero.micros;
    if (to < time) throw table.fault(row, "the outage ends before it begins");
    if (to <= 0) rowsBeforeStart++;
    else outages.push({ host: `${file.prefix}${row.cells[hostColumn]?.trim() ?? ""}`, from: Math.max(0, time), to });
  }
  return { value: outages, rowsBeforeStart };
}

/** The rows from time 0 on. */
function timedRows(table: CsvTable, column: string, start: TraceStart): { rows: TimedRow[]; rowsBeforeStart: number } {
  const { rows } = stampedRows(table, column, start);
  const kept = rows.filter(({ time }) => time >= 0);
  return { rows: kept, rowsBeforeStart: rows.length - kept.length };
}

/** Every row with its time since the file's zero, none before the row above it. */
function stampedRows(table: CsvTable, name: string, start: TraceStart): { rows: TimedRow[]; zero: Stamp } {
  const column = table.column(name);
  const zero = zeroOf(table, column, start);
  const rows: TimedRow[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const row of table.rows) {
    const time = stampOf(table, row, { column, kind: zero.kind }) - zero.micros;
    if (time < previous)
      throw table.fault(row, `found ${name} earlier than in the row before, expected rows in order of time`);
    previous = time;
    rows.push({ row, time });
  }
  return { rows, zero };
}

function zeroOf(table: CsvTable, column: number, start: TraceStart): Stamp {
  const text = start.kind === "first" ? table.rows[0]?.cells[column] : start.text;
  const parsed = parseStamp(text ?? "");
  if (parsed.ok) return parsed.value;
  const where = start.kind === "first" ? `${table.path} line ${table.rows[0]?.line}` : `start of ${table.path}`;
  throw new TraceError(`${where}: found ${quote(text)}, expected ${parsed.expected}`);
}

function stampOf(table: CsvTable, row: CsvRow, place: { column: number; kind: Stamp["kind"] }): Micros {
  const cell = row.cells[place.column] ?? "";
  const parsed = parseStamp(cell);
  const name = table.columns[place.column] ?? "";
  if (!parsed.ok) throw table.fault(row, `found ${quote(cell)} as ${name}, expected ${parsed.expected}`);
  if (parsed.value.kind !== place.kind) {
    throw table.fault(
      row,
      `found ${quote(cell)} as ${name}, expected calendar times only, or seconds only, start included`,
    );
  }
  return parsed.value.micros;
}
