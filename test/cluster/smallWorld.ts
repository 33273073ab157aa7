import { NodeAgent } from "../../src/cluster/agent.ts";
import { Cluster, type ClusterState } from "../../src/cluster/cluster.ts";
import type { Container, Phase } from "../../src/cluster/containers.ts";
import type { Fact } from "../../src/cluster/facts.ts";
import { BEGINNING } from "../../src/cluster/roots.ts";
import type { Release, Service } from "../../src/cluster/services.ts";
import type {
  HazardSpec,
  HostSpec,
  ImageSpec,
  LifecycleSpec,
  NamedSettings,
  Scenario,
  ServiceSpec,
} from "../../src/cluster/spec.ts";
import { Troubles } from "../../src/cluster/troubles.ts";
import { HostLifecycle, type HostLifecycleState } from "../../src/controllers/hostLifecycle.ts";
import { Operator, type Pace } from "../../src/controllers/operator.ts";
import { ReplicasController, type ReplicasState } from "../../src/controllers/replicas.ts";
import { Hazards, type HazardsState } from "../../src/failures/hazards.ts";
import { copy } from "../../src/kernel/copy.ts";
import { BAND, Engine, type EngineState } from "../../src/kernel/engine.ts";
import { type StreamState, Streams } from "../../src/kernel/random.ts";
import { DAY, MILLISECOND, MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";
import { SchedulingCycle, type SchedulingState } from "../../src/scheduling/cycle.ts";
import type { Scheduler } from "../../src/scheduling/framework.ts";
import { SCHEDULERS } from "../../src/scheduling/schedulers.ts";

export const MEBIBYTE = 1024 * 1024;
export const GIBIBYTE = 1024 * MEBIBYTE;

/** What a test says of its world; everything else is boring: controllers without delay, ready as soon as started, no failures. */
export interface WorldParts {
  readonly hosts?: number | readonly Partial<HostSpec>[];
  readonly images?: readonly Partial<ImageSpec>[];
  readonly services?: readonly Partial<ServiceSpec>[];
  readonly budgets?: Scenario["budgets"];
  readonly lifecycle?: Partial<LifecycleSpec>;
  readonly hazards?: readonly HazardSpec[];
  readonly scheduler?: Scheduler;
  readonly seed?: number;
  readonly duration?: Micros;
  readonly reaction?: Micros;
  readonly pace?: Pace;
  readonly scheduling?: Micros;
}

export function hostSpec(part: Partial<HostSpec>): HostSpec {
  return {
    name: "host",
    zone: "a",
    labels: {},
    taints: [],
    cpuMillicores: 4000,
    memoryBytes: 8 * GIBIBYTE,
    podLimit: 110,
    bandwidthBytesPerSecond: 100 * MEBIBYTE,
    ...part,
  };
}

export function imageSpec(part: Partial<ImageSpec>): ImageSpec {
  return {
    name: "shop:v1",
    sizeBytes: 100 * MEBIBYTE,
    startup: { kind: "constant", value: 2 * SECOND },
    service: { kind: "constant", value: 10 * MILLISECOND },
    errors: 0,
    crash: undefined,
    ready: true,
    ...part,
  };
}

export function serviceSpec(part: Partial<ServiceSpec>): ServiceSpec {
  return {
    name: "shop",
    image: "shop:v1",
    replicas: 1,
    cpuMillicores: 500,
    memoryBytes: 256 * MEBIBYTE,
    slots: 1,
    queue: 0,
    spread: { over: "host", required: false },
    priority: 0,
    nodeSelector: {},
    tolerations: [],
    readiness: { period: 1, successes: 1, failures: 3, throughQueue: false },
    shutdown: { preStop: 0, gracePeriod: 30 * SECOND },
    routing: {
      balancer: "round-robin",
      balancers: 1,
      propagation: { kind: "constant", value: 0 },
      network: 0,
      connectTimeout: SECOND,
      healthCheck: undefined,
      outlier: undefined,
    },
    strategy: { name: "rolling", settings: {} },
    slo: undefined,
    traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
    initially: "cold",
    ...part,
  };
}

export function scenarioOf(parts: WorldParts): Scenario {
  const { hosts = 1 } = parts;
  const hostParts = typeof hosts === "number" ? Array.from({ length: hosts }, () => ({})) : hosts;
  const scheduler: NamedSettings = { name: "default", settings: {} };
  return {
    name: "small",
    description: "",
    seed: parts.seed ?? 1,
    duration: parts.duration ?? DAY,
    warmup: 0,
    cluster: {
      hosts: hostParts.map((part, i) => hostSpec({ name: `host-${i + 1}`, ...part })),
      lifecycle: {
        heartbeat: 10 * SECOND,
        monitorPeriod: 5 * SECOND,
        unreachableAfter: 50 * SECOND,
        evictAfter: 300 * SECOND,
        ...parts.lifecycle,
      },
      control: { reaction: parts.reaction ?? 0, scheduling: parts.scheduling ?? 0 },
      scheduler,
    },
    images: (parts.images ?? [{}]).map(imageSpec),
    services: (parts.services ?? [{}]).map(serviceSpec),
    budgets: parts.budgets,
    expect: [],
    timeline: [],
    hazards: parts.hazards ?? [],
  };
}

/** Everything that a run can be continued from. */
export interface SmallCheckpoint {
  readonly engine: EngineState;
  readonly streams: ReadonlyMap<string, StreamState>;
  readonly cluster: ClusterState;
  readonly scheduling: SchedulingState;
  readonly replicas: ReplicasState;
  readonly lifecycle: HostLifecycleState;
  readonly hazards: HazardsState;
}

/** A cluster with its scheduler, controllers, troubles and hazards, and no traffic. */
export class SmallWorld {
  readonly engine = new Engine();
  readonly cluster: Cluster;
  readonly agent: NodeAgent;
  readonly troubles: Troubles;
  readonly cycle: SchedulingCycle;
  readonly replicas: ReplicasController;
  readonly lifecycle: HostLifecycle;
  readonly hazards: Hazards;
  /** `12.5s shop-1 pulling`: what containers and hosts went through. */
  readonly story: string[] = [];
  /** Requests are inside: SIGTERM does not end the container at once. */
  busy = false;

  constructor(parts: WorldParts = {}) {
    const scenario = scenarioOf(parts);
    this.cluster = new Cluster(this.engine, new Streams(scenario.seed), scenario);
    this.agent = new NodeAgent(this.cluster);
    this.troubles = new Troubles(this.cluster, this.agent);
    this.cycle = new SchedulingCycle(this.cluster, parts.scheduler ?? (SCHEDULERS[0] as Scheduler));
    this.replicas = new ReplicasController(this.cluster);
    this.lifecycle = new HostLifecycle(this.cluster);
    new Operator(this.cluster, this.agent, () => parts.pace ?? { notice: 2 * MINUTE, act: MINUTE });
    this.hazards = new Hazards(this.cluster, this.troubles, this.agent);
    const begin = this.engine.define("agent-begin", BAND.lifecycle, (id) => this.agent.begin(this.container(id)));
    const end = this.engine.define("agent-end", BAND.lifecycle, (id) => this.agent.end(this.container(id), "deleted"));
    this.cluster.journal.subscribe((fact, now) => {
      this.#tell(fact, now);
      if (fact.kind === "container-phase" && fact.container.phase === "assigned")
        this.engine.at(now, begin, fact.container.id);
      if (fact.kind === "container-deleted") this.engine.at(now, end, fact.container.id);
      if (fact.kind === "container-stopping" && !this.busy) this.agent.drained(fact.container);
    });
    for (const service of this.cluster.state.services) {
      const release = this.cluster.addRelease(service, service.spec.image, BEGINNING);
      this.cluster.setDesired(release, service.spec.replicas, BEGINNING);
    }
    this.hazards.begin();
  }

  container(id: number): Container {
    return this.cluster.container(id);
  }

  get service(): Service {
    return this.cluster.service(0);
  }

  get release(): Release {
    return this.cluster.release(0);
  }

  host(name: string) {
    return this.cluster.hostNamed(name);
  }

  run(until: Micros): this {
    this.engine.run(until);
    return this;
  }

  /** A command at that time, before everything else of that instant. */
  at(time: Micros, act: () => void): this {
    this.engine.run(time - 1);
    this.engine.now = time;
    act();
    return this;
  }

  phases(): Phase[] {
    return this.cluster.state.containers.map((container) => container.phase);
  }

  ready(): number {
    return this.cluster.state.containers.filter((container) => container.ready && !container.deleted).length;
  }

  /** The lines of the story about one name, without it. */
  storyOf(name: string): string[] {
    return this.story.filter((line) => line.split(" ")[1] === name).map((line) => line.replace(` ${name}`, ""));
  }

  save(): SmallCheckpoint {
    return {
      engine: this.engine.save(),
      streams: this.cluster.streams.save(),
      cluster: copy(this.cluster.state),
      scheduling: copy(this.cycle.state),
      replicas: copy(this.replicas.state),
      lifecycle: copy(this.lifecycle.state),
      hazards: copy(this.hazards.state),
    };
  }

  restore(saved: SmallCheckpoint): void {
    this.engine.restore(saved.engine);
    this.cluster.streams.restore(saved.streams);
    this.cluster.state = copy(saved.cluster);
    this.cycle.state = copy(saved.scheduling);
    this.replicas.state = copy(saved.replicas);
    this.lifecycle.state = copy(saved.lifecycle);
    this.hazards.state = copy(saved.hazards);
    this.cycle.rebind();
  }

  #tell(fact: Fact, now: Micros): void {
    const at = `${now / SECOND}s`;
    if (fact.kind === "container-phase") this.story.push(`${at} ${fact.container.name} ${fact.container.phase}`);
    else if (fact.kind === "container-ready") this.story.push(`${at} ${fact.container.name} ready`);
    else if (fact.kind === "container-unready") this.story.push(`${at} ${fact.container.name} unready`);
    else if (fact.kind === "container-stopping") this.story.push(`${at} ${fact.container.name} stopping`);
    else if (fact.kind === "container-deleted") this.story.push(`${at} ${fact.container.name} deleted`);
    else if (fact.kind === "container-unschedulable")
      this.story.push(`${at} ${fact.container.name} unschedulable: ${fact.reasons.join(", ")}`);
    else if (fact.kind.startsWith("host-") && "host" in fact)
      this.story.push(`${at} ${fact.host.spec.name} ${fact.kind.slice(5)}`);
  }
}
