import { describe, expect, test } from "vitest";
import { LEAST, problemsOf, read } from "./readings.ts";

/** The example of the format's description, in short. */
const EXAMPLE = `# yaml-language-server: $schema=./scenario.schema.json
name: five-on-five
description: Five containers on five hosts, a release at 2 minutes, a host lost at 5.
seed: 42
duration: 10m
warmup: 30s

cluster:
  hosts:
    - name: host
      count: 5
      cpu: 4
      memory: 8Gi
      zones: [a, b]
      labels: { disk: ssd }
      taints: []
      pods: 110
      bandwidth: 100MiB/s
  lifecycle: { heartbeat: 10s, unreachableAfter: 50s, evictAfter: 300s }
  control: { reaction: 50ms, scheduling: 5ms }
  scheduler: default

images:
  shop:v1:
    size: 200MiB
    startup: lognormal(median=4s, p95=9s)
    service: exponential(40ms)
    errors: 0
    crash: never
    ready: true
  shop:v2: { size: 210MiB, startup: lognormal(median=5s, p95=11s), service: exponential(42ms) }

services:
  shop:
    image: shop:v1
    replicas: 5
    cpu: 500m
    memory: 256Mi
    slots: 8
    queue: 64
    spread: host
    affinity: {}
    readiness: { period: 1s, successes: 1, failures: 3 }
    shutdown: { preStop: 5s, gracePeriod: 30s }
    routing:
      balancer: round-robin
      balancers: 1
      propagation: lognormal(median=300ms, p95=1s)
      network: 500us
      connectTimeout: 1s
      healthCheck: none
    strategy: rolling
    budget: { minAvailable: 4 }
    autoscale: none
    slo: { availability: 99.9%, latency: { p99: 500ms } }
    traffic:
      arrivals: poisson(400/s)
      timeout: 2s
      retries: 0

expect:
  - services.shop.requests.failed == 0
  - services.shop.downtime.totalS < 30
timeline:
  - { at: 2m, deploy: { service: shop, image: shop:v2 } }
  - { at: 5m, crash: { host: host-3, for: 2m } }
hazards: []
`;

const SECOND = 1_000_000;

describe("the example of the format's description", () => {
  const { scenario, warnings } = read(EXAMPLE);

  test("reads without a warning, its budget included", () => {
    expect(warnings).toEqual([]);
    const budget = {
      minAvailable: { kind: "count", value: 4 },
      maxUnavailable: undefined,
      unhealthy: "IfHealthyBudget",
    };
    expect(scenario.services[0]?.budget).toEqual(budget);
  });

  test("deals the zones round robin over numbered hosts", () => {
    expect(scenario.cluster.hosts.map(({ name, zone }) => `${name}@${zone}`)).toEqual([
      "host-1@a",
      "host-2@b",
      "host-3@a",
      "host-4@b",
      "host-5@a",
    ]);
  });

  test("keeps a distribution whole between the braces of a map", () => {
    expect(scenario.images[1]).toMatchObject({
      name: "shop:v2",
      startup: { kind: "lognormal", median: 5 * SECOND, p95: 11 * SECOND },
      service: { kind: "exponential", mean: 42_000 },
    });
  });

  test("turns every quantity to the engine's units", () => {
    expect(scenario).toMatchObject({ name: "five-on-five", seed: 42, duration: 600 * SECOND, warmup: 30 * SECOND });
    expect(scenario.services[0]).toMatchObject({
      cpuMillicores: 500,
      memoryBytes: 256 * 1024 * 1024,
      shutdown: { preStop: 5 * SECOND, gracePeriod: 30 * SECOND },
      routing: { network: 500, healthCheck: undefined, outlier: undefined },
      slo: { availability: 0.999, latency: [{ percentile: "p99", below: 500_000 }] },
      traffic: { arrivals: { kind: "poisson", perSecond: 400 }, retries: undefined, cancel: false },
    });
  });

  test("numbers the timeline as the file does", () => {
    expect(scenario.timeline).toEqual([
      {
        index: 0,
        at: 120 * SECOND,
        every: undefined,
        action: { kind: "deploy", service: "shop", image: "shop:v2", strategy: undefined },
      },
      {
        index: 1,
        at: 300 * SECOND,
        every: undefined,
        action: { kind: "crash", what: "host", name: "host-3", for: 120 * SECOND },
      },
    ]);
  });

  test("reads the same from JSON as from YAML", () => {
    const json = `{ "duration": "10m", "cluster": { "hosts": [ { "count": 2, "cpu": 4, "memory": "8Gi" } ] },
      "images": { "shop:v1": {}, "shop:v2": {} },
      "services": { "shop": { "image": "shop:v1", "cpu": "500m", "memory": "256Mi", "replicas": 2 } } }`;
    expect(read(json)).toEqual(read(LEAST));
  });
});

