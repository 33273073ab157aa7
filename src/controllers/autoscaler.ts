import type { AutoscaleMetric } from "../cluster/autoscaleMetrics.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import type { AutoscaleSpec } from "../cluster/policies.ts";
import type { Service } from "../cluster/services.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { unreachable } from "../kernel/errors.ts";
import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { type AutoscalerMemory, decideReplicas, NO_MEMORY } from "./autoscalerDecision.ts";
import type { MetricFailure } from "./autoscalerMessages.ts";
import { MetricReader, type MetricSupply } from "./autoscalerReader.ts";

/** Kubernetes' own times (kube-controller-manager, horizontal-pod-autoscaler-*). */
const SYNC_PERIOD: Micros = 15 * SECOND;
const CPU_INITIALIZATION: Micros = 5 * MINUTE;
const READINESS_DELAY: Micros = 30 * SECOND;

/** Two scrapes of the metrics: a service that ran before the simulation began had them long before. */
const FIRST_METRICS: Micros = 30 * SECOND;

/** Plain rows: saved and restored with the run. */
export interface AutoscalerState {
  /** By service id, of those that are autoscaled. */
  readonly memories: Map<number, AutoscalerMemory>;
  /** When a container that was ready ceased to be. */
  readonly unreadySince: Map<number, Micros>;
}

/**
 * Follows metrics with the number of containers: Kubernetes' HorizontalPodAutoscaler.
 *
 * Every 15 s, from a moment of each service's own, it reads what the metrics tell of the service's containers and scales.
 * Not while the control plane is down; what it has in mind survives that, as a restarted controller's would not.
 */
export class Autoscaler {
  readonly state: AutoscalerState = { memories: new Map(), unreadySince: new Map() };
  readonly #cluster: Cluster;
  readonly #reader: MetricReader;
  readonly #scale: (service: Service, replicas: number, root: number) => void;
  readonly #sync: EventKind;

  constructor(
    parts: MetricSupply & {
      readonly cluster: Cluster;
      readonly scale: (service: Service, replicas: number, root: number) => void;
    },
  ) {
    this.#cluster = parts.cluster;
    this.#reader = new MetricReader(parts, (id) => this.state.unreadySince.get(id));
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
    const memory = this.state.memories.get(service.id) ?? NO_MEMORY;
    const metrics = autoscale.metrics.map((metric) => ({ metric, reading: this.#reader.read(metric, service) }));
    const decision = decideReplicas(autoscale, metrics, this.#inputOf(service), memory);
    this.state.memories.set(service.id, decision.memory);
    this.#tellFailures(service, decision.failures);
    const { replicas: from } = service;
    const { replicas: to, why, reason } = decision;
    if (from === to) return;
    this.#cluster.announce({ kind: "autoscaled", service, from, to, why, reason });
    this.#scale(service, to, this.#cluster.rootNamed(`autoscaler of ${service.spec.name} (${shown(autoscale)})`));
  }

  #tellFailures(service: Service, failures: readonly MetricFailure[]): void {
    if (failures.length === 0) return;
    if (service.spec.initially === "ready" && this.#cluster.now < FIRST_METRICS) return;
    this.#cluster.announce({ kind: "autoscaler-failed", service, failures });
  }

  #inputOf(service: Service) {
    const containers = this.#reader.containersOf(service);
    return {
      containers,
      existing: containers.filter(({ deleting }) => !deleting).length,
      namespace: service.spec.pod?.namespace ?? "default",
      current: service.replicas,
      now: this.#cluster.now,
      cpuInitialization: CPU_INITIALIZATION,
      readinessDelay: READINESS_DELAY,
    };
  }
}

function shown({ min, max, metrics }: AutoscaleSpec): string {
  return `${min} to ${max} at ${metrics.map(shownMetric).join(", ")}`;
}

function shownMetric(metric: AutoscaleMetric): string {
  switch (metric.kind) {
    case "resource": {
      const { target, resource } = metric;
      if (target.kind === "utilisation") return `${target.percent}% ${resource}`;
      return resource === "cpu" ? `${target.milli}m cpu` : `${target.milli / 1000} bytes of memory`;
    }
    case "pods":
      return `${metric.averageMilli / 1000} ${metric.name}`;
    case "object":
    case "external":
      return `${metric.target.milli / 1000} ${metric.name}`;
    default:
      return unreachable(metric);
  }
}
