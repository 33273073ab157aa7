import type { Engine } from "../kernel/engine.ts";
import { assert } from "../kernel/errors.ts";
import type { Streams } from "../kernel/random.ts";
import { type Container, isActive, NOWHERE, newContainer, type Phase } from "./containers.ts";
import { type Fact, Journal } from "./facts.ts";
import { type Host, newHost } from "./hosts.ts";
import { identityOf, mayRunDaemon } from "./identities.ts";
import { BEGINNING, newRoots, type Root, rootNamed } from "./roots.ts";
import type { Release, Service, TrafficWeight } from "./services.ts";
import type { HostSpec, ImageSpec, Scenario, ServiceSpec } from "./spec.ts";

/** Everything that exists and changes in the cluster: plain rows, linked by id. */
export interface ClusterState {
  readonly hosts: Host[];
  readonly services: Service[];
  readonly releases: Release[];
  /** Every container that ever was; its id is its place. */
  readonly containers: Container[];
  readonly roots: Root[];
  /** Outages in force of the registry, and of the control plane. */
  registryDowns: number;
  controlDowns: number;
  /** Until when the one person who does things by hand is taken (`person.ts`). */
  personBusyUntil: number;
}

/**
 * The world: what exists, and the commands that change it.
 *
 * A command changes rows and announces facts; it decides nothing. What a host does by itself with the containers bound to it is
 * the node agent's (`agent.ts`).
 */
export class Cluster {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly scenario: Scenario;
  readonly journal = new Journal();
  state: ClusterState;
  readonly #images: ReadonlyMap<string, ImageSpec>;

  constructor(engine: Engine, streams: Streams, scenario: Scenario) {
    this.engine = engine;
    this.streams = streams;
    this.scenario = withConstants(scenario);
    this.#images = new Map(this.scenario.images.map((image) => [image.name, image]));
    const heartbeat = scenario.cluster.lifecycle.heartbeat;
    this.state = {
      hosts: this.scenario.cluster.hosts.map((spec, id) =>
        newHost(id, spec, streams.named(`lease/${spec.name}`).below(heartbeat)),
      ),
      services: this.scenario.services.map((spec, id) => newService(spec, id, this.scenario.cluster.hosts)),
      releases: [],
      containers: [],
      roots: newRoots(),
      registryDowns: 0,
      controlDowns: 0,
      personBusyUntil: 0,
    };
  }

  get now(): number {
    return this.engine.now;
  }

  host(id: number): Host {
    return this.state.hosts[id] as Host;
  }

  service(id: number): Service {
    return this.state.services[id] as Service;
  }

  release(id: number): Release {
    return this.state.releases[id] as Release;
  }

  container(id: number): Container {
    return this.state.containers[id] as Container;
  }

  /** The service of that name. Scenarios are checked before they come here, so it exists. */
  serviceNamed(name: string): Service {
    const service = this.state.services.find((candidate) => candidate.spec.name === name);
    assert(service !== undefined, `service ${name} exists`);
    return service;
  }

  hostNamed(name: string): Host {
    const host = this.state.hosts.find((candidate) => candidate.spec.name === name);
    assert(host !== undefined, `host ${name} exists`);
    return host;
  }

  image(name: string): ImageSpec {
    const image = this.#images.get(name);
    assert(image !== undefined, `image ${name} exists`);
    return image;
  }

  /** The containers of a release that are not gone, in order of creation. */
  membersOf(release: Release): Container[] {
    return release.members.map((id) => this.container(id));
  }

  /** The containers of a release that count as replicas. */
  activeOf(release: Release): Container[] {
    return this.membersOf(release).filter(isActive);
  }

  controlPlaneUp(): boolean {
    return this.state.controlDowns === 0;
  }

  rootNamed(label: string): number {
    return rootNamed(this.state.roots, label, this.now);
  }

  announce(fact: Fact): void {
    this.journal.announce(fact, this.now);
  }

