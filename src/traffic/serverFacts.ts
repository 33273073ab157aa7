import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import { type Host, isReachable, slownessOf } from "../cluster/hosts.ts";
import { BEGINNING } from "../cluster/roots.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Pickable } from "./pickable.ts";
import { rootOfPressure } from "./pressure.ts";
import { CONDITION, newServer, type Server } from "./servers.ts";
import type { TrafficState } from "./trafficState.ts";

/** Keeps the servers in step with the containers and hosts they stand for. */
export class ServerFacts {
  readonly #cluster: Cluster;
  readonly #agent: NodeAgent;
  readonly #state: TrafficState;
  readonly #pickable: Pickable;
  readonly #lifecycle: Lifecycle;

  constructor(parts: {
    cluster: Cluster;
    agent: NodeAgent;
    state: TrafficState;
    pickable: Pickable;
    lifecycle: Lifecycle;
  }) {
    this.#cluster = parts.cluster;
    this.#agent = parts.agent;
    this.#state = parts.state;
    this.#pickable = parts.pickable;
    this.#lifecycle = parts.lifecycle;
    parts.cluster.journal.subscribe((fact) => this.#hear(fact));
    // Not assigned at once: see `Users`.
    const hasRoom = (container: Container): boolean => {
      const server = this.#serverOf(container);
      return server.busy < server.slots || server.queued < server.queueLimit;
    };
    const rootOfMiss = (container: Container): number =>
      rootOfPressure(this.#cluster, this.#state, this.#serverOf(container), undefined);
    parts.agent.hasRoom = hasRoom;
    parts.agent.rootOfMiss = rootOfMiss;
  }

  #hear(fact: Fact): void {
    switch (fact.kind) {
      case "release-created":
        this.#state.signals[fact.release.id] = { succeeded: 0, failed: 0, latency: 0 };
        return;
      case "container-created":
        this.#add(fact.container);
        return;
      case "container-phase":
        if (fact.container.phase === "assigned") this.#hostChanged(this.#serverOf(fact.container), fact.container);
        if (fact.container.phase === "starting") this.#setCondition(fact.container, CONDITION.notReady);
        return;
      case "container-answers":
        this.#setCondition(fact.container, this.#isFit(fact.container) ? CONDITION.answers : CONDITION.notReady);
        return;
      case "container-hung":
        this.#setCondition(fact.container, CONDITION.hung);
        return;
      case "container-stopping":
        this.#stop(fact.container);
        return;
      case "container-died":
        this.#die(fact.container, fact.silently);
        return;
      case "host-down":
      case "host-up":
      case "host-cut":
      case "host-mended":
      case "host-slow":
        this.#eachOn(fact.host);
        return;
      default:
        return;
    }
  }

  #add(container: Container): void {
    const { spec } = this.#cluster.service(container.service);
    const { image, root } = this.#cluster.release(container.release);
    const isOwnFault = image.errors > 0 && root === BEGINNING;
    this.#state.servers[container.id] = newServer({
      container: container.id,
      service: container.service,
      release: container.release,
      image: this.#cluster.scenario.images.findIndex(({ name }) => name === image.name),
      slots: spec.slots,
      queueLimit: spec.queue,
      errorRoot: isOwnFault ? this.#cluster.rootNamed(`image ${image.name}`) : root,
    });
  }

  /** A version that never gets ready answers its users no better than its probe. */
  #isFit(container: Container): boolean {
    return this.#cluster.release(container.release).image.ready;
  }

  /** One that hangs does not hear SIGTERM. */
  #stop(container: Container): void {
    if (container.hung) return;
    this.#setCondition(container, CONDITION.stopping);
    const server = this.#serverOf(container);
    if (server.busy === 0 && server.queued === 0) this.#agent.drained(container);
  }

  #die(container: Container, silently: boolean): void {
    this.#setCondition(container, CONDITION.noProcess);
    this.#lifecycle.cutOff(this.#serverOf(container), container.root, silently);
  }

  #setCondition(container: Container, condition: number): void {
    const server = this.#serverOf(container);
    if (server.condition === condition) return;
    server.condition = condition;
    this.#pickable.serverChanged(server, container.root);
  }

  #eachOn(host: Host): void {
    for (const id of host.containers) this.#hostChanged(this.#state.servers[id] as Server, this.#cluster.container(id));
  }

  #hostChanged(server: Server, container: Container): void {
    const host = this.#cluster.host(container.host);
    server.slowness = slownessOf(host);
    const reachable = isReachable(host);
    if (server.reachable === reachable) return;
    server.reachable = reachable;
    this.#pickable.serverChanged(server, host.root);
  }

  #serverOf(container: Container): Server {
    return this.#state.servers[container.id] as Server;
  }
}
