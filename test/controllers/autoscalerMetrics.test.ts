import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AutoscaleMetric, cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import { computeFailure, nameOf } from "../../src/controllers/autoscalerMessages.ts";
import { type MetricReading, proposeReplicas, type ReadMetric } from "../../src/controllers/autoscalerMetrics.ts";
import type { SampledContainer } from "../../src/controllers/autoscalerSamples.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";

const NOW = 60 * MINUTE;
const source = { kind: "none" } as const;
const warm = (used: number | undefined, part: Partial<SampledContainer> = {}): SampledContainer => ({
  name: "shop-1",
  phase: "running",
  deleting: false,
  startedAt: 0,
  ready: true,
  readyChangedAt: 0,
  sample: used === undefined ? undefined : { at: NOW, window: 15 * SECOND, used },
  requested: 1000,
  ...part,
});
const inputOf = (current: number, existing = current) => ({
  containers: Array.from({ length: existing }, () => warm(0)),
  existing,
  namespace: "default",
  current,
  tolerance: { up: 0.1, down: 0.1 },
  now: NOW,
  cpuInitialization: 5 * MINUTE,
  readinessDelay: 30 * SECOND,
});
const of = (...used: (number | undefined)[]): MetricReading => ({
  kind: "containers",
  containers: used.map((one) => warm(one)),
});
const value = (milli: number): MetricReading => ({ kind: "value", milli });
const missing: MetricReading = { kind: "missing" };

const pods = (averageMilli: number): AutoscaleMetric => ({ kind: "pods", name: "rps", averageMilli, source });
const memory = (target: Extract<AutoscaleMetric, { kind: "resource" }>["target"]): AutoscaleMetric => ({
  kind: "resource",
  resource: "memory",
  target,
});
const external = (kind: "value" | "average", milli: number): AutoscaleMetric => ({
  kind: "external",
  name: "queue",
  target: { kind, milli },
  source,
});
const ingress = (kind: "value" | "average", milli: number): AutoscaleMetric => ({
  ...{ kind: "object", name: "rps", object: { kind: "Ingress", name: "main" }, source },
  target: { kind, milli },
});

const wanted = (metrics: readonly ReadMetric[], current: number, existing?: number) =>
  proposeReplicas(metrics, inputOf(current, existing)).replicas;

describe("each kind of metric asks for as many as Kubernetes' would", () => {
  const cpu: AutoscaleMetric = { kind: "resource", resource: "cpu", target: { kind: "average", milli: 350 } };
  test.each<{ what: string; metric: AutoscaleMetric; reading: MetricReading; current: number; replicas: number }>([
    { what: "cpu in percent", metric: cpuUtilisation(50), reading: of(900, 900), current: 2, replicas: 4 },
    { what: "cpu per container", metric: cpu, reading: of(700, 700), current: 2, replicas: 4 },
    {
      what: "memory in percent",
      metric: memory({ kind: "utilisation", percent: 50 }),
      reading: of(900, 100),
      current: 2,
      replicas: 2,
    },
    {
      what: "memory per container, bytes against thousandths of a byte",
      metric: memory({ kind: "average", milli: 400_000 }),
      reading: of(1_000, 1_000),
      current: 2,
      replicas: 5,
    },
    { what: "a metric of pods", metric: pods(10_000), reading: of(25_000, 25_000), current: 2, replicas: 5 },
    { what: "an object's value", metric: ingress("value", 10_000), reading: value(25_000), current: 2, replicas: 5 },
    {
      what: "an object's value per container",
      metric: ingress("average", 10_000),
      reading: value(25_000),
      current: 2,
      replicas: 3,
    },
    { what: "an external value", metric: external("value", 10_000), reading: value(5_000), current: 4, replicas: 2 },
    {
      what: "an external value per container",
      metric: external("average", 10_000),
      reading: value(95_000),
      current: 2,
      replicas: 10,
    },
    { what: "a queue that is empty", metric: external("average", 10_000), reading: value(0), current: 4, replicas: 0 },
  ])("$what", ({ metric, reading, current, replicas }) => {
    expect(wanted([{ metric, reading }], current)).toBe(replicas);
  });

  test("only samples of cpu are distrusted while a container is young", () => {
    const young = warm(900, { startedAt: NOW - SECOND, ready: false });
    const reading: MetricReading = { kind: "containers", containers: [warm(900), young] };
    expect(wanted([{ metric: cpuUtilisation(50), reading }], 2), "the young one counts as using nothing").toBe(2);
    expect(wanted([{ metric: memory({ kind: "utilisation", percent: 50 }), reading }], 2)).toBe(4);
    expect(wanted([{ metric: pods(450), reading }], 2)).toBe(4);
  });

  test("a value per container is measured against those that exist, as in a rollout with a surge", () => {
    const metric = external("average", 10_000);
    expect(wanted([{ metric, reading: value(50_000) }], 4, 5), "within the tolerance of the five there are").toBe(5);
    expect(wanted([{ metric, reading: value(50_000) }], 4, 4)).toBe(5);
  });
});

