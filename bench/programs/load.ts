import type { HostSpec, ImageSpec, Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MILLISECOND, MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";

/** The load of one service on as many hosts as it has containers; all else is what a scenario file has by default. */
export interface Load {
  readonly containers: number;
  readonly slots: number;
  readonly requestsPerSecond: number;
  readonly meanServiceMs: number;
  readonly duration: Micros;
}

const MEBIBYTE = 2 ** 20;

/** A whole scenario: network, time-outs, probes, leases, endpoints' delay, and every metric. */
export function scenarioOf(load: Load): Scenario {
  return {
    name: "load",
    description: "",
    seed: 1,
    duration: load.duration,
    warmup: 0,
    cluster: {
      hosts: Array.from({ length: load.containers }, (_, i) => host(i)),
      lifecycle: {
        heartbeat: 10 * SECOND,
        monitorPeriod: 5 * SECOND,
        unreachableAfter: 50 * SECOND,
        evictAfter: 5 * MINUTE,
      },
      control: { reaction: 50 * MILLISECOND, scheduling: 5 * MILLISECOND },
      scheduler: { name: "default", settings: {} },
    },
    images: [image(load)],
    services: [service(load)],
    expect: [],
    timeline: [],
    hazards: [],
  };
}

function host(index: number): HostSpec {
  return {
    name: `host-${index + 1}`,
    zone: "a",
    labels: {},
    taints: [],
    cpuMillicores: 4000,
    memoryBytes: 8192 * MEBIBYTE,
    podLimit: 110,
    bandwidthBytesPerSecond: 100 * MEBIBYTE,
  };
}

function image(load: Load): ImageSpec {
  return {
    name: "shop:v1",
    sizeBytes: 200 * MEBIBYTE,
    startup: { kind: "lognormal", median: 4 * SECOND, p95: 9 * SECOND },
    service: { kind: "exponential", mean: load.meanServiceMs * MILLISECOND },
    errors: 0,
    crash: undefined,
    ready: true,
  };
}

function service(load: Load): ServiceSpec {
  return {
    name: "shop",
    image: "shop:v1",
    replicas: load.containers,
    cpuMillicores: 500,
    memoryBytes: 256 * MEBIBYTE,
    slots: load.slots,
    queue: 10_000,
    spread: { over: "host", required: false },
    priority: 0,
    nodeSelector: {},
    tolerations: [],
    readiness: { period: SECOND, successes: 1, failures: 3, throughQueue: false },
    shutdown: { preStop: 5 * SECOND, gracePeriod: 30 * SECOND },
    routing: {
      balancer: "round-robin",
      balancers: 1,
      propagation: { kind: "lognormal", median: 300 * MILLISECOND, p95: SECOND },
      network: MILLISECOND / 2,
      connectTimeout: SECOND,
      healthCheck: undefined,
      outlier: undefined,
    },
    strategy: { name: "rolling", settings: {} },
    slo: { availability: 0.999, latency: [{ percentile: "p99", below: SECOND / 2 }] },
    traffic: {
      arrivals: { kind: "poisson", perSecond: load.requestsPerSecond },
      timeout: 2 * SECOND,
      retries: undefined,
      cancel: false,
    },
    initially: "ready",
  };
}
