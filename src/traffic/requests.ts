import type { Micros } from "../kernel/time.ts";

/** Where an attempt is. */
export const STAGE = {
  free: 0,
  /** Failed, and waiting for its next try. */
  resting: 1,
  /** On the network, towards the container or back. */
  travelling: 2,
  queued: 3,
  served: 4,
  /** Nothing will ever come back; only a time-out ends it. */
  hanging: 5,
  /** Answered, but the answer comes after the deadline. */
  late: 6,
} as const;

/** No row. */
export const NONE = -1;

/** The columns of the table: plain data. */
export interface RequestColumns {
  capacity: number;
  used: number;
  freeHead: number;
  arrivedAt: Float64Array;
  sentAt: Float64Array;
  /** When it came to the container, for the wait. */
  cameAt: Float64Array;
  /** Quantile of its service time; or −1 − service time in µs where the trace gave one. */
  demand: Float64Array;
  errorQuantile: Float64Array;
  service: Int32Array;
  server: Int32Array;
  view: Int32Array;
  attempt: Int32Array;
  stage: Int32Array;
  /** 1: its client has left, and only the container still works on it. */
  abandoned: Int32Array;
  cause: Int32Array;
  root: Int32Array;
  user: Int32Array;
  /** Tells one user of a row from the next. */
  generation: Int32Array;
  previous: Int32Array;
  next: Int32Array;
}

/** What V8 keeps among the objects, as 64 bytes of doubles: a small run then asks the system for no memory. */
const FIRST_ROWS = 8;

/** A new, empty table. */
export function newRequestColumns(capacity = FIRST_ROWS): RequestColumns {
  const floats = () => new Float64Array(capacity);
  const ints = () => new Int32Array(capacity);
  return {
    capacity,
    used: 0,
    freeHead: NONE,
    arrivedAt: floats(),
    sentAt: floats(),
    cameAt: floats(),
    demand: floats(),
    errorQuantile: floats(),
    service: ints(),
    server: ints(),
    view: ints(),
    attempt: ints(),
    stage: ints(),
    abandoned: ints(),
    cause: ints(),
    root: ints(),
    user: ints(),
    generation: ints(),
    previous: ints(),
    next: ints(),
  };
}

/** A fresh row; the caller fills it. Rows are used again, so memory follows the requests in flight and not those simulated. */
export function openRow(columns: RequestColumns, service: number, arrivedAt: Micros): number {
  let row = columns.freeHead;
  if (row !== NONE) columns.freeHead = columns.next[row] as number;
  else {
    if (columns.used === columns.capacity) grow(columns);
    row = columns.used++;
  }
  columns.arrivedAt[row] = arrivedAt;
  columns.service[row] = service;
  columns.server[row] = NONE;
  columns.attempt[row] = 0;
  columns.abandoned[row] = 0;
  columns.user[row] = NONE;
  columns.stage[row] = STAGE.resting;
  return row;
}

/** Gives a row back; whatever was scheduled for it no longer fits its generation. */
export function freeRow(columns: RequestColumns, row: number): void {
  columns.stage[row] = STAGE.free;
  columns.generation[row] = ((columns.generation[row] as number) + 1) & 0x7fffffff;
  columns.next[row] = columns.freeHead;
  columns.freeHead = row;
}

function grow(columns: RequestColumns): void {
  const capacity = 4 * columns.capacity;
  const table = columns as unknown as Record<string, unknown>;
  for (const [name, column] of Object.entries(table)) {
    if (column instanceof Float64Array) {
      const bigger = new Float64Array(capacity);
      bigger.set(column);
      table[name] = bigger;
    } else if (column instanceof Int32Array) {
      const bigger = new Int32Array(capacity);
      bigger.set(column);
      table[name] = bigger;
    }
  }
  columns.capacity = capacity;
}

/** Opens a second row for the same attempt, as the first one is known to its client; its stage and its list are its own. */
export function openTwin(columns: RequestColumns, row: number): number {
  const twin = openRow(columns, columns.service[row] as number, columns.arrivedAt[row] as number);
  const { sentAt, demand, errorQuantile, server, view, attempt, cause, root, user } = columns;
  for (const column of [sentAt, demand, errorQuantile, server, view, attempt, cause, root, user]) {
    column[twin] = column[row] as number;
  }
  return twin;
}
