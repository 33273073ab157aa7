import { NodeAgent } from "../cluster/agent.ts";
import { Cluster } from "../cluster/cluster.ts";
import { BEGINNING } from "../cluster/roots.ts";
import type { Scenario } from "../cluster/spec.ts";
import { Troubles } from "../cluster/troubles.ts";
import { Autoscaler } from "../controllers/autoscaler.ts";
import { Drains } from "../controllers/drains.ts";
import { Evictions } from "../controllers/evictions.ts";
import { HostLifecycle } from "../controllers/hostLifecycle.ts";
import { HostUpgrades } from "../controllers/hostUpgrades.ts";
import { Operator } from "../controllers/operator.ts";
import { ReplicasController } from "../controllers/replicas.ts";
import { isTooEarly } from "../controllers/workloadRules.ts";
import { Hazards } from "../failures/hazards.ts";
import { BAND, Engine } from "../kernel/engine.ts";
import { Streams } from "../kernel/random.ts";
import type { Ties } from "../kernel/ties.ts";
import { Recorder } from "../metrics/recorder.ts";
import { RolloutDriver } from "../rollout/driver.ts";
import { SchedulingCycle } from "../scheduling/cycle.ts";
import { Traffic } from "../traffic/traffic.ts";
import type { Catalogue } from "./catalogue.ts";
import type { FactListener } from "./eventLog.ts";
import { callHosts } from "./hostCalls.ts";
import { schedulerOf } from "./schedulerOf.ts";
import { Timeline } from "./timeline.ts";

/** One part's changing rows: how to get at them, and how to put others in their place. */
export interface StatePart {
  readonly name: string;
  readonly get: () => object;
  readonly put: (saved: object) => void;
}

/** What else a world is made of. */
export interface WorldOptions {
  readonly seed: number;
  readonly catalogue: Catalogue;
  readonly listen?: FactListener | undefined;
  readonly ties?: Ties | undefined;
}

/**
 * All floors of the house, built in order and joined.
 *
 * Who subscribes first hears first, so the order of construction is part of the model: requests and figures before
 * controllers, so that what is counted is what was.
 */
export class World {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  readonly driver: RolloutDriver;
  readonly timeline: Timeline;
  readonly drains: Drains;
  /** Every part that has state, in a fixed order. */
  readonly parts: readonly StatePart[];
  readonly #agent: NodeAgent;
  readonly #cycle: SchedulingCycle;
  readonly traffic: Traffic;
  readonly #autoscaler: Autoscaler;
  readonly #hazards: Hazards;

  /** `listen` hears every fact before anybody acts on it, those of the beginning too. */
  constructor(scenario: Scenario, { seed, catalogue, listen, ties }: WorldOptions) {
    this.engine = new Engine(ties);
    this.streams = new Streams(seed);
    this.cluster = new Cluster(this.engine, this.streams, scenario);
    const { cluster } = this;
    if (listen !== undefined) cluster.journal.subscribe((fact, now) => listen(fact, now, cluster));
    this.#agent = new NodeAgent(cluster);
    const agent = this.#agent;
    const troubles = new Troubles(cluster, agent);
    this.recorder = new Recorder(cluster);
    this.traffic = new Traffic(cluster, agent, this.recorder);
    const { traffic } = this;
    callHosts(cluster, agent);
    this.#cycle = new SchedulingCycle(cluster, schedulerOf(scenario.cluster.scheduler, catalogue));
    const replicas = new ReplicasController(cluster);
    const hostLifecycle = new HostLifecycle(cluster);
    this.driver = new RolloutDriver({
      cluster,
      strategies: catalogue.strategies,
      signalsOf: (release) => traffic.signalsOf(release),
    });
    const { driver } = this;
    new Operator(cluster, agent, (service) => driver.paceOf(service));
    const evictions = new Evictions(cluster);
    this.drains = new Drains(cluster, evictions);
    const { drains } = this;
    const upgrades = new HostUpgrades({
      cluster,
      drains,
      takeDown: (host, root, length) => troubles.crashHost(host, root, length),
    });
    this.#autoscaler = new Autoscaler({
      cluster,
      usageOf: (container) => traffic.usage.usageOf(container),
      loadOf: ({ id }) => traffic.usage.loadOf(id),
      scale: (service, replicas, root) => driver.scale(service, replicas, root),
    });
    // Not assigned at once: see `Users`.
    const budgets = () => evictions.budgets();
    this.#cycle.budgets = budgets;
    this.#hazards = new Hazards(cluster, troubles, agent);
    this.timeline = new Timeline({ cluster, agent, troubles, driver, drains, upgrades });
    const warm = this.engine.define("warm-up-over", BAND.observation, () => this.recorder.beginMeasuring());
    this.parts = [
      part("cluster", cluster),
      part("scheduling", this.#cycle),
      part("traffic", traffic),
      part("recorder", this.recorder),
      part("containerBook", this.recorder.containers),
      part("hostBook", this.recorder.hosts),
      part("chronicle", this.recorder.chronicle),
      part("replicas", replicas),
      part("hostLifecycle", hostLifecycle),
      part("usage", traffic.usage),
      part("evictions", evictions),
      part("drains", drains),
      part("upgrades", upgrades),
      part("autoscaler", this.#autoscaler),
      part("hazards", this.#hazards),
      part("timeline", this.timeline),
      part("rollouts", driver),
    ];
    this.#begin();
    // What it took to set the scene is not part of the play.
    this.recorder.beginMeasuring();
    if (scenario.warmup > 0) this.engine.at(scenario.warmup, warm);
  }

  /** The host on which room is being made for a container that waits; undefined: none. */
  nominatedFor(container: number): number | undefined {
    return this.#cycle.state.nominated.get(container);
  }

  /** After the state was put back. */
  rebind(): void {
    this.traffic.rebind();
    this.#cycle.rebind();
  }

  /** The state at time 0: what runs already runs, what is cold has yet to be placed. */
  #begin(): void {
    const { cluster } = this;
    for (const service of cluster.state.services) {
      this.driver.begin(service);
      if (service.spec.initially === "cold") continue;
      const release = cluster.release(service.current);
      for (let i = 0; i < service.replicas; i++) cluster.createContainer(release, BEGINNING);
    }
    this.#cycle.settle((container) => isTooEarly(container, cluster));
    for (const container of [...cluster.state.containers]) {
      if (container.phase === "assigned") this.#agent.settle(container);
      if (isTooEarly(container, cluster)) cluster.deleteContainer(container, BEGINNING, "its turn has not come");
    }
    this.traffic.begin();
    this.#autoscaler.begin();
    this.#hazards.begin();
    this.timeline.begin();
  }
}

/** Rows are written over in place, because the parts hold on to them. */
function part(name: string, owner: { readonly state: object }): StatePart {
  return { name, get: () => owner.state, put: (saved) => Object.assign(owner.state, saved) };
}