  // Commands of deployers and controllers.

  /** A new version of a service, with no containers wanted of it yet. */
  addRelease(service: Service, imageName: string, root: number): Release {
    const release: Release = {
      id: this.state.releases.length,
      service: service.id,
      image: this.image(imageName),
      revision: service.history.length + 1,
      desired: 0,
      createdAt: this.now,
      root,
      desiredRoot: root,
      members: [],
    };
    this.state.releases.push(release);
    service.releases.push(release);
    service.current = release.id;
    service.history.push(imageName);
    this.announce({ kind: "release-created", service, release });
    return release;
  }

  /**
   * Makes a release that still exists the one in force again, as Kubernetes reuses the ReplicaSet of an unchanged template: its
   * revision moves up (deployment_util.go, SetNewReplicaSetAnnotations).
   */
  reuseRelease(service: Service, release: Release): void {
    assert(service.releases.includes(release), "a release that is used again still exists");
    release.revision = service.history.length + 1;
    service.current = release.id;
    service.history.push(release.image.name);
    service.releases.sort((one, other) => one.revision - other.revision);
  }

  /** Closes a host to new containers, or opens it again; what runs there goes on. */
  setCordoned(host: Host, cordoned: boolean): void {
    if (host.cordoned === cordoned) return;
    host.cordoned = cordoned;
    this.announce({ kind: cordoned ? "host-cordoned" : "host-uncordoned", host });
  }

  setReplicas(service: Service, replicas: number): void {
    if (service.replicas === replicas) return;
    service.replicas = replicas;
    this.announce({ kind: "replicas-changed", service });
  }

  setDesired(release: Release, desired: number, root: number): void {
    if (release.desired === desired) return;
    release.desired = desired;
    release.desiredRoot = root;
    this.announce({ kind: "desired-changed", service: this.service(release.service), release });
  }

  /** Points the service's traffic at some releases only, or (undefined) at every ready container. */
  setReceiving(service: Service, releases: number[] | undefined, root: number): void {
    if (sameNumbers(service.receiving, releases)) return;
    service.receiving = releases;
    service.receivingRoot = root;
    this.announce({ kind: "receiving-changed", service });
  }

  /**
   * Splits the service's traffic between releases by weight, or (undefined) not at all. Announced as a change of who
   * receives: it travels to the balancers as that does.
   */
  setWeights(service: Service, weights: readonly TrafficWeight[] | undefined, root: number): void {
    if (sameWeights(service.weights, weights)) return;
    service.weights = weights;
    service.receivingRoot = root;
    this.announce({ kind: "receiving-changed", service });
  }

  createContainer(release: Release, root: number): Container {
    const service = this.service(release.service);
    service.created++;
    const members = service.spec.workload === undefined ? [] : service.releases.flatMap((one) => this.membersOf(one));
    const identity = identityOf(service.spec, release, { hosts: this.state.hosts, members });
    const container = newContainer({
      id: this.state.containers.length,
      name: `${service.spec.name}-${identity.ordinal ?? service.created}`,
      ...identity,
      service: service.id,
      release: release.id,
      createdAt: this.now,
      root,
    });
    this.state.containers.push(container);
    release.members.push(container.id);
    this.announce({ kind: "container-created", container });
    return container;
  }

  /** Takes a host's resources for a pending container. The node agent hears of it by the phase. */
  bind(container: Container, host: Host): void {
    assert(container.phase === "pending", `${container.name} is bound once`);
    const { cpuMillicores, memoryBytes } = this.service(container.service).spec;
    host.freeMillicores -= cpuMillicores;
    host.freeBytes -= memoryBytes;
    host.containers.push(container.id);
    container.host = host.id;
    container.assignedAt = this.now;
    this.enter(container, "assigned", "scheduled");
  }

