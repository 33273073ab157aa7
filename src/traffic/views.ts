import { BEGINNING } from "../cluster/roots.ts";
import type { BalancerPolicy, RoutingSpec } from "../cluster/spec.ts";
import type { Stream } from "../kernel/random.ts";
import type { Micros } from "../kernel/time.ts";

/** What one balancer holds against one container. */
export interface Standing {
  /** False: its active health check has failed often enough. */
  healthy: boolean;
  /** Moment of its health check within a period. */
  checkPhase: Micros;
  /** The health check's verdict that is on its way, to cancel it. */
  checkHandle: number;
  /** Attempts failed in a row, for passive ejection; times ejected so far; when it comes back. */
  failures: number;
  ejections: number;
  ejectedUntil: Micros;
}

/** What one balancer believes: it follows the truth late. Plain data. */
export interface View {
  readonly service: number;
  readonly index: number;
  /** Containers it has been told of, by id, ascending. */
  known: number[];
  /** Of those, the ones that its own checks do not hold out. */
  pickable: number[];
  /** News on its way, in order; each is the whole list. */
  news: { list: number[]; root: number }[];
  /** When the latest news on its way arrives: news never overtakes news. */
  lastArrival: Micros;
  /** Where round robin stands. */
  turn: number;
  /** What last took a container out of it. */
  lossRoot: number;
  standings: Map<number, Standing>;
  /** Requests of its own under way, by container id; kept only for policies that ask. */
  outstanding: Int32Array;
}

export function newView(service: number, index: number): View {
  return {
    service,
    index,
    known: [],
    pickable: [],
    news: [],
    lastArrival: 0,
    turn: 0,
    lossRoot: BEGINNING,
    standings: new Map(),
    outstanding: new Int32Array(0),
  };
}

/** True where a balancer needs to know how many requests of its own each container has. */
export function countsOutstanding(policy: BalancerPolicy): boolean {
  return policy === "least-requests" || policy === "two-choices";
}

/** The container that the next request goes to, or −1 when the view is empty. */
export function pick(view: View, routing: RoutingSpec, stream: Stream): number {
  const list = view.pickable;
  const count = list.length;
  if (count === 0) return -1;
  switch (routing.balancer) {
    case "round-robin": {
      const turn = view.turn < count ? view.turn : 0;
      view.turn = turn + 1;
      return list[turn] as number;
    }
    case "random":
      return list[stream.below(count)] as number;
    case "two-choices":
      return twoChoices(view, stream);
    case "least-requests":
      return leastRequests(view);
  }
}

/** Two different ones by chance, then the one with fewer requests under way (Mitzenmacher 2001). */
function twoChoices(view: View, stream: Stream): number {
  const list = view.pickable;
  const one = stream.below(list.length);
  if (list.length === 1) return list[0] as number;
  const step = 1 + stream.below(list.length - 1);
  const first = list[one] as number;
  const second = list[(one + step) % list.length] as number;
  return (view.outstanding[second] ?? 0) < (view.outstanding[first] ?? 0) ? second : first;
}

/** The fewest requests under way; ties go round. */
function leastRequests(view: View): number {
  const list = view.pickable;
  const count = list.length;
  let best = -1;
  let fewest = Number.POSITIVE_INFINITY;
  const start = view.turn % count;
  for (let i = 0; i < count; i++) {
    const container = list[(start + i) % count] as number;
    const load = view.outstanding[container] ?? 0;
    if (load < fewest) {
      fewest = load;
      best = container;
    }
  }
  view.turn = start + 1;
  return best;
}

/** Makes room to count a container's requests. */
export function makeRoom(view: View, container: number): void {
  if (container < view.outstanding.length) return;
  const bigger = new Int32Array(Math.max(64, 2 * (container + 1)));
  bigger.set(view.outstanding);
  view.outstanding = bigger;
}
