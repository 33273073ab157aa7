import { CsvError, parse } from "csv-parse/browser/esm/sync";
import { suggestion } from "../fields/nearest.ts";
import { quote } from "../fields/refusal.ts";

/** A fault in a file that the scenario names; the message says file, line and what was expected. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** Gives the bytes of a file named in the scenario, its path as written there; `.gz` already unpacked. Throws where it cannot. */
export type ReadFile = (path: string) => Uint8Array;

/** So many rows take a gigabyte or two, and some ten seconds. */
const MOST_ROWS = 2_000_000;

/** One row, and the line it begins on, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file with a header. */
export class CsvTable {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];

  private constructor(path: string, columns: readonly string[], rows: readonly CsvRow[]) {
    this.path = path;
    this.columns = columns;
    this.rows = rows;
  }

  /** @throws TraceError where the file cannot be read, is no CSV, has no row, or more than `most`. */
  static read(path: string, readFile: ReadFile, most: number = MOST_ROWS): CsvTable {
    const records = parseRecords(path, decoded(path, readFile), most);
    const [header, ...rest] = records;
    if (header === undefined)
      throw new TraceError(`${path}: found no header, expected the names of the columns in the first line`);
    if (rest.length === 0) throw new TraceError(`${path}: found no row below the header, expected at least one`);
    const excess = rest[most];
    if (excess !== undefined) {
      throw new TraceError(
        `${path} line ${excess.line}: found more than ${most} rows, expected at most that: cut the file, or sum it up as counts per step`,
      );
    }
    return new CsvTable(
      path,
      header.cells.map((cell) => cell.trim()),
      rest,
    );
  }

  /** The position of a column. @throws TraceError that names the columns there are. */
  column(name: string): number {
    const position = this.columns.indexOf(name);
    if (position >= 0) return position;
    throw new TraceError(`${this.path}: found no column ${quote(name)}${suggestion(name, this.columns)}`);
  }

  /** A complaint about one row. */
  fault(row: CsvRow, message: string): TraceError {
    return new TraceError(`${this.path} line ${row.line}: ${message}`);
  }
}

function decoded(path: string, readFile: ReadFile): string {
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (error) {
    throw new TraceError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TraceError(`${path}: found bytes that are no UTF-8 text, expected a CSV file (or a .csv.gz)`);
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parseRecords(path: string, text: string, most: number): CsvRow[] {
  try {
    // With `info` each entry is a record and its counters, which the package's types do not say.
    const parsed: unknown = parse(text, { bom: true, info: true, skip_empty_lines: true, to: most + 2 });
    return (parsed as ParsedRecord[]).map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TraceError(`${path}: no valid CSV: ${error.message}`);
  }
}
