import type { TrafficWeight } from "../cluster/services.ts";
import type { ServiceSpec } from "../cluster/spec.ts";
import type { Micros } from "../kernel/time.ts";
import { type ArrivalState, newArrivalState } from "./arrivals.ts";
import { type Deadlines, newDeadlines } from "./deadlines.ts";
import { newRequestColumns, type RequestColumns } from "./requests.ts";
import type { Server } from "./servers.ts";
import { newView, type View } from "./views.ts";

/** The traffic of one service: plain data. */
export interface ServiceTraffic {
  readonly service: number;
  readonly views: View[];
  readonly deadlines: Deadlines;
  readonly arrival: ArrivalState;
  /** The pending arrival event, to cancel it when the rate changes; −1: none. */
  arrivalHandle: number;
  /** How many times the usual traffic is in force, and what made it so. */
  factor: number;
  factorRoot: number;
  /** Share of a further request that exact arrivals owe at a factor that is no whole number. */
  owed: number;
  /** Which balancer the next attempt goes to. */
  turn: number;
  /** Retries that the budget still allows. */
  retryTokens: number;
  /** Requests being served, over all its containers. */
  busy: number;
  /** Attempts that clients have sent so far. */
  sent: number;
  /** The endpoints as last made known, by container id, ascending. */
  published: number[];
  /** And how the traffic is split between releases, as last made known. */
  weights: readonly TrafficWeight[] | undefined;
  /** A publication is pending: something may have changed. */
  dirty: boolean;
  /** Containers that are in some view and could answer. */
  takers: number;
  /** What last took a container out of the endpoints. */
  lossRoot: number;
}

/** Answers of one release, as its clients saw them: what verification looks at. */
export interface ReleaseSignals {
  succeeded: number;
  failed: number;
  /** Sum over the succeeded ones, in µs. */
  latency: Micros;
}

/** Everything of the traffic that changes: plain data. */
export interface TrafficState {
  readonly columns: RequestColumns;
  /** One for each container, by its id. */
  readonly servers: Server[];
  readonly services: ServiceTraffic[];
  /** By release id. */
  readonly signals: ReleaseSignals[];
}

/** Tokens that a retry budget holds at most, and at the start: a quiet service may still retry a little. */
export const MOST_RETRY_TOKENS = 100;
const FIRST_RETRY_TOKENS = 10;

export function newTrafficState(services: readonly ServiceSpec[]): TrafficState {
  return {
    columns: newRequestColumns(),
    servers: [],
    services: services.map((spec, service) => ({
      service,
      views: Array.from({ length: spec.routing.balancers }, (_, index) => newView(service, index)),
      deadlines: newDeadlines(),
      arrival: newArrivalState(),
      arrivalHandle: -1,
      factor: 1,
      factorRoot: 0,
      owed: 0,
      turn: 0,
      retryTokens: FIRST_RETRY_TOKENS,
      busy: 0,
      sent: 0,
      published: [],
      weights: undefined,
      dirty: false,
      takers: 0,
      lossRoot: 1,
    })),
    signals: [],
  };
}

/** The balancer that the next attempt goes to: they take turns. */
export function nextView(traffic: ServiceTraffic): View {
  const { views } = traffic;
  if (views.length === 1) return views[0] as View;
  traffic.turn = traffic.turn + 1 < views.length ? traffic.turn + 1 : 0;
  return views[traffic.turn] as View;
}
