import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AutoscaleMetric, cpuUtilisation, type MetricSource } from "../../src/cluster/autoscaleMetrics.ts";
import { MINUTE } from "../../src/kernel/time.ts";
import { wellKnownQuantity } from "../../src/scenario/metricSources.ts";
import { writeScenario } from "../../src/scenario/writeScenario.ts";
import { catalog, LEAST, problemsOf, read } from "./readings.ts";

const withAutoscale = (text: string, more = "") =>
  `${LEAST.replace("replicas: 2 }", `replicas: 2, autoscale: { max: 9, ${text} } }`)}${more}`;
const metricsOf = (text: string, more = "") => read(withAutoscale(text, more)).scenario.services[0]?.autoscale?.metrics;
const warningsOf = (text: string, more = "") => read(withAutoscale(text, more)).warnings;
const load = (quantity: "requestsPerSecond" | "requestsInFlight" | "requestsQueued", service?: string) =>
  ({ kind: "load", quantity, service }) as const;

describe("an autoscaler's metrics are read", () => {
  test.each<[string, AutoscaleMetric]>([
    ["min: 1", cpuUtilisation(80)],
    ["cpu: 70%", cpuUtilisation(70)],
    ["cpu: 350m", { kind: "resource", resource: "cpu", target: { kind: "average", milli: 350 } }],
    ["memory: 60%", { kind: "resource", resource: "memory", target: { kind: "utilisation", percent: 60 } }],
    ["memory: 1Ki", { kind: "resource", resource: "memory", target: { kind: "average", milli: 1_024_000 } }],
    [
      "requests: 90/m",
      { kind: "pods", name: "requests_per_second", averageMilli: 1500, source: load("requestsPerSecond") },
    ],
    [
      "inFlight: 2500m",
      { kind: "pods", name: "requests_in_flight", averageMilli: 2500, source: load("requestsInFlight") },
    ],
    ["queued: 3", { kind: "pods", name: "requests_queued", averageMilli: 3000, source: load("requestsQueued") }],
    [
      "metrics: [{ cpu: 60%, container: app }]",
      { kind: "resource", resource: "cpu", container: "app", target: { kind: "utilisation", percent: 60 } },
    ],
    [
      "metrics: [{ pods: HTTP-Requests, average: 2k }]",
      { kind: "pods", name: "HTTP-Requests", averageMilli: 2_000_000, source: load("requestsPerSecond") },
    ],
    [
      "metrics: [{ object: Ingress/main, metric: requests-per-second, value: 2k }]",
      {
        ...{ kind: "object", name: "requests-per-second", object: { kind: "Ingress", name: "main" } },
        ...{ target: { kind: "value", milli: 2_000_000 }, source: load("requestsPerSecond") },
      },
    ],
    [
      "metrics: [{ external: jobs, average: 30, labels: { queue: tasks }, from: { quantity: requestsQueued, service: shop } }]",
      {
        ...{ kind: "external", name: "jobs", labels: { queue: "tasks" }, target: { kind: "average", milli: 30_000 } },
        source: load("requestsQueued", "shop"),
      },
    ],
  ])("%s", (text, metric) => {
    expect(metricsOf(text)).toEqual([metric]);
    expect(warningsOf(text)).toEqual([]);
  });

  test("short keys first, in their order, then the list", () => {
    const metrics = metricsOf("requests: 1/s, cpu: 50%, metrics: [{ memory: 1Mi }]") ?? [];
    expect(metrics.map(({ kind }) => kind)).toEqual(["resource", "pods", "resource"]);
  });

  test("who supplies one: its own word, the scenario's, the convention, nobody", () => {
    const more = "metrics: { jobs: requestsInFlight, rps: [{ at: 1m, value: 5 }, { at: 2m, value: none }] }\n";
    const source = (metric: string): MetricSource | undefined => {
      const [only] =
        metricsOf(`metrics: [{ pods: rps, average: 1 }, { pods: jobs, average: 1 }, ${metric}]`, more)?.slice(-1) ?? [];
      return only?.kind === "resource" ? undefined : only?.source;
    };
    const points = [
      { at: MINUTE, milli: 5000 },
      { at: 2 * MINUTE, milli: undefined },
    ];
    expect(source("{ pods: rps, average: 1, from: requestsQueued }")).toEqual(load("requestsQueued"));
    expect(source("{ pods: rps, average: 1 }")).toEqual({ kind: "series", points });
    expect(source("{ pods: jobs, average: 1 }")).toEqual(load("requestsInFlight"));
    expect(source("{ external: jobs, average: 1, from: { service: shop } }")).toEqual(load("requestsInFlight", "shop"));
    expect(source("{ pods: qps, average: 1 }")).toEqual(load("requestsPerSecond"));
    expect(source("{ pods: odd, average: 1 }")).toEqual({ kind: "none" });
  });

  test("names of which the convention knows what they tell", () => {
    expect(wellKnownQuantity("http_requests_per_second")).toBe("requestsPerSecond");
    expect(wellKnownQuantity("vllm:num_requests_running")).toBe("requestsInFlight");
    expect(wellKnownQuantity("queue_messages_ready")).toBe("requestsQueued");
    expect(wellKnownQuantity("gpu_utilization_percent")).toBeUndefined();
  });

  test("memory in use of an image", () => {
    const text = LEAST.replace('"shop:v1": {}', '"shop:v1": { memory: { base: 64Mi, perRequest: 1Mi } }');
    expect(read(text).scenario.images[0]?.memory).toEqual({ baseBytes: 64 * 2 ** 20, perRequestBytes: 2 ** 20 });
  });
});

