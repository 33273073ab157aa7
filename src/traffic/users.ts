import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import type { ServiceSpec } from "../cluster/spec.ts";
import { type Sampler, samplerOf } from "../kernel/distributions.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import type { Stream } from "../kernel/random.ts";
import { type Micros, NEVER, SECOND } from "../kernel/time.ts";
import { type ArrivalSource, arrivalSource } from "./arrivals.ts";
import type { Demand } from "./demand.ts";
import type { Lifecycle, UserDone } from "./lifecycle.ts";
import { NONE } from "./requests.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";

/** One service's open-loop arrivals, compiled. */
interface OpenLoop {
  readonly source: ArrivalSource;
  readonly arrivals: Stream;
  readonly service: Stream;
  readonly errors: Stream | undefined;
}

/**
 * When requests arrive, and what each asks for.
 *
 * Open-loop arrivals never wait for answers. Closed-loop users think, ask, wait for the answer and think again; each has a
 * stream of its own, so that one user's luck does not change another's requests.
 */
export class Users {
  readonly #cluster: Cluster;
  readonly #state: TrafficState;
  readonly #lifecycle: Lifecycle;
  readonly #arrival: EventKind;
  readonly #userArrival: EventKind;
  readonly #think: readonly (Sampler | undefined)[];
  readonly #hasErrors: boolean;
  readonly #demand: Demand = { service: 0, error: 1, user: NONE };
  #open: readonly (OpenLoop | undefined)[] = [];
  /** By service and user. Streams are put back in place, so that these stay good. */
  readonly #streams: Stream[][];

  constructor(cluster: Cluster, state: TrafficState, lifecycle: Lifecycle) {
    this.#cluster = cluster;
    this.#state = state;
    this.#lifecycle = lifecycle;
    this.#arrival = cluster.engine.define("request-arrives", BAND.traffic, (service) => this.#arrive(service));
    this.#userArrival = cluster.engine.define("user-asks", BAND.traffic, (service, user) =>
      this.#userAsks(service, user),
    );
    this.#hasErrors = cluster.scenario.images.some((image) => image.errors > 0);
    this.#think = cluster.scenario.services.map(({ traffic }) =>
      traffic.arrivals.kind === "users" ? samplerOf(traffic.arrivals.think) : undefined,
    );
    this.#streams = cluster.scenario.services.map(() => []);
    this.bind();
    // Not assigned at once: V8 puts a function literal that is assigned to a property among the old objects, where it would keep
    // the whole of a world that is long over.
    const userDone: UserDone = (service, user, at) => this.#thinkThenAsk(service, user, at);
    lifecycle.userDone = userDone;
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Builds the sources anew over the state as it stands: at the start, and after the state was put back. */
  bind(): void {
    const { scenario, streams } = this.#cluster;
    this.#open = scenario.services.map((spec, service) => {
      const { arrivals } = spec.traffic;
      if (arrivals.kind === "users" || arrivals.kind === "none") return undefined;
      const { arrival } = this.#state.services[service] as ServiceTraffic;
      return {
        source: arrivalSource(arrivals, scenario.duration, arrival),
        arrivals: streams.named(`traffic/${spec.name}`),
        service: streams.named(`service/${spec.name}`),
        errors: this.#hasErrors ? streams.named(`errors/${spec.name}`) : undefined,
      };
    });
  }

  /** Lets the traffic begin: the first arrival of each service, the first thought of each user. */
  begin(): void {
    this.#cluster.scenario.services.forEach((spec, service) => {
      this.#scheduleNext(service);
      const { arrivals } = spec.traffic;
      if (arrivals.kind !== "users") return;
      for (let user = 0; user < arrivals.count; user++) this.#thinkThenAsk(service, user, 0);
    });
  }

  #hear(fact: Fact): void {
    if (fact.kind !== "traffic-factor") return;
    const traffic = this.#state.services[fact.service.id] as ServiceTraffic;
    traffic.factor = fact.factor;
    traffic.factorRoot = fact.root;
    const open = this.#open[fact.service.id];
    if (open === undefined) return;
    const { engine } = this.#cluster;
    // An exact source keeps its times; each then stands for more or fewer requests.
    if (!open.source.setRate(engine.now, fact.factor)) return;
    if (traffic.arrivalHandle >= 0) engine.cancel(traffic.arrivalHandle);
    traffic.arrivalHandle = -1;
    if (fact.factor > 0) this.#scheduleNext(fact.service.id);
  }

  #scheduleNext(service: number): void {
    const open = this.#open[service];
    if (open === undefined) return;
    const traffic = this.#state.services[service] as ServiceTraffic;
    const { engine, scenario } = this.#cluster;
    const next = open.source.next(open.arrivals.next);
    const isOver = next === NEVER || next > scenario.duration;
    traffic.arrivalHandle = isOver ? -1 : engine.at(Math.max(next, engine.now), this.#arrival, service);
  }

  #arrive(service: number): void {
    const open = this.#open[service];
    if (open === undefined) return;
    const traffic = this.#state.services[service] as ServiceTraffic;
    const given = open.source.demand();
    let count = 1;
    if (traffic.factor !== 1 && isExact(this.#cluster.service(service).spec)) {
      traffic.owed += traffic.factor;
      count = Math.floor(traffic.owed);
      traffic.owed -= count;
    }
    const demand = this.#demand;
    demand.user = NONE;
    for (let i = 0; i < count; i++) {
      demand.service = given === undefined ? open.service.next() : -1 - given;
      demand.error = open.errors === undefined ? 1 : open.errors.next();
      this.#lifecycle.arrive(service, demand);
    }
    this.#scheduleNext(service);
  }

  #userAsks(service: number, user: number): void {
    if (this.#state.services[service]?.factor === 0) {
      // Traffic is turned off: the user looks again a second later.
      this.#cluster.engine.after(SECOND, this.#userArrival, service, user);
      return;
    }
    const stream = this.#streamOf(service, user);
    const demand = this.#demand;
    demand.user = user;
    demand.service = stream.next();
    demand.error = stream.next();
    this.#lifecycle.arrive(service, demand);
  }

  #thinkThenAsk(service: number, user: number, from: Micros): void {
    const think = this.#think[service];
    if (think === undefined) return;
    const { factor } = this.#state.services[service] as ServiceTraffic;
    const pause = think(this.#streamOf(service, user).next());
    const { engine } = this.#cluster;
    engine.at(from + Math.round(factor === 0 ? pause : pause / factor), this.#userArrival, service, user);
  }

  #streamOf(service: number, user: number): Stream {
    const known = this.#streams[service] as Stream[];
    const stream = known[user];
    if (stream !== undefined) return stream;
    const { name } = this.#cluster.service(service).spec;
    const made = this.#cluster.streams.named(`traffic/${name}/user-${user}`);
    known[user] = made;
    return made;
  }
}

/** Sources with times of their own: a factor multiplies their requests, not their rate. */
function isExact({ traffic }: ServiceSpec): boolean {
  const { arrivals } = traffic;
  return arrivals.kind === "replay" || (arrivals.kind === "trace" && arrivals.spread === "even");
}