describe("the least scenario", () => {
  const { scenario, warnings } = read(LEAST);

  test("takes every default, most of them Kubernetes'", () => {
    expect(warnings).toEqual([]);
    expect(scenario).toMatchObject({ name: "shop", seed: 1, warmup: 0, expect: [], timeline: [], hazards: [] });
    expect(scenario.cluster).toMatchObject({
      lifecycle: {
        heartbeat: 10 * SECOND,
        monitorPeriod: 5 * SECOND,
        unreachableAfter: 50 * SECOND,
        evictAfter: 300 * SECOND,
      },
      control: { reaction: 50_000, scheduling: 5_000 },
      scheduler: { name: "default", settings: {} },
    });
    expect(scenario.cluster.hosts[0]).toMatchObject({
      name: "host-1",
      zone: "zone-a",
      podLimit: 110,
      bandwidthBytesPerSecond: 100 * 1024 * 1024,
    });
    expect(scenario.images[0]).toEqual({
      name: "shop:v1",
      sizeBytes: 100 * 1024 * 1024,
      startup: { kind: "constant", value: 2 * SECOND },
      service: { kind: "exponential", mean: 20_000 },
      errors: 0,
      crash: undefined,
      ready: true,
    });
    expect(scenario.services[0]).toMatchObject({
      slots: 1,
      queue: 0,
      priority: 0,
      spread: { over: "host", required: false },
      readiness: { period: 10 * SECOND, successes: 1, failures: 3, throughQueue: false },
      shutdown: { preStop: 0, gracePeriod: 30 * SECOND },
      routing: {
        balancer: "round-robin",
        balancers: 1,
        propagation: { kind: "lognormal", median: 500_000, p95: 2 * SECOND },
        network: 500,
        connectTimeout: SECOND,
      },
      strategy: { name: "rolling", settings: {} },
      slo: undefined,
      traffic: { arrivals: { kind: "none" }, timeout: 15 * SECOND, retries: undefined, cancel: false },
      initially: "ready",
    });
  });

  test.each([
    ["traffic: { retries: 2 }", { traffic: { retries: { max: 2, budget: 1, backoff: { kind: "exponential" } } } }],
    ["traffic: { retries: { max: 2, budget: 10% } }", { traffic: { retries: { max: 2, budget: 0.1 } } }],
    [
      "routing: { healthCheck: { period: 3s } }",
      { routing: { healthCheck: { period: 3 * SECOND, failures: 3, passes: 2 } } },
    ],
    ["routing: { outlier: { maxEjected: 50% } }", { routing: { outlier: { consecutive: 5, maxEjected: 0.5 } } }],
    ["spread: { over: host, required: true }", { spread: { over: "host", required: true } }],
    ["spread: zone", { spread: { over: "zone", required: false } }],
    ["readiness: none", { readiness: { absent: true } }],
    ["liveness: none", { liveness: undefined }],
    ["startupProbe: { failures: 3600 }", { startupProbe: { failures: 3600, period: 10 * SECOND, successes: 1 } }],
    ["strategy: recreate", { strategy: { name: "recreate", settings: {} } }],
    ["strategy: { rolling: }", { strategy: { name: "rolling", settings: {} } }],
    ["strategy: { rolling: { maxSurge: 1 } }", { strategy: { name: "rolling", settings: { maxSurge: 1 } } }],
    ["strategy: { name: rolling, maxSurge: 1 }", { strategy: { name: "rolling", settings: { maxSurge: 1 } } }],
    ["nodeSelector: { ssd: true }", { nodeSelector: { ssd: "true" } }],
    ["tolerations: [{ key: a, operator: Exists }]", { tolerations: [{ key: "a", operator: "Exists" }] }],
    ["priority: 1000", { priority: 1000 }],
    ["slo: { latency: { p99.9: 1s } }", { slo: { latency: [{ percentile: "p999", below: SECOND }] } }],
    [
      "traffic: { arrivals: [{ for: 1m, arrivals: constant(1/s) }, { for: 2m, arrivals: none }] }",
      { traffic: { arrivals: { kind: "phases", phases: [{ length: 60 * SECOND }, { arrivals: { kind: "none" } }] } } },
    ],
    [
      "traffic: { arrivals: users(200, think=exponential(3s)) }",
      { traffic: { arrivals: { kind: "users", count: 200, think: { kind: "exponential", mean: 3 * SECOND } } } },
    ],
  ])("a service with %s", (line, expected) => {
    const { scenario: changed } = read(LEAST.replace("replicas: 2 }", `replicas: 2, ${line} }`));
    expect(changed.services[0]).toMatchObject(expected);
  });

  test.each([
    ["dedicated=db:NoSchedule", { key: "dedicated", value: "db", effect: "NoSchedule" }],
    ["dedicated:NoExecute", { key: "dedicated", value: "", effect: "NoExecute" }],
    ["{ key: a, effect: PreferNoSchedule }", { key: "a", value: "", effect: "PreferNoSchedule" }],
  ])("a taint %s", (taint, expected) => {
    const text = LEAST.replace("memory: 8Gi", `memory: 8Gi, taints: [${taint}]`);
    expect(read(text).scenario.cluster.hosts[0]?.taints).toEqual([expected]);
  });
});

