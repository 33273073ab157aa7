import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Service } from "../cluster/services.ts";
import { type Sampler, samplerOf } from "../kernel/distributions.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import type { Pickable } from "./pickable.ts";
import { missingFrom } from "./sortedIds.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";

/**
 * Who receives traffic, and how late each balancer hears of a change.
 *
 * The truth changes with readiness, deletion and the releases that receive; a publication follows after the controller's
 * reaction, and reaches each balancer after a delay of its own. News never overtakes news.
 */
export class Endpoints {
  readonly #cluster: Cluster;
  readonly #state: TrafficState;
  readonly #pickable: Pickable;
  readonly #publish: EventKind;
  readonly #news: EventKind;
  readonly #propagation: readonly Sampler[];

  constructor(cluster: Cluster, state: TrafficState, pickable: Pickable) {
    this.#cluster = cluster;
    this.#state = state;
    this.#pickable = pickable;
    this.#propagation = cluster.scenario.services.map((spec) => samplerOf(spec.routing.propagation));
    this.#publish = cluster.engine.define("endpoints-publish", BAND.control, (service) => this.#publishNow(service));
    this.#news = cluster.engine.define("endpoints-news", BAND.lifecycle, (service, view) =>
      this.#hearNews(service, view),
    );
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** Fills every view with the truth as it is, at once: how a run begins that did not just start. */
  settle(): void {
    for (const traffic of this.#state.services) {
      traffic.published = this.#truth(this.#cluster.service(traffic.service));
      traffic.dirty = false;
      const news = { list: traffic.published, weights: traffic.weights, root: traffic.lossRoot };
      for (const view of traffic.views) this.#pickable.tell(view, news);
    }
  }

  #hear(fact: Fact): void {
    switch (fact.kind) {
      case "container-ready":
      case "container-unready":
      case "container-deleted":
        this.#changed(fact.container.service);
        return;
      case "container-phase":
        if (fact.container.phase === "gone") this.#changed(fact.container.service);
        return;
      case "receiving-changed":
        this.#changed(fact.service.id);
        return;
      case "control-plane":
        if (fact.up) for (const traffic of this.#state.services) if (traffic.dirty) this.#schedule(traffic);
        return;
      default:
        return;
    }
  }

  #changed(service: number): void {
    const traffic = this.#state.services[service] as ServiceTraffic;
    if (traffic.dirty) return;
    traffic.dirty = true;
    if (this.#cluster.controlPlaneUp()) this.#schedule(traffic);
  }

  #schedule(traffic: ServiceTraffic): void {
    this.#cluster.engine.after(this.#cluster.scenario.cluster.control.reaction, this.#publish, traffic.service);
  }

  #publishNow(id: number): void {
    const traffic = this.#state.services[id] as ServiceTraffic;
    if (!traffic.dirty || !this.#cluster.controlPlaneUp()) return;
    traffic.dirty = false;
    const service = this.#cluster.service(id);
    const list = this.#truth(service);
    const lost = missingFrom(list, traffic.published);
    if (lost.length === 0 && list.length === traffic.published.length && traffic.weights === service.weights) return;
    const last = lost.at(-1);
    if (last !== undefined) traffic.lossRoot = this.#rootOfLoss(this.#cluster.container(last), service);
    // Nobody went, but some got no share any more: that is the router's doing.
    const root = lost.length === 0 ? service.receivingRoot : traffic.lossRoot;
    traffic.published = list;
    traffic.weights = service.weights;
    const { now } = this.#cluster.engine;
    for (const view of traffic.views) {
      const stream = this.#cluster.streams.named(`propagation/${service.spec.name}/${view.index}`);
      const delay = (this.#propagation[id] as Sampler)(stream.next());
      view.lastArrival = Math.max(view.lastArrival, now + delay);
      view.news.push({ list, weights: traffic.weights, root });
      this.#cluster.engine.at(view.lastArrival, this.#news, id, view.index);
    }
  }

  #hearNews(service: number, index: number): void {
    const view = this.#state.services[service]?.views[index];
    const news = view?.news.shift();
    if (view !== undefined && news !== undefined) this.#pickable.tell(view, news);
  }

  /** The containers that should receive traffic now, by id. */
  #truth(service: Service): number[] {
    const list: number[] = [];
    for (const release of service.releases) {
      if (service.receiving !== undefined && !service.receiving.includes(release.id)) continue;
      for (const container of this.#cluster.membersOf(release))
        if (isEndpoint(container, service)) list.push(container.id);
    }
    return list.sort((one, other) => one - other);
  }

  #rootOfLoss(container: Container, service: Service): number {
    return isEndpoint(container, service) ? service.receivingRoot : container.root;
  }
}

/** By hand, nobody watches readiness: what once worked stays on the list until a person takes it off. */
function isEndpoint(container: Container, service: Service): boolean {
  if (container.deleted || container.phase === "gone") return false;
  return service.orchestrated ? container.ready : container.everReady;
}
