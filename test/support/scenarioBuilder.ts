import type {
  HostSpec,
  ImageSpec,
  NamedSettings,
  Scenario,
  ServiceSpec,
  TimelineAction,
  TimelineEntry,
} from "../../src/cluster/spec.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";

/** A host with room enough. */
export function host(name: string, part: Partial<HostSpec> = {}): HostSpec {
  return {
    name,
    zone: "zone-a",
    labels: {},
    taints: [],
    cpuMillicores: 4000,
    memoryBytes: 8 * 2 ** 30,
    podLimit: 110,
    bandwidthBytesPerSecond: 100 * 2 ** 20,
    ...part,
  };
}

/** `host-1` … `host-n`. */
export function hosts(count: number, part: Partial<HostSpec> = {}): HostSpec[] {
  return Array.from({ length: count }, (_, i) => host(`host-${i + 1}`, part));
}

/** An image that starts in two seconds and answers in 40 ms on average. */
export function image(name: string, part: Partial<ImageSpec> = {}): ImageSpec {
  return {
    name,
    sizeBytes: 100 * 2 ** 20,
    startup: { kind: "constant", value: 2 * SECOND },
    service: { kind: "exponential", mean: 40 * MILLISECOND },
    errors: 0,
    crash: undefined,
    ready: true,
    ...part,
  };
}

/** Five containers of `shop:v1` on 100 requests a second, drained properly when they stop. */
export function service(part: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    name: "shop",
    image: "shop:v1",
    replicas: 5,
    cpuMillicores: 500,
    memoryBytes: 256 * 2 ** 20,
    slots: 4,
    queue: 64,
    spread: { over: "host", required: false },
    priority: 0,
    nodeSelector: {},
    tolerations: [],
    readiness: { period: SECOND, successes: 1, failures: 3, throughQueue: false },
    shutdown: { preStop: 10 * SECOND, gracePeriod: 40 * SECOND },
    routing: {
      balancer: "round-robin",
      balancers: 1,
      propagation: { kind: "lognormal", median: 300 * MILLISECOND, p95: SECOND },
      network: 500,
      connectTimeout: SECOND,
      healthCheck: undefined,
      outlier: undefined,
    },
    strategy: { name: "rolling", settings: {} },
    slo: undefined,
    traffic: {
      arrivals: { kind: "poisson", perSecond: 100 },
      timeout: 5 * SECOND,
      retries: undefined,
      cancel: false,
    },
    initially: "ready",
    ...part,
  };
}

/** Five minutes of the service above on five hosts, in which nothing happens. */
export function scenario(part: Partial<Scenario> = {}): Scenario {
  return {
    name: "test",
    description: "",
    seed: 1,
    duration: 5 * MINUTE,
    warmup: 0,
    cluster: {
      hosts: hosts(5),
      lifecycle: {
        heartbeat: 10 * SECOND,
        monitorPeriod: 5 * SECOND,
        unreachableAfter: 50 * SECOND,
        evictAfter: 300 * SECOND,
      },
      control: { reaction: 50 * MILLISECOND, scheduling: 5 * MILLISECOND },
      scheduler: { name: "default", settings: {} },
    },
    images: [image("shop:v1"), image("shop:v2")],
    services: [service()],
    expect: [],
    timeline: [],
    hazards: [],
    ...part,
  };
}

/** Timeline entries at these seconds, in order. */
export function timeline(
  ...entries: readonly (readonly [atSeconds: number, action: TimelineAction])[]
): TimelineEntry[] {
  return entries.map(([at, action], index) => ({ index, at: at * SECOND, every: undefined, action }));
}

/** A deploy of the shop. */
export function deploy(imageName: string, strategy?: NamedSettings): TimelineAction {
  return { kind: "deploy", service: "shop", image: imageName, strategy };
}

/** A host's crash, for so many seconds or for good. */
export function crashHost(name: string, forSeconds?: number): TimelineAction {
  return { kind: "crash", what: "host", name, for: forSeconds === undefined ? undefined : forSeconds * SECOND };
}
