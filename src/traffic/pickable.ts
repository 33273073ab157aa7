import type { Cluster } from "../cluster/cluster.ts";
import type { TrafficWeight } from "../cluster/services.ts";
import type { HealthCheckSpec, RoutingSpec } from "../cluster/spec.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import type { TrafficObserver } from "./observer.ts";
import { CONDITION, type Server } from "./servers.ts";
import { missingFrom } from "./sortedIds.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";
import { countsOutstanding, makeRoom, type News, type Standing, type View } from "./views.ts";

/**
 * Which of the containers that a balancer knows it would pick: all of them, but for those that its own active health check or
 * passive ejection holds out. From this follows whether a request arriving now could succeed at all.
 *
 * Health checks are not simulated one by one: after a change of what a check would find, the verdict falls at the check that
 * makes the threshold full, and is dropped if the change is undone before.
 */
export class Pickable {
  readonly #cluster: Cluster;
  readonly #state: TrafficState;
  readonly #observer: TrafficObserver;
  readonly #verdict: EventKind;
  readonly #ejectionOver: EventKind;

  constructor(cluster: Cluster, state: TrafficState, observer: TrafficObserver) {
    this.#cluster = cluster;
    this.#state = state;
    this.#observer = observer;
    this.#verdict = cluster.engine.define("health-check-verdict", BAND.lifecycle, (container, view) =>
      this.#judge(container, view),
    );
    this.#ejectionOver = cluster.engine.define("ejection-over", BAND.lifecycle, (container, view) => {
      const service = (this.#state.servers[container] as Server).service;
      this.#recompute(this.#viewOf(service, view), this.#trafficOf(service).lossRoot);
    });
  }

  /** The list of endpoints as this balancer now knows it. */
  tell(view: View, { list, weights, root }: News): void {
    view.weights = weights;
    const routing = this.#routingOf(view.service);
    for (const gone of missingFrom(list, view.known)) this.#forget(view, gone);
    view.known = [...list];
    if (routing.healthCheck !== undefined || routing.outlier !== undefined) {
      for (const container of list) if (!view.standings.has(container)) this.#meet(view, container, routing);
    }
    if (countsOutstanding(routing.balancer)) for (const container of list) makeRoom(view, container);
    this.#recompute(view, root);
  }

  /** What a request would meet at a container has changed; `root`: by what. */
  serverChanged(server: Server, root: number): void {
    const traffic = this.#trafficOf(server.service);
    const errors = this.#cluster.release(server.release).image.errors;
    const open = server.reachable && server.condition === CONDITION.answers && errors < 1;
    if (open !== server.open) {
      server.open = open;
      if (server.views > 0) this.#countTakers(traffic, open ? 1 : -1, root);
    }
    const check = this.#routingOf(server.service).healthCheck;
    if (check !== undefined) for (const view of traffic.views) this.#expectVerdict(view, server, check);
  }

  /** One attempt at a container ended: what passive ejection counts. */
  attempted(view: View, container: number, failed: boolean): void {
    const outlier = this.#routingOf(view.service).outlier;
    const standing = view.standings.get(container);
    if (outlier === undefined || standing === undefined) return;
    standing.failures = failed ? standing.failures + 1 : 0;
    const { now } = this.#cluster.engine;
    if (standing.failures < outlier.consecutive || standing.ejectedUntil > now) return;
    const out = view.known.filter((id) => (view.standings.get(id)?.ejectedUntil ?? 0) > now).length;
    if (out >= Math.max(1, Math.floor(outlier.maxEjected * view.known.length))) return;
    standing.failures = 0;
    standing.ejections++;
    standing.ejectedUntil = now + outlier.ejection * standing.ejections;
    this.#cluster.engine.at(standing.ejectedUntil, this.#ejectionOver, container, view.index);
    this.#recompute(view, this.#cluster.container(container).root);
  }

  #meet(view: View, container: number, routing: RoutingSpec): void {
    const period = routing.healthCheck?.period ?? 1;
    const name = this.#cluster.service(view.service).spec.name;
    const phase = this.#cluster.streams.named(`health-check/${name}/${view.index}`).below(period);
    const standing: Standing = {
      healthy: true,
      checkPhase: phase,
      checkHandle: -1,
      failures: 0,
      ejections: 0,
      ejectedUntil: 0,
    };
    view.standings.set(container, standing);
    if (routing.healthCheck !== undefined) {
      this.#expectVerdict(view, this.#state.servers[container] as Server, routing.healthCheck);
    }
  }

  #forget(view: View, container: number): void {
    const standing = view.standings.get(container);
    if (standing === undefined) return;
    if (standing.checkHandle >= 0) this.#cluster.engine.cancel(standing.checkHandle);
    view.standings.delete(container);
  }

  #expectVerdict(view: View, server: Server, check: HealthCheckSpec): void {
    const standing = view.standings.get(server.container);
    if (standing === undefined) return;
    const passes = server.reachable && server.condition === CONDITION.answers;
    if (passes === standing.healthy) {
      if (standing.checkHandle >= 0) this.#cluster.engine.cancel(standing.checkHandle);
      standing.checkHandle = -1;
      return;
    }
    if (standing.checkHandle >= 0) return;
    const { now } = this.#cluster.engine;
    const sinceCheck = (((now - standing.checkPhase) % check.period) + check.period) % check.period;
    const untilNext = sinceCheck === 0 ? 0 : check.period - sinceCheck;
    const needed = passes ? check.passes : check.failures;
    // A check that nobody answers fails only at its connect time-out.
    const patience =
      server.reachable && server.condition !== CONDITION.hung ? 0 : this.#routingOf(server.service).connectTimeout;
    const delay = untilNext + (needed - 1) * check.period + patience;
    standing.checkHandle = this.#cluster.engine.after(delay, this.#verdict, server.container, view.index);
  }

  #judge(container: number, index: number): void {
    const server = this.#state.servers[container] as Server;
    const view = this.#viewOf(server.service, index);
    const standing = view.standings.get(container);
    if (standing === undefined) return;
    standing.checkHandle = -1;
    standing.healthy = server.reachable && server.condition === CONDITION.answers;
    this.#recompute(view, this.#cluster.container(container).root);
  }

  #recompute(view: View, root: number): void {
    const { now } = this.#cluster.engine;
    const before = view.pickable;
    const { weights } = view;
    view.pickable = view.known.filter((id) => {
      if (weights !== undefined && !hasShare(weights, (this.#state.servers[id] as Server).release)) return false;
      const standing = view.standings.get(id);
      return standing === undefined || (standing.healthy && standing.ejectedUntil <= now);
    });
    this.#sortByRelease(view);
    const traffic = this.#trafficOf(view.service);
    const lost = missingFrom(view.pickable, before);
    if (lost.length > 0) view.lossRoot = root;
    // Those that come are counted before those that go: a view that changes at one stroke is never empty in between.
    for (const id of missingFrom(before, view.pickable)) this.#countView(traffic, id, 1, root);
    for (const id of lost) this.#countView(traffic, id, -1, root);
  }

  #sortByRelease(view: View): void {
    const before = view.byRelease;
    view.byRelease = new Map();
    for (const { release } of view.weights ?? []) {
      const list = view.pickable.filter((id) => (this.#state.servers[id] as Server).release === release);
      view.byRelease.set(release, { list, turn: before.get(release)?.turn ?? 0 });
    }
  }

  #countView(traffic: ServiceTraffic, container: number, change: 1 | -1, root: number): void {
    const server = this.#state.servers[container] as Server;
    const before = server.views > 0;
    server.views += change;
    if (server.open && before !== server.views > 0) this.#countTakers(traffic, change, root);
  }

  #countTakers(traffic: ServiceTraffic, change: 1 | -1, root: number): void {
    const before = traffic.takers > 0;
    traffic.takers += change;
    const after = traffic.takers > 0;
    if (before !== after) this.#observer.reachability(traffic.service, after, root);
  }

  #routingOf(service: number): RoutingSpec {
    return this.#cluster.service(service).spec.routing;
  }

  #trafficOf(service: number): ServiceTraffic {
    return this.#state.services[service] as ServiceTraffic;
  }

  #viewOf(service: number, index: number): View {
    return this.#trafficOf(service).views[index] as View;
  }
}

function hasShare(weights: readonly TrafficWeight[], release: number): boolean {
  return weights.some((weight) => weight.release === release && weight.percent > 0);
}