  /** Asks for a container's graceful end. Its host acts when it hears of it; the endpoints leave it out at once. */
  deleteContainer(container: Container, root: number, why: string): void {
    if (container.deleted || container.phase === "gone") return;
    container.deleted = true;
    container.deletedAt = this.now;
    container.root = root;
    this.announce({ kind: "container-deleted", container, why });
    if (container.phase === "pending") this.remove(container, why);
  }

  // What the node agent, and the hosts' troubles, do to rows.

  /** Moves a container to a phase; events meant for the earlier one no longer fit. */
  enter(container: Container, phase: Phase, why: string): void {
    const from = container.phase;
    container.phase = phase;
    container.epoch++;
    this.announce({ kind: "container-phase", container, from, why });
  }

  /** The end: resources are free, nobody counts it any more. */
  remove(container: Container, why: string): void {
    const release = this.release(container.release);
    release.members.splice(release.members.indexOf(container.id), 1);
    const host = container.host === NOWHERE ? undefined : this.host(container.host);
    if (host !== undefined) {
      const { cpuMillicores, memoryBytes } = this.service(container.service).spec;
      host.freeMillicores += cpuMillicores;
      host.freeBytes += memoryBytes;
      host.containers.splice(host.containers.indexOf(container.id), 1);
    }
    container.answers = false;
    container.probed = false;
    container.ready = false;
    this.enter(container, "gone", why);
    if (host !== undefined) this.announce({ kind: "resources-freed", host });
    this.#forgetEmptyReleases(this.service(container.service));
  }

  /** Tells the control plane what the host knows of a container's readiness, if it is heard. */
  report(container: Container): void {
    if (container.ready === container.probed) return;
    container.ready = container.probed;
    if (container.ready) {
      container.everReady = true;
      container.readySince = this.now;
      this.announce({ kind: "container-ready", container });
    } else {
      this.announce({ kind: "container-unready", container });
    }
  }

  /** The control plane gives a host up: its containers count as not ready, whatever they do (Kubernetes: MarkPodsNotReady). */
  markUnreachable(host: Host): void {
    if (host.known === "unreachable") return;
    host.known = "unreachable";
    this.announce({ kind: "host-unreachable", host });
    for (const container of host.containers.map((id) => this.container(id))) {
      if (!container.ready) continue;
      container.ready = false;
      this.announce({ kind: "container-unready", container });
    }
  }

  /** The control plane hears a host that it had given up. Its agent has told by then how its containers are. */
  markReachable(host: Host): void {
    if (host.known === "reachable") return;
    host.known = "reachable";
    this.announce({ kind: "host-reachable", host });
  }

  #forgetEmptyReleases(service: Service): void {
    service.releases = service.releases.filter(
      (release) => release.id === service.current || release.desired > 0 || release.members.length > 0,
    );
  }
}

/** What rows point at and never change, frozen: a checkpoint shares it instead of copying a trace of a million requests. */
function withConstants(scenario: Scenario): Scenario {
  const constant = <T extends object>(spec: T): T => Object.freeze({ ...spec });
  return {
    ...scenario,
    cluster: { ...scenario.cluster, hosts: scenario.cluster.hosts.map(constant) },
    images: scenario.images.map(constant),
    services: scenario.services.map(constant),
  };
}

function newService(spec: ServiceSpec, id: number, hosts: readonly HostSpec[]): Service {
  return {
    id,
    spec,
    replicas: spec.workload === "DaemonSet" ? hosts.filter((host) => mayRunDaemon(spec, host)).length : spec.replicas,
    releases: [],
    current: -1,
    stable: -1,
    history: [],
    receiving: undefined,
    weights: undefined,
    receivingRoot: BEGINNING,
    orchestrated: true,
    created: 0,
  };
}

function sameWeights(one: readonly TrafficWeight[] | undefined, other: readonly TrafficWeight[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.length === other.length &&
    one.every(({ release, percent }, i) => other[i]?.release === release && other[i]?.percent === percent)
  );
}

function sameNumbers(one: readonly number[] | undefined, other: readonly number[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
