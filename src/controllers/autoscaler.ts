import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { AutoscaleSpec } from "../cluster/policies.ts";
import type { Service } from "../cluster/services.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { type AutoscalerMemory, decideReplicas, NO_MEMORY } from "./autoscalerDecision.ts";
import type { SampledContainer } from "./autoscalerSamples.ts";

/** Kubernetes' own times (kube-controller-manager, horizontal-pod-autoscaler-*). */
const SYNC_PERIOD: Micros = 15 * SECOND;
const CPU_INITIALIZATION: Micros = 5 * MINUTE;
const READINESS_DELAY: Micros = 30 * SECOND;

/** What a container used of its cpu, as the metrics tell: late, and averaged. */
export interface UsageSample {
  readonly usedMillicores: number;
  /** The end of the time it is the average of, and how long that is. */
  readonly at: Micros;
  readonly window: Micros;
}

/** Plain rows: saved and restored with the run. */
export interface AutoscalerState {
  /** By service id, of those that are autoscaled. */
  readonly memories: Map<number, AutoscalerMemory>;
  /** When a container that was ready ceased to be. */
  readonly unreadySince: Map<number, Micros>;
}

/**
 * Follows the use of cpu with the number of containers: Kubernetes' HorizontalPodAutoscaler.
 *
 * Every 15 s, from a moment of each service's own, it reads what the metrics tell of the service's containers and scales.
 * Not while the control plane is down; what it has in mind survives that, as a restarted controller's would not.
 */
export class Autoscaler {
  readonly state: AutoscalerState = { memories: new Map(), unreadySince: new Map() };
  readonly #cluster: Cluster;
  readonly #usageOf: (container: Container) => UsageSample | undefined;
  readonly #scale: (service: Service, replicas: number, root: number) => void;
  readonly #sync: EventKind;

  constructor(parts: {
    readonly cluster: Cluster;
    /** The latest sample; undefined: none yet. */
    readonly usageOf: (container: Container) => UsageSample | undefined;
    readonly scale: (service: Service, replicas: number, root: number) => void;
  }) {
    this.#cluster = parts.cluster;
    this.#usageOf = parts.usageOf;
    this.#scale = parts.scale;
    const { engine, journal } = parts.cluster;
    this.#sync = engine.define("autoscaler-sync", BAND.control, (id) => {
      engine.after(SYNC_PERIOD, this.#sync, id);
      if (this.#cluster.controlPlaneUp()) this.#look(this.#cluster.service(id));
    });
    journal.subscribe((fact, now) => this.#hear(fact, now));
  }

  /** Schedules the first look at every service that is autoscaled, at a moment within the first period. */
  begin(): void {
    for (const { id, spec } of this.#cluster.state.services) {
      if (spec.autoscale === undefined) continue;
      const phase = this.#cluster.streams.named(`autoscaler/${spec.name}`).below(SYNC_PERIOD);
      this.#cluster.engine.after(phase, this.#sync, id);
    }
  }

  #hear(fact: Fact, now: Micros): void {
    if (fact.kind === "container-ready") this.state.unreadySince.delete(fact.container.id);
    if (fact.kind === "container-phase" && fact.container.phase === "gone") {
      this.state.unreadySince.delete(fact.container.id);
    }
    if (fact.kind !== "container-unready") return;
    const { id, service } = fact.container;
    if (this.#cluster.service(service).spec.autoscale !== undefined) this.state.unreadySince.set(id, now);
  }

  #look(service: Service): void {
    const { autoscale } = service.spec;
    if (autoscale === undefined) return;
    const decision = decideReplicas(
      autoscale,
      this.#inputOf(service),
      this.state.memories.get(service.id) ?? NO_MEMORY,
    );
    this.state.memories.set(service.id, decision.memory);
    const { replicas: from } = service;
    const { replicas: to, utilisation, reason } = decision;
    if (from === to) return;
    this.#cluster.announce({ kind: "autoscaled", service, from, to, utilisation, reason });
    this.#scale(service, to, this.#cluster.rootNamed(`autoscaler of ${service.spec.name} (${shown(autoscale)})`));
  }

  #inputOf(service: Service) {
    const containers = service.releases.flatMap((release) => this.#cluster.membersOf(release));
    return {
      containers: containers.map((container) => this.#sampled(container, service)),
      current: service.replicas,
      now: this.#cluster.now,
      cpuInitialization: CPU_INITIALIZATION,
      readinessDelay: READINESS_DELAY,
    };
  }

  #sampled(container: Container, { spec }: Service): SampledContainer {
    const usage = this.#usageOf(container);
    const unlaunched = ["pending", "assigned", "pulling"].includes(container.phase);
    return {
      name: container.name,
      phase: unlaunched ? "pending" : "running",
      deleting: !isActive(container),
      startedAt: container.assignedAt,
      ready: container.ready,
      readyChangedAt: this.#readyChangedAt(container),
      sample: usage && { at: usage.at, window: usage.window, used: usage.usedMillicores },
      requested: spec.cpuMillicores,
    };
  }

  /** One that was never ready has been unready since it came to its host. */
  #readyChangedAt({ id, ready, readySince, assignedAt }: Container): Micros {
    return ready ? readySince : (this.state.unreadySince.get(id) ?? assignedAt);
  }
}

function shown({ min, max, cpuPercent }: AutoscaleSpec): string {
  return `${min} to ${max} at ${cpuPercent}% cpu`;
}
