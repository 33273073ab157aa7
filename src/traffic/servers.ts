import { OVERLOAD } from "../cluster/roots.ts";
import type { Micros } from "../kernel/time.ts";
import { NONE, type RequestColumns, STAGE } from "./requests.ts";

/** What a request meets at a container, host troubles aside. */
export const CONDITION = {
  answers: 0,
  /** Its process runs, but start-up is not over. */
  notReady: 1,
  /** SIGTERM has come. */
  stopping: 2,
  noProcess: 3,
  /** Its process takes requests in, and answers none. */
  hung: 4,
} as const;

/** A container at work: its slots, its queue, and what a request would meet there. One for each container, plain data. */
export interface Server {
  readonly container: number;
  readonly service: number;
  readonly release: number;
  /** Which image's service times it draws from. */
  readonly image: number;
  readonly slots: number;
  readonly queueLimit: number;
  /** What its version's errors are laid to: the deploy that brought it, or the version itself. */
  readonly errorRoot: number;
  condition: number;
  /** Clients' packets reach its host. */
  reachable: boolean;
  /** Reachable, answering, and not certain to fail: what downtime asks. */
  open: boolean;
  /** Service takes this many times longer. */
  slowness: number;
  busy: number;
  queued: number;
  servedHead: number;
  queueHead: number;
  queueTail: number;
  /** Requests that its process has heard of so far, those turned away for a full queue too. */
  met: number;
  /** Slots in use × µs up to `meteredAt`, where somebody wants to know. */
  busyArea: number;
  meteredAt: Micros;
  /** What filled its queue; plain overload once it has been empty. */
  pressureRoot: number;
  /** In how many balancers' views it may be picked. */
  views: number;
}

export function newServer(part: {
  container: number;
  service: number;
  release: number;
  image: number;
  slots: number;
  queueLimit: number;
  errorRoot: number;
}): Server {
  return {
    ...part,
    condition: CONDITION.noProcess,
    reachable: true,
    open: false,
    slowness: 1,
    busy: 0,
    queued: 0,
    servedHead: NONE,
    queueHead: NONE,
    queueTail: NONE,
    met: 0,
    busyArea: 0,
    meteredAt: 0,
    pressureRoot: OVERLOAD,
    views: 0,
  };
}

/** Puts a row among those being served. */
export function startServing(columns: RequestColumns, server: Server, row: number): void {
  columns.stage[row] = STAGE.served;
  columns.previous[row] = NONE;
  columns.next[row] = server.servedHead;
  if (server.servedHead !== NONE) columns.previous[server.servedHead] = row;
  server.servedHead = row;
  server.busy++;
}

export function stopServing(columns: RequestColumns, server: Server, row: number): void {
  const previous = columns.previous[row] as number;
  const next = columns.next[row] as number;
  if (previous === NONE) server.servedHead = next;
  else columns.next[previous] = next;
  if (next !== NONE) columns.previous[next] = previous;
  server.busy--;
}

/** Puts a row at the end of the queue. */
export function enqueue(columns: RequestColumns, server: Server, row: number): void {
  columns.stage[row] = STAGE.queued;
  columns.previous[row] = server.queueTail;
  columns.next[row] = NONE;
  if (server.queueTail === NONE) server.queueHead = row;
  else columns.next[server.queueTail] = row;
  server.queueTail = row;
  server.queued++;
}

export function leaveQueue(columns: RequestColumns, server: Server, row: number): void {
  const previous = columns.previous[row] as number;
  const next = columns.next[row] as number;
  if (previous === NONE) server.queueHead = next;
  else columns.next[previous] = next;
  if (next === NONE) server.queueTail = previous;
  else columns.previous[next] = previous;
  server.queued--;
  if (server.queued === 0) server.pressureRoot = OVERLOAD;
}