describe("mistakes in an autoscaler's metrics are named", () => {
  test.each([
    ["cpu: 70", /autoscale\.cpu: found 70, expected a percentage above 0 of the cpu that is reserved, such as 70%/],
    ["cpu: 0%", /autoscale\.cpu: found "0%", expected a percentage above 0/],
    ["memory: 512", /autoscale\.memory: found 512, expected a percentage above 0 of the memory/],
    ["requests: 5", /autoscale\.requests: found 5, expected a unit after the number, such as 5\/s/],
    ["inFlight: 0", /autoscale\.inFlight: found 0, expected more/],
    ["metrics: [{}]", /metrics\[0\]: found several metrics or none, expected one of cpu, memory, pods/],
    ["metrics: [{ cpu: 5%, pods: a }]", /metrics\[0\]: found several metrics or none/],
    ["metrics: [{ cpu: 5%, average: 1 }]", /metrics\[0\]: found average beside cpu or memory, expected only container/],
    ["metrics: [{ pods: a, value: 1 }]", /metrics\[0\]: found no average alone/],
    ["metrics: [{ external: a }]", /metrics\[0\]: found both or neither of value and average/],
    ["metrics: [{ object: Ingress/a, value: 1 }]", /metrics\[0\]: found one of object and metric, expected both/],
    ["metrics: [{ object: main, metric: a, value: 1 }]", /found "main", expected an object as Kind\/name/],
    [
      "metrics: [{ pods: a, average: 1, from: rps }]",
      /metrics\[0\]\.from: found "rps", expected one of requestsPerSecond/,
    ],
    [
      "metrics: [{ pods: a, average: 1, from: [{ at: 2m, value: 1 }, { at: 1m, value: 1 }] }]",
      /metrics\[0\]\.from: found a time that is not after the one before/,
    ],
    [
      "metrics: [{ pods: a, average: 1, from: { service: shob } }]",
      /metrics\[0\]\.from\.service: found "shob", expected the name of a service \(did you mean "shop"\?\)/,
    ],
  ])("%s", (text, message) => {
    expect(problemsOf(withAutoscale(text)).join("\n")).toMatch(message);
  });

  test("a metric that nobody supplies, and a word on one that nobody asks for, bring a warning", () => {
    const metric = "cpu: 50%, metrics: [{ memory: 50% }, { pods: odd, average: 1 }]";
    const [warning, ...others] = warningsOf(metric);
    expect(warning).toMatch(
      /^shop\.yaml:\d+:\d+ services\.shop\.autoscale\.metrics\[1\]: nobody supplies the metric odd/,
    );
    expect(others).toEqual([]);
    expect(warningsOf(metric, "metrics: { odd: none }\n"), "it is meant").toEqual([]);
    expect(warningsOf("cpu: 50%", "metrics: { odd: requestsQueued }\n").join()).toMatch(/metrics\.odd: has no effect/);
  });
});

test("any autoscaler is written and read as the very same", () => {
  const { scenario } = read(LEAST);
  const milli = fc.integer({ min: 1, max: 10_000_000 });
  const quantity = fc.constantFrom(
    "requestsPerSecond" as const,
    "requestsInFlight" as const,
    "requestsQueued" as const,
  );
  const anySource = fc.oneof(
    fc.constant<MetricSource>({ kind: "none" }),
    fc.record({ kind: fc.constant("load" as const), quantity, service: fc.constantFrom(undefined, "shop") }),
    fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 4 }).map(
      (times): MetricSource => ({
        kind: "series",
        points: times.sort((a, b) => a - b).map((at) => ({ at: at * 1_000_000, milli: at % 3 === 0 ? undefined : at })),
      }),
    ),
  );
  const named = {
    name: fc.constantFrom("rps", "odd:name", "queue_depth"),
    labels: fc.constantFrom(undefined, { queue: "tasks" }),
    source: anySource,
  };
  const target = fc.record({ kind: fc.constantFrom("value" as const, "average" as const), milli });
  const anyMetric: fc.Arbitrary<AutoscaleMetric> = fc.oneof(
    fc.integer({ min: 1, max: 300 }).map(cpuUtilisation),
    fc.record({
      kind: fc.constant("resource" as const),
      resource: fc.constantFrom("cpu" as const, "memory" as const),
      container: fc.constantFrom(undefined, "app"),
      // Whole bytes, as memory is written.
      target: fc.integer({ min: 1, max: 100_000 }).map((bytes) => ({ kind: "average" as const, milli: bytes * 1000 })),
    }),
    fc.record({ kind: fc.constant("pods" as const), averageMilli: milli, ...named }),
    fc.record({ kind: fc.constant("external" as const), target, ...named }),
    fc.record({
      kind: fc.constant("object" as const),
      object: fc.constant({ kind: "Ingress", name: "main" }),
      target,
      ...named,
    }),
  );
  fc.assert(
    fc.property(fc.array(anyMetric, { minLength: 1, maxLength: 3 }), (metrics) => {
      const services = scenario.services.map((service) => ({
        ...service,
        autoscale: { min: 1, max: 5, metrics, behavior: undefined },
      }));
      const text = writeScenario({ ...scenario, services }, catalog);
      expect(read(text).scenario.services[0]?.autoscale?.metrics).toEqual(metrics);
    }),
    { numRuns: 15, seed: 7 },
  );
});