describe("several metrics", () => {
  const grows: ReadMetric = { metric: pods(10_000), reading: of(20_000, 20_000, 20_000, 20_000) };
  const shrinks: ReadMetric = { metric: cpuUtilisation(50), reading: of(100, 100, 100, 100) };
  const gone: ReadMetric = { metric: external("value", 1_000), reading: missing };

  test("the one that asks for most counts, and gives the reason", () => {
    expect(proposeReplicas([shrinks, grows], inputOf(4))).toEqual({
      replicas: 8,
      metric: "pods metric rps",
      failures: [],
    });
  });

  test("a missing one keeps the number from shrinking, and not from growing", () => {
    expect(wanted([gone, shrinks], 4)).toBeUndefined();
    expect(wanted([gone, grows], 4)).toBe(8);
    expect(wanted([gone], 4)).toBeUndefined();
  });

  const anyMetric = fc.oneof(
    fc.integer({ min: 10, max: 200 }).map(cpuUtilisation),
    fc.integer({ min: 1, max: 5_000 }).map(pods),
    fc
      .tuple(fc.constantFrom("value" as const, "average" as const), fc.integer({ min: 1, max: 9_000 }))
      .chain(([kind, milli]) => fc.constantFrom(external(kind, milli), ingress(kind, milli))),
  );
  const anyRead = fc.record({ metric: anyMetric, used: fc.array(fc.nat(3_000), { minLength: 1, maxLength: 8 }) });
  const readOf = ({ metric, used }: { metric: AutoscaleMetric; used: readonly number[] }): ReadMetric => ({
    metric,
    reading: metric.kind === "resource" || metric.kind === "pods" ? of(...used) : value(used[0] ?? 0),
  });

  test("the largest wish wins, and with one missing nothing ever shrinks", () => {
    fc.assert(
      fc.property(
        fc.array(anyRead, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 8 }),
        (made, current) => {
          const metrics = made.map(readOf);
          const alone = metrics.map((metric) => wanted([metric], current) ?? 0);
          expect(wanted(metrics, current)).toBe(Math.max(...alone));
          for (let i = 0; i <= metrics.length; i++) {
            const some = wanted(metrics.toSpliced(i, 0, gone), current);
            expect(some).toBe(Math.max(...alone) < current ? undefined : Math.max(...alone));
          }
        },
      ),
      { seed: 20 },
    );
  });
});

describe("what events say", () => {
  test.each<[AutoscaleMetric, string]>([
    [cpuUtilisation(50), "cpu resource utilization (percentage of request)"],
    [
      { ...cpuUtilisation(50), container: "app" } as AutoscaleMetric,
      "cpu container resource utilization (percentage of request)",
    ],
    [memory({ kind: "average", milli: 1 }), "memory resource"],
    [pods(1), "pods metric rps"],
    [ingress("value", 1), "Ingress metric rps"],
    [ingress("average", 1), "external metric rps(nil)"],
    [
      { ...external("value", 1), labels: { queue: "tasks", a: "b" } } as AutoscaleMetric,
      "external metric queue(&LabelSelector{MatchLabels:map[string]string{a: b,queue: tasks,},MatchExpressions:[]LabelSelectorRequirement{},})",
    ],
  ])("of a metric, as %#", (metric, name) => {
    expect(nameOf(metric)).toBe(name);
  });

  test("of failures, as kubectl describe hpa shows them", () => {
    const read = (metric: AutoscaleMetric, reading: MetricReading) => ({ metric, reading });
    const all = [
      read(cpuUtilisation(50), of(undefined)),
      read(cpuUtilisation(50), { kind: "containers", containers: [warm(5, { phase: "pending" })] }),
      read(cpuUtilisation(50), { kind: "containers", containers: [warm(5, { requested: 0 })], silent: "app" }),
      read(pods(1), missing),
      read(pods(1), of(undefined)),
      read(ingress("value", 1), missing),
      read(external("average", 1), missing),
    ];
    const { failures } = proposeReplicas(all, inputOf(1));
    expect(failures.map(({ reason, message }) => `${reason} ${message}`)).toEqual([
      "FailedGetResourceMetric failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API",
      "FailedGetResourceMetric failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)",
      "FailedGetResourceMetric failed to get cpu utilization: missing request for cpu in container app of Pod shop-1",
      "FailedGetPodsMetric unable to get metric rps: unable to fetch metrics from custom metrics API: the server could not find the metric rps for pods",
      "FailedGetPodsMetric unable to get metric rps: no metrics returned from custom metrics API",
      "FailedGetObjectMetric unable to get metric rps: Ingress on default main/unable to fetch metrics from custom metrics API: the server could not find the metric rps for ingresses",
      "FailedGetExternalMetric unable to get external metric default/queue/nil: no metrics returned from external metrics API",
    ]);
    expect(computeFailure(failures, 7)?.message).toBe(
      "invalid metrics (7 invalid out of 7), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API",
    );
  });
});
