import { BEGINNING } from "../cluster/roots.ts";
import type { TrafficWeight } from "../cluster/services.ts";
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

/** What a balancer is told: all of it, every time. */
export interface News {
  readonly list: readonly number[];
  readonly weights: readonly TrafficWeight[] | undefined;
  readonly root: number;
}

/** What one balancer believes: it follows the truth late. Plain data. */
export interface View {
  readonly service: number;
  readonly index: number;
  /** Containers it has been told of, by id, ascending. */
  known: number[];
  /** Of those, the ones that its own checks do not hold out. */
  pickable: number[];
  /** Shares of the traffic by release, as it was told; undefined: not split. */
  weights: readonly TrafficWeight[] | undefined;
  /** While it is split: the pickable containers of each release, and where round robin stands among them. */
  byRelease: Map<number, { list: number[]; turn: number }>;
  /** News on its way, in order; each is the whole list. */
  news: News[];
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
    weights: undefined,
    byRelease: new Map(),
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

/** What chance a pick may draw from: one stream for the split, one for the choice within. */
export interface PickStreams {
  readonly split: Stream;
  readonly choice: Stream;
}

/** Containers to choose from, and where round robin stands among them. */
interface Ring {
  readonly list: readonly number[];
  turn: number;
}

/** The container that the next request goes to, or −1 when there is none to be had. */
export function pick(view: View, routing: RoutingSpec, streams: PickStreams): number {
  if (view.weights === undefined) {
    if (routing.balancer === "round-robin") {
      const { pickable } = view;
      if (pickable.length === 0) return -1;
      const turn = view.turn < pickable.length ? view.turn : 0;
      view.turn = turn + 1;
      return pickable[turn] as number;
    }
    return pickIn(view, { list: view.pickable, turn: view.turn }, routing, streams.choice);
  }
  const ring = view.byRelease.get(releaseByWeight(view.weights, streams.split));
  return ring === undefined ? -1 : pickIn(view, ring, routing, streams.choice);
}

/** By its share; whatever the shares leave of 100 goes to the last. */
function releaseByWeight(weights: readonly TrafficWeight[], stream: Stream): number {
  let left = stream.next() * 100;
  for (const { release, percent } of weights) {
    left -= percent;
    if (left < 0) return release;
  }
  return weights.at(-1)?.release ?? -1;
}

function pickIn(view: View, ring: Ring, routing: RoutingSpec, stream: Stream): number {
  const { list } = ring;
  const count = list.length;
  if (count === 0) return -1;
  switch (routing.balancer) {
    case "round-robin": {
      const turn = ring.turn < count ? ring.turn : 0;
      ring.turn = turn + 1;
      return list[turn] as number;
    }
    case "random":
      return list[stream.below(count)] as number;
    case "two-choices":
      return twoChoices(view, list, stream);
    case "least-requests":
      return leastRequests(view, list);
  }
}

/** Two different ones by chance, then the one with fewer requests under way (Mitzenmacher 2001). */
function twoChoices(view: View, list: readonly number[], stream: Stream): number {
  const one = stream.below(list.length);
  if (list.length === 1) return list[0] as number;
  const step = 1 + stream.below(list.length - 1);
  const first = list[one] as number;
  const second = list[(one + step) % list.length] as number;
  return (view.outstanding[second] ?? 0) < (view.outstanding[first] ?? 0) ? second : first;
}

/** The fewest requests under way; ties go round. */
function leastRequests(view: View, list: readonly number[]): number {
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