describe("overrides", () => {
  test.each([
    ["services.shop.replicas=7", { services: [{ replicas: 7 }] }],
    ['images."shop:v1".errors=10%', { images: [{ errors: 0.1 }, {}] }],
    ["images.shop:v1.errors=1", { images: [{ errors: 1 }, {}] }],
    ["services.shop.strategy.rolling.maxSurge=2", { services: [{ strategy: { settings: { maxSurge: 2 } } }] }],
    ["services.shop.traffic.retries.max=3", { services: [{ traffic: { retries: { max: 3 } } }] }],
    ["cluster.hosts[0].count=9", { cluster: { hosts: { length: 9 } } }],
    ["timeline[0]={ at: 1m, rollback: shop }", { timeline: [{ action: { kind: "rollback" } }] }],
    ["timeline[0].kill.service=shop", undefined],
  ])("--set %s", (set, expected) => {
    if (expected === undefined) expect(problemsOf(LEAST, { set: [set] })[0]).toMatch(/found no time/);
    else expect(read(LEAST, { set: [set] }).scenario).toMatchObject(expected);
  });

  test("later ones win, and build on earlier ones", () => {
    const set = ["timeline[0].at=1m", "timeline[0].kill.service=shop", "seed=3", "seed=4"];
    expect(read(LEAST, { set }).scenario).toMatchObject({ seed: 4, timeline: [{ at: 60 * SECOND }] });
  });

  test.each([
    ["services.shop.replicas=many", /^--set services\.shop\.replicas=many services\.shop\.replicas: found "many"/],
    ["services.shop.replica=7", /^--set .* unknown key "replica" \(did you mean "replicas"\?\)/],
    ["replicas", /^--set replicas: found no path with a value/],
    ["a..b=1", /found no path/],
    ["cluster.hosts[5].cpu=1", /position 5 in a list of 1/],
    ["cluster.hosts.first=1", /found "first" in a list, expected a position/],
    ["__proto__.polluted=1", /__proto__/],
    ["seed=[1", /^--set seed=\[1:1:\d+: not valid YAML/],
  ])("--set %s is refused, and named", (set, message) => {
    expect(problemsOf(LEAST, { set: [set] }).join("\n")).toMatch(message);
    expect("polluted" in {}).toBe(false);
  });
});
