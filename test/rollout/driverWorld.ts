import { NodeAgent } from "../../src/cluster/agent.ts";
import { Cluster } from "../../src/cluster/cluster.ts";
import { isActive } from "../../src/cluster/containers.ts";
import type { Fact } from "../../src/cluster/facts.ts";
import type { Service } from "../../src/cluster/services.ts";
import type { HostSpec, ImageSpec, NamedSettings, Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { Troubles } from "../../src/cluster/troubles.ts";
import { ReplicasController } from "../../src/controllers/replicas.ts";
import { BAND, Engine } from "../../src/kernel/engine.ts";
import { Streams } from "../../src/kernel/random.ts";
import { HOUR, MILLISECOND, SECOND } from "../../src/kernel/time.ts";
import { RolloutDriver } from "../../src/rollout/driver.ts";
import { STRATEGIES } from "../../src/rollout/strategies.ts";
import type { Signals, Strategy } from "../../src/rollout/strategy.ts";
import { SchedulingCycle } from "../../src/scheduling/cycle.ts";
import { SCHEDULERS } from "../../src/scheduling/schedulers.ts";

/** What a test may say of its world; everything else is boring. */
export interface WorldPart {
  readonly replicas?: number;
  readonly hosts?: number;
  readonly cpuMillicores?: number;
  /** Of the controllers, in µs. */
  readonly reaction?: number;
  readonly strategy?: NamedSettings | string;
  readonly initially?: "ready" | "cold";
  readonly images?: readonly Partial<ImageSpec>[];
  readonly plugins?: readonly Strategy[];
  /** Anything else of the service. */
  readonly service?: Partial<ServiceSpec>;
  readonly signals?: Map<number, Signals>;
}

/**
 * The real cluster, agents, scheduler and replicas controller around the driver, with one service `app` and no traffic.
 */
export class DriverWorld {
  readonly engine = new Engine();
  readonly cluster: Cluster;
  readonly agent: NodeAgent;
  readonly troubles: Troubles;
  readonly driver: RolloutDriver;
  readonly service: Service;
  readonly facts: { at: number; fact: Fact }[] = [];

  constructor(part: WorldPart = {}) {
    this.cluster = new Cluster(this.engine, new Streams(1), scenarioOf(part));
    this.agent = new NodeAgent(this.cluster);
    this.troubles = new Troubles(this.cluster, this.agent);
    this.#wireAgent();
    const cycle = new SchedulingCycle(this.cluster, SCHEDULERS[0] as (typeof SCHEDULERS)[number]);
    new ReplicasController(this.cluster);
    const strategies = [...STRATEGIES, ...(part.plugins ?? [])];
    this.driver = new RolloutDriver({
      cluster: this.cluster,
      strategies: new Map(strategies.map((strategy) => [strategy.name, strategy])),
      signalsOf: (release) => part.signals?.get(release) ?? { succeeded: 0, failed: 0 },
    });
    this.cluster.journal.subscribe((fact, at) => this.facts.push({ at, fact }));
    this.service = this.cluster.service(0);
    this.driver.begin(this.service);
    if (part.initially !== "cold") this.#settle(cycle);
  }

  /** Lets the simulation run for so many seconds. */
  run(seconds: number): void {
    this.engine.run(this.engine.now + seconds * SECOND);
  }

  deploy(image: string, strategy?: NamedSettings | string): string {
    return this.driver.deploy(
      this.service,
      image,
      strategy === undefined ? undefined : named(strategy),
      this.root("deploy"),
    );
  }

  root(label: string): number {
    return this.cluster.rootNamed(label);
  }

  /** Containers that count, by image. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { release, id } of this.cluster.state.containers.filter(isActive)) {
      const image = this.cluster.release(release).image.name;
      counts[image] = (counts[image] ?? 0) + (id >= 0 ? 1 : 0);
    }
    return counts;
  }

  /** Ready containers that get traffic. */
  serving(): number {
    const { receiving } = this.service;
    return this.cluster.state.containers.filter(
      (container) => container.ready && isActive(container) && (receiving?.includes(container.release) ?? true),
    ).length;
  }

  #wireAgent(): void {
    const begin = this.engine.define("agent-begins", BAND.lifecycle, (id) => {
      const container = this.cluster.container(id);
      if (container.phase === "assigned") this.agent.begin(container);
    });
    const end = this.engine.define("agent-ends", BAND.lifecycle, (id) =>
      this.agent.end(this.cluster.container(id), "deleted"),
    );
    const drained = this.engine.define("drained", BAND.lifecycle, (id) =>
      this.agent.drained(this.cluster.container(id)),
    );
    this.cluster.journal.subscribe((fact) => {
      if (fact.kind === "container-phase" && fact.container.phase === "assigned")
        this.engine.after(0, begin, fact.container.id);
      if (fact.kind === "container-deleted") this.engine.after(0, end, fact.container.id);
      if (fact.kind === "container-stopping") this.engine.after(0, drained, fact.container.id);
    });
  }

  /** The service runs from the start: created, placed and ready at once. */
  #settle(cycle: SchedulingCycle): void {
    const release = this.cluster.release(this.service.current);
    for (let i = 0; i < release.desired; i++) this.cluster.createContainer(release, release.desiredRoot);
    cycle.settle();
    for (const container of this.cluster.activeOf(release)) if (container.host >= 0) this.agent.settle(container);
    this.run(1);
  }
}

