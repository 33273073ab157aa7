/** What a scenario says of the world, with every quantity already in the engine's own units. */
import type { Distribution } from "../kernel/distributions.ts";
import type { Micros } from "../kernel/time.ts";
import type { PodTemplate } from "./podTemplate.ts";
import type { AutoscaleSpec, BudgetSpec, PodManagement, SharedBudgetSpec, WorkloadKind } from "./policies.ts";

export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator: "Equal" | "Exists";
  readonly value?: string | undefined;
  readonly effect?: TaintEffect | undefined;
  /** Of NoExecute: how long a container stays once the taint is there (tolerationSeconds); left out: for ever. */
  readonly evictAfter?: Micros | undefined;
}

/** A plugin by name with its own settings, not yet checked by the plugin. */
export interface NamedSettings {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface HostSpec {
  readonly name: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly podLimit: number;
  readonly bandwidthBytesPerSecond: number;
  /** Further resources that it can give, as v1 quantities (`nvidia.com/gpu: "2"`); only Kubernetes' own scheduler looks at them. */
  readonly allocatable?: Readonly<Record<string, string>> | undefined;
}

export interface LifecycleSpec {
  readonly heartbeat: Micros;
  /** How often the controller looks at the leases (Kubernetes' node-monitor-period). */
  readonly monitorPeriod: Micros;
  readonly unreachableAfter: Micros;
  readonly evictAfter: Micros;
}

export interface ControlSpec {
  /** Delay between a change and the controller that reacts to it. */
  readonly reaction: Micros;
  /** Time that one placement takes; placements are serial. */
  readonly scheduling: Micros;
}

export interface ClusterSpec {
  readonly hosts: readonly HostSpec[];
  readonly lifecycle: LifecycleSpec;
  readonly control: ControlSpec;
  readonly scheduler: NamedSettings;
}

export interface ImageSpec {
  readonly name: string;
  readonly sizeBytes: number;
  readonly startup: Distribution;
  readonly service: Distribution;
  /** Share of requests answered with an error, 0…1. */
  readonly errors: number;
  /** Time from a start to the next crash; undefined: never. */
  readonly crash: Distribution | undefined;
  /** False: the container starts, but its readiness probe never passes. */
  readonly ready: boolean;
  /** Time from when it begins to answer until its process hangs: alive, and answering nobody. Left out: it never does. */
  readonly hang?: Distribution | undefined;
  /** Memory in use, which autoscalers look at. Left out: half of what is reserved when idle, all of it with every slot in use. */
  readonly memory?: MemorySpec | undefined;
}

/** Memory that a container has in use: a base, and as much again for each request that it serves. */
export interface MemorySpec {
  readonly baseBytes: number;
  readonly perRequestBytes: number;
}

export interface SpreadSpec {
  readonly over: "host" | "zone" | "none";
  readonly required: boolean;
}

/** How a host asks a container after its health (Kubernetes: Probe, core/v1). */
export interface ProbeSpec {
  readonly period: Micros;
  /** Passes in a row that turn it good; of liveness and startup probes always 1, as in Kubernetes. */
  readonly successes: number;
  readonly failures: number;
  /** True: a probe is a request like any other, and a container whose queue is full misses it. */
  readonly throughQueue: boolean;
  /** From the start of the process until the probe may ask first; left out: none. */
  readonly initialDelay?: Micros | undefined;
  /** How long it waits for a process that hangs; left out: 1 s (Kubernetes, SetDefaults_Probe). */
  readonly timeout?: Micros | undefined;
}

export interface ReadinessSpec extends ProbeSpec {
  /** True: there is no such probe, and a container is ready as soon as it runs. */
  readonly absent?: boolean | undefined;
}

/** A liveness or startup probe: who fails it is killed, and started again. */
export interface VitalProbeSpec extends ProbeSpec {
  /** From the kill's SIGTERM, preStop included, to SIGKILL; left out: the service's own grace period. */
  readonly gracePeriod?: Micros | undefined;
}

export interface ShutdownSpec {
  readonly preStop: Micros;
  readonly gracePeriod: Micros;
}

export type BalancerPolicy = "round-robin" | "random" | "least-requests" | "two-choices";

export interface HealthCheckSpec {
  readonly period: Micros;
  readonly failures: number;
  readonly passes: number;
}

/** Passive ejection: consecutive failed attempts put a container out for a while (Envoy's outlier detection). */
export interface OutlierSpec {
  readonly consecutive: number;
  readonly ejection: Micros;
  /** At most this share of the view is out at once (at least one may be). */
  readonly maxEjected: number;
}

export interface RoutingSpec {
  readonly balancer: BalancerPolicy;
  readonly balancers: number;
  readonly propagation: Distribution;
  /** One way. */
  readonly network: Micros;
  readonly connectTimeout: Micros;
  readonly healthCheck: HealthCheckSpec | undefined;
  readonly outlier: OutlierSpec | undefined;
}

export interface RetrySpec {
  readonly max: number;
  readonly backoff: Distribution;
  /** Retries stay below this share of the requests; 1: no budget. */
  readonly budget: number;
}

/** How requests arrive. Rates are per second, everything else in µs. */
export type ArrivalsSpec =
  | { readonly kind: "none" }
  | { readonly kind: "constant"; readonly perSecond: number }
  | { readonly kind: "poisson"; readonly perSecond: number }
  | { readonly kind: "ramp"; readonly fromPerSecond: number; readonly toPerSecond: number; readonly over: Micros }
  | { readonly kind: "daily"; readonly meanPerSecond: number; readonly peakPerSecond: number; readonly peakAt: Micros }
  | {
      readonly kind: "bursts";
      readonly basePerSecond: number;
      readonly peakPerSecond: number;
      readonly every: Micros;
      readonly length: Micros;
    }
  | { readonly kind: "users"; readonly count: number; readonly think: Distribution }
  | {
      readonly kind: "phases";
      readonly phases: readonly { readonly length: Micros; readonly arrivals: ArrivalsSpec }[];
    }
  /** `counts[i]` requests in [`starts[i]`, `starts[i] + step`); starts ascend. */
  | {
      readonly kind: "trace";
      readonly starts: readonly Micros[];
      readonly counts: readonly number[];
      readonly step: Micros;
      readonly spread: "even" | "poisson";
    }
  /** One request at each time, ascending, equal times in the file's order; with its own service time where given. */
  | {
      readonly kind: "replay";
      readonly times: readonly Micros[];
      readonly serviceTimes: readonly Micros[] | undefined;
    };

export interface TrafficSpec {
  readonly arrivals: ArrivalsSpec;
  readonly timeout: Micros;
  readonly retries: RetrySpec | undefined;
  /** True: a container drops a request whose client has left. */
  readonly cancel: boolean;
}

export interface SloSpec {
  readonly availability: number | undefined;
  /** Percentile name (`p99`) to bound. */
  readonly latency: readonly { readonly percentile: "p50" | "p90" | "p95" | "p99" | "p999"; readonly below: Micros }[];
}

export interface ServiceSpec {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly slots: number;
  readonly queue: number;
  readonly spread: SpreadSpec;
  readonly priority: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly readiness: ReadinessSpec;
  /** Left out: nothing asks whether a running container is still alive. */
  readonly liveness?: VitalProbeSpec | undefined;
  /** Until it has passed, the other probes wait; left out: they begin at once. */
  readonly startupProbe?: VitalProbeSpec | undefined;
  readonly shutdown: ShutdownSpec;
  readonly routing: RoutingSpec;
  readonly strategy: NamedSettings;
  readonly slo: SloSpec | undefined;
  readonly traffic: TrafficSpec;
  /** `ready`: the service runs when the simulation begins; `cold`: its containers have yet to be placed and started. */
  readonly initially: "ready" | "cold";
  /** Left out: a Deployment. */
  readonly workload?: WorkloadKind | undefined;
  /** Of a StatefulSet; left out: OrderedReady. */
  readonly podManagement?: PodManagement | undefined;
  /** True: its rollouts are held from the beginning, until the timeline resumes them (Kubernetes, `spec.paused`). */
  readonly paused?: boolean | undefined;
  /** What drains and upgrades must leave; left out: nothing holds them back. */
  readonly budget?: BudgetSpec | undefined;
  /** Left out: only people and the timeline change the number of containers. */
  readonly autoscale?: AutoscaleSpec | undefined;
  /** What a Kubernetes scheduler places its containers by, beyond the fields above; left out: those fields are all. */
  readonly pod?: PodTemplate | undefined;
  /** Of a DaemonSet: hosts by name that its pods' required node affinity shuts out; left out: none. */
  readonly unfitHosts?: ReadonlySet<string> | undefined;
}

export type TimelineAction =
  | {
      readonly kind: "deploy";
      readonly service: string;
      readonly image: string;
      readonly strategy: NamedSettings | undefined;
    }
  | { readonly kind: "rollback"; readonly service: string }
  /** `full`: past every step that is left. */
  | { readonly kind: "promote"; readonly service: string; readonly full: boolean }
  | { readonly kind: "abort" | "pause" | "resume"; readonly service: string }
  | { readonly kind: "scale"; readonly service: string; readonly replicas: number }
  | {
      readonly kind: "crash";
      readonly what: "host" | "zone" | "container";
      readonly name: string;
      readonly for: Micros | undefined;
    }
  | {
      readonly kind: "partition";
      readonly host: string;
      readonly from: "control-plane" | "clients" | "both";
      readonly for: Micros | undefined;
    }
  | { readonly kind: "drain" | "cordon" | "uncordon"; readonly host: string }
  /** Each host is down for `length` in its turn. */
  | {
      readonly kind: "upgrade";
      readonly hosts: readonly string[];
      readonly maxUnavailable: number;
      readonly length: Micros;
    }
  | { readonly kind: "slow"; readonly host: string; readonly factor: number; readonly for: Micros | undefined }
  | { readonly kind: "kill"; readonly service: string; readonly count: number }
  | { readonly kind: "registry"; readonly for: Micros | undefined }
  | { readonly kind: "control-plane"; readonly for: Micros | undefined }
  | { readonly kind: "traffic"; readonly service: string; readonly factor: number; readonly for: Micros | undefined };

export interface TimelineEntry {
  /** Position in the file, as `timeline[1]`. */
  readonly index: number;
  readonly at: Micros;
  /** Repeats at this interval after `at`; undefined: once. */
  readonly every: Micros | undefined;
  readonly action: TimelineAction;
}

export type HazardSpec =
  | {
      readonly kind: "renewal";
      readonly index: number;
      readonly what: "hosts" | "zones" | "containers";
      /** Names it is limited to (hosts, zones, or services of the containers); empty: all. */
      readonly only: readonly string[];
      readonly every: Distribution;
      /** Down time; of containers always undefined: they restart. */
      readonly for: Distribution | undefined;
    }
  | {
      readonly kind: "outages";
      readonly index: number;
      /** As recorded, in file order; overlaps of one host are merged by the engine. */
      readonly outages: readonly { readonly host: string; readonly from: Micros; readonly to: Micros }[];
    };

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly duration: Micros;
  readonly warmup: Micros;
  readonly cluster: ClusterSpec;
  readonly images: readonly ImageSpec[];
  readonly services: readonly ServiceSpec[];
  readonly expect: readonly string[];
  /** Disruption budgets beside the services' own; left out: none. */
  readonly budgets?: readonly SharedBudgetSpec[] | undefined;
  readonly timeline: readonly TimelineEntry[];
  readonly hazards: readonly HazardSpec[];
}
