import type { ArrivalsSpec, HazardSpec, HostSpec, Scenario, ServiceSpec } from "../cluster/spec.ts";
import type { Distribution } from "../kernel/distributions.ts";
import { DAY, MILLISECOND, MINUTE, type Micros, SECOND } from "../kernel/time.ts";

/** The name of the one service of a laboratory. */
export const STATION = "station";

const GIBIBYTE = 2 ** 30;
/** Longer than any laboratory runs. */
const AGES: Micros = 10_000 * DAY;

/** What a laboratory varies; everything else is still. */
export interface LaboratoryPlan {
  /** The time that is measured; a tenth of it comes before, for warming up. */
  readonly length: Micros;
  readonly arrivals?: ArrivalsSpec;
  readonly service?: Distribution;
  readonly slots?: number;
  readonly queue?: number;
  /** Hosts, each with one container of the service; default 1. */
  readonly hosts?: number;
  readonly hazards?: readonly HazardSpec[];
}

/**
 * A scenario stripped to what a formula knows of: no network, no delays, no time-outs, no retries, nobody who moves containers.
 */
export function laboratory(plan: LaboratoryPlan): Scenario {
  const hostCount = plan.hosts ?? 1;
  const warmup = Math.ceil(plan.length / 10);
  return {
    name: "laboratory",
    description: "",
    seed: 1,
    duration: warmup + Math.ceil(plan.length),
    warmup,
    cluster: {
      hosts: Array.from({ length: hostCount }, (_, i) => host(`host-${i + 1}`)),
      // Nobody ever notices that a host is gone, so its containers wait on it for its return.
      lifecycle: { heartbeat: DAY, monitorPeriod: DAY, unreachableAfter: AGES, evictAfter: AGES },
      control: { reaction: 0, scheduling: 0 },
      scheduler: { name: "default", settings: {} },
    },
    images: [
      {
        name: "station:v1",
        sizeBytes: 0,
        startup: { kind: "constant", value: 0 },
        service: plan.service ?? { kind: "constant", value: 10 * MILLISECOND },
        errors: 0,
        crash: undefined,
        ready: true,
      },
    ],
    services: [station(plan, hostCount)],
    expect: [],
    timeline: [],
    hazards: plan.hazards ?? [],
  };
}

function host(name: string): HostSpec {
  return {
    name,
    zone: "a",
    labels: {},
    taints: [],
    cpuMillicores: 4000,
    memoryBytes: 8 * GIBIBYTE,
    podLimit: 110,
    bandwidthBytesPerSecond: 100 * 2 ** 20,
  };
}

function station(plan: LaboratoryPlan, replicas: number): ServiceSpec {
  return {
    name: STATION,
    image: "station:v1",
    replicas,
    cpuMillicores: 500,
    memoryBytes: GIBIBYTE / 4,
    slots: plan.slots ?? 1,
    queue: plan.queue ?? 0,
    spread: { over: "host", required: true },
    priority: 0,
    nodeSelector: {},
    tolerations: [],
    readiness: { period: SECOND, successes: 1, failures: 3, throughQueue: false },
    shutdown: { preStop: 0, gracePeriod: MINUTE },
    routing: {
      balancer: "round-robin",
      balancers: 1,
      propagation: { kind: "constant", value: 0 },
      network: 0,
      connectTimeout: AGES,
      healthCheck: undefined,
      outlier: undefined,
    },
    strategy: { name: "rolling", settings: {} },
    slo: undefined,
    traffic: { arrivals: plan.arrivals ?? { kind: "none" }, timeout: AGES, retries: undefined, cancel: false },
    initially: "ready",
  };
}