/** A strategy with settings, or by its name alone. */
export function named(strategy: NamedSettings | string): NamedSettings {
  return typeof strategy === "string" ? { name: strategy, settings: {} } : strategy;
}

function scenarioOf(part: WorldPart): Scenario {
  const images: ImageSpec[] = ["app:v1", "app:v2", "app:v3", "app:v4"].map((name, i) => ({
    ...imageOf(name),
    ...part.images?.[i],
  }));
  return {
    name: "driver",
    description: "",
    seed: 1,
    duration: HOUR,
    warmup: 0,
    cluster: {
      hosts: Array.from({ length: part.hosts ?? 5 }, (_, i) => hostOf(`host-${i + 1}`, part.cpuMillicores ?? 8_000)),
      lifecycle: {
        heartbeat: 10 * SECOND,
        monitorPeriod: 5 * SECOND,
        unreachableAfter: 50 * SECOND,
        evictAfter: 300 * SECOND,
      },
      control: { reaction: part.reaction ?? 50 * MILLISECOND, scheduling: 5 * MILLISECOND },
      scheduler: { name: "default", settings: {} },
    },
    images,
    services: [serviceOf(part)],
    expect: [],
    timeline: [],
    hazards: [],
  };
}

function hostOf(name: string, cpuMillicores: number): HostSpec {
  const rest = { zone: "a", labels: {}, taints: [], memoryBytes: 2 ** 40, podLimit: 110, bandwidthBytesPerSecond: 1e8 };
  return { name, cpuMillicores, ...rest };
}

function imageOf(name: string): ImageSpec {
  return {
    name,
    sizeBytes: 1e7,
    startup: { kind: "constant", value: 2 * SECOND },
    service: { kind: "constant", value: MILLISECOND },
    errors: 0,
    crash: undefined,
    ready: true,
  };
}

function serviceOf(part: WorldPart): ServiceSpec {
  return {
    name: "app",
    image: "app:v1",
    replicas: part.replicas ?? 5,
    cpuMillicores: 500,
    memoryBytes: 2 ** 20,
    slots: 1,
    queue: 0,
    spread: { over: "host", required: false },
    priority: 0,
    nodeSelector: {},
    tolerations: [],
    readiness: { period: SECOND, successes: 1, failures: 3, throughQueue: false },
    shutdown: { preStop: 2 * SECOND, gracePeriod: 30 * SECOND },
    routing: {
      balancer: "round-robin",
      balancers: 1,
      propagation: { kind: "constant", value: 100 * MILLISECOND },
      network: MILLISECOND,
      connectTimeout: SECOND,
      healthCheck: undefined,
      outlier: undefined,
    },
    strategy: named(part.strategy ?? "rolling"),
    slo: undefined,
    traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
    initially: part.initially ?? "ready",
    ...part.service,
  };
}
