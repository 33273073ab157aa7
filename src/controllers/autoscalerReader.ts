import { type AutoscaleMetric, type LoadQuantity, seriesAt } from "../cluster/autoscaleMetrics.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Service } from "../cluster/services.ts";
import type { Micros } from "../kernel/time.ts";
import type { MetricReading } from "./autoscalerMetrics.ts";
import { reservationOf } from "./autoscalerReservations.ts";
import type { SampledContainer } from "./autoscalerSamples.ts";

/** What requests are to a container or a service. */
export type LoadSample = Readonly<Record<LoadQuantity, number>>;

/** What a container used and had to do, as the metrics tell: late, and in part averaged. */
export interface UsageSample extends LoadSample {
  readonly usedMillicores: number;
  readonly memoryBytes: number;
  /** The end of the time that averages are of, and how long that is. */
  readonly at: Micros;
  readonly window: Micros;
}

/** Who measures. */
export interface MetricSupply {
  /** The latest sample of a container; undefined: none yet. */
  readonly usageOf: (container: Container) => UsageSample | undefined;
  /** Of a whole service, likewise. */
  readonly loadOf: (service: Service) => LoadSample | undefined;
}

type Sample = SampledContainer["sample"];
type ResourceMetric = Extract<AutoscaleMetric, { kind: "resource" }>;

const MISSING: MetricReading = { kind: "missing" };

/** Reads the metrics of an autoscaler: what Kubernetes asks its three metrics APIs for. */
export class MetricReader {
  readonly #cluster: Cluster;
  readonly #supply: MetricSupply;
  readonly #unreadySince: (container: number) => Micros | undefined;

  constructor(
    parts: MetricSupply & { readonly cluster: Cluster },
    /** When a container that was ready ceased to be; undefined: it never was. */
    unreadySince: (container: number) => Micros | undefined,
  ) {
    this.#cluster = parts.cluster;
    this.#supply = parts;
    this.#unreadySince = unreadySince;
  }

  /** The containers that a service's selector selects, those that are on their way out too. */
  containersOf(service: Service): SampledContainer[] {
    return this.#sampledBy(service, () => undefined, 0);
  }

  /** What is known now of a metric of a service's autoscaler. */
  read(metric: AutoscaleMetric, service: Service): MetricReading {
    if (metric.kind === "resource") return this.#readResource(metric, service);
    const { source } = metric;
    if (source.kind === "none") return MISSING;
    if (source.kind === "series") {
      const milli = seriesAt(source.points, this.#cluster.now);
      if (milli === undefined) return MISSING;
      return metric.kind === "pods" ? this.#readGiven(milli, service) : { kind: "value", milli };
    }
    const { quantity } = source;
    if (metric.kind === "pods") {
      const sampleOf = (container: Container): Sample => {
        const usage = this.#supply.usageOf(container);
        return usage && { at: usage.at, window: usage.window, used: milliOf(usage, quantity) };
      };
      return { kind: "containers", containers: this.#sampledBy(service, sampleOf, 0) };
    }
    const measured = this.#cluster.state.services.find(({ spec }) => spec.name === source.service) ?? service;
    const load = this.#supply.loadOf(measured);
    return load === undefined ? MISSING : { kind: "value", milli: milliOf(load, quantity) };
  }

  /** A series knows every container that runs, at once. */
  #readGiven(milli: number, service: Service): MetricReading {
    const sample = { at: this.#cluster.now, window: 0, used: milli };
    const sampleOf = ({ phase }: Container) => (phase === "running" ? sample : undefined);
    return { kind: "containers", containers: this.#sampledBy(service, sampleOf, 0) };
  }

  #readResource({ resource, container: only }: ResourceMetric, service: Service): MetricReading {
    const { share, requested, silent } = reservationOf(service.spec, resource, only);
    if (share === undefined) return MISSING;
    const sampleOf = (container: Container): Sample => {
      const usage = this.#supply.usageOf(container);
      if (usage === undefined) return undefined;
      const used = resource === "cpu" ? usage.usedMillicores : usage.memoryBytes;
      return { at: usage.at, window: usage.window, used: share === 1 ? used : Math.round(used * share) };
    };
    return { kind: "containers", containers: this.#sampledBy(service, sampleOf, requested), silent };
  }

  #sampledBy(service: Service, sampleOf: (container: Container) => Sample, requested: number): SampledContainer[] {
    const members = service.releases.flatMap((release) => this.#cluster.membersOf(release));
    return members.map((container) => ({
      name: container.name,
      phase: UNLAUNCHED.has(container.phase) ? "pending" : "running",
      deleting: !isActive(container),
      startedAt: container.assignedAt,
      ready: container.ready,
      readyChangedAt: this.#readyChangedAt(container),
      sample: sampleOf(container),
      requested,
    }));
  }

  /** One that was never ready has been unready since it came to its host. */
  #readyChangedAt({ id, ready, readySince, assignedAt }: Container): Micros {
    return ready ? readySince : (this.#unreadySince(id) ?? assignedAt);
  }
}

const UNLAUNCHED: ReadonlySet<Container["phase"]> = new Set(["pending", "assigned", "pulling"]);

/** In thousandths, rounded up as a quantity's milli value is. */
function milliOf(load: LoadSample, quantity: LoadQuantity): number {
  return Math.ceil(load[quantity] * 1000);
}
