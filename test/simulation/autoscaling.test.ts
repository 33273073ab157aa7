import { describe, expect, test } from "vitest";
import type { AutoscaleMetric, MetricSource } from "../../src/cluster/autoscaleMetrics.ts";
import type { Fact } from "../../src/cluster/facts.ts";
import type { ArrivalsSpec, Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const constant = (perSecond: number): ArrivalsSpec => ({ kind: "constant", perSecond });
const of = (quantity: "requestsPerSecond" | "requestsInFlight" | "requestsQueued", name?: string): MetricSource => ({
  kind: "load",
  quantity,
  service: name,
});
const scaled = (metrics: readonly AutoscaleMetric[], part: Partial<ServiceSpec> & { arrivals?: ArrivalsSpec } = {}) =>
  service({
    autoscale: { min: 1, max: 10, metrics, behavior: undefined },
    ...part,
    traffic: { ...service().traffic, arrivals: part.arrivals ?? constant(100) },
  });

/** Where each service ends, and what its autoscaler told. */
function followed(part: Partial<Scenario>) {
  const facts: Fact[] = [];
  const simulation = new Simulation(scenario({ duration: 8 * MINUTE, ...part }), {
    listen: (fact) => {
      if (fact.kind === "autoscaled" || fact.kind === "autoscaler-failed") facts.push(fact);
    },
  });
  simulation.run();
  const replicas = simulation.world.cluster.state.services.map((one) => one.replicas);
  const reasons = facts.flatMap((fact) => (fact.kind === "autoscaled" ? fact.why : []));
  const failures = facts.flatMap((fact) => (fact.kind === "autoscaler-failed" ? fact.failures : []));
  return { replicas, reasons: [...new Set(reasons)], failures: [...new Set(failures.map(({ reason }) => reason))] };
}

describe("an autoscaled service follows", () => {
  // Exactly 40 ms each, and 100 a second: 4 in flight, of which none waits while there are slots.
  const images = [image("shop:v1", { service: { kind: "constant", value: 40 * 1000 } })];

  test("its requests per second and container", () => {
    const metric: AutoscaleMetric = {
      kind: "pods",
      name: "rps",
      averageMilli: 12_500,
      source: of("requestsPerSecond"),
    };
    const { replicas, reasons, failures } = followed({ images, services: [scaled([metric])] });
    expect(replicas).toEqual([8]);
    expect(reasons).toEqual(["pods metric rps above target"]);
    expect(failures, "it ran before the simulation began, and had its metrics").toEqual([]);
  });

  test("its requests per second in all, as an Ingress counts them", () => {
    const metric: AutoscaleMetric = {
      ...{ kind: "object", name: "rps", object: { kind: "Ingress", name: "main" } },
      ...{ target: { kind: "average", milli: 20_000 }, source: of("requestsPerSecond") },
    };
    const { replicas, reasons } = followed({ images, services: [scaled([metric], { replicas: 2 })] });
    expect(replicas).toEqual([5]);
    expect(reasons).toEqual(["external metric rps(nil) above target"]);
  });

  test("its requests in flight, and those that wait", () => {
    // One slot: of 100 requests a second it serves 25, so the queue of 64 is always full.
    const flood = { images, services: [] as ServiceSpec[] };
    const metric = (name: string, source: MetricSource): AutoscaleMetric => ({
      ...{ kind: "external", name, source },
      target: { kind: "value", milli: 32_000 },
    });
    const part = { replicas: 1, slots: 1, queue: 64 };
    const inFlight = scaled([metric("concurrency", of("requestsInFlight"))], part);
    const queued = scaled([metric("queue", of("requestsQueued"))], part);
    const first = (one: ServiceSpec) => followed({ ...flood, duration: MINUTE, services: [one] });
    expect(first(inFlight).replicas[0], "65 ÷ 32").toBeGreaterThanOrEqual(3);
    expect(first(queued).replicas[0], "64 ÷ 32, and again").toBeGreaterThanOrEqual(2);
    expect(first(queued).reasons).toEqual(["external metric queue(nil) above target"]);
  });

  test("another service's load", () => {
    const metric: AutoscaleMetric = {
      ...{ kind: "external", name: "front", target: { kind: "average", milli: 25_000 } },
      source: of("requestsPerSecond", "front"),
    };
    const front = service({ name: "front", traffic: { ...service().traffic, arrivals: constant(100) } });
    const back = scaled([metric], { replicas: 1, arrivals: { kind: "none" } });
    expect(followed({ images, services: [front, back] }).replicas).toEqual([5, 4]);
  });

  test("its use of memory: what the image says, else half of what it reserves and all of it with every slot in use", () => {
    const MEBI = 2 ** 20;
    const memory = (percent: number): AutoscaleMetric => ({
      ...{ kind: "resource", resource: "memory", target: { kind: "utilisation", percent } },
    });
    const idle = (percent: number, given: Scenario["images"]) =>
      followed({
        images: given,
        services: [scaled([memory(percent)], { replicas: 4, memoryBytes: 200 * MEBI, arrivals: { kind: "none" } })],
      }).replicas;
    expect(idle(50, images), "half in use, as wanted").toEqual([4]);
    expect(idle(25, images), "each new one has the same in use: it never gets better").toEqual([10]);
    const lean = images.map((one) => ({ ...one, memory: { baseBytes: 100 * MEBI, perRequestBytes: 0 } }));
    expect(idle(50, lean)).toEqual([4]);
    const busy = images.map((one) => ({ ...one, memory: { baseBytes: 0, perRequestBytes: 100 * MEBI } }));
    const { replicas } = followed({
      images: busy,
      services: [scaled([memory(50)], { replicas: 2, memoryBytes: 200 * MEBI })],
    });
    expect(replicas[0], "4 in flight of 100 Mi each, 100 Mi wanted in each container").toBeGreaterThanOrEqual(3);
  });

  test("a series of values, and grows only while nobody supplies it", () => {
    const points = [
      { at: MINUTE, milli: 60_000 },
      { at: 2 * MINUTE, milli: undefined },
      { at: 12 * MINUTE, milli: 0 },
    ];
    const metric: AutoscaleMetric = {
      ...{ kind: "external", name: "jobs", target: { kind: "average", milli: 10_000 } },
      source: { kind: "series", points },
    };
    const services = [scaled([metric], { replicas: 3, arrivals: { kind: "none" } })];
    const until = (minutes: number) => followed({ images, duration: minutes * MINUTE, services });
    expect(until(1.5).replicas).toEqual([6]);
    expect(until(11).replicas, "missing: no change, though the window is long over").toEqual([6]);
    expect(until(11).failures).toEqual(["FailedGetExternalMetric", "FailedComputeMetricsReplicas"]);
    expect(until(18).replicas).toEqual([1]);
    expect(until(18).reasons).toEqual(["external metric jobs(nil) above target", "All metrics below target"]);
  });

  test("the largest of several, and a pod's metric as a series", () => {
    const pods = (milli: number): AutoscaleMetric => ({
      ...{ kind: "pods", name: "temperature", averageMilli: 10_000 },
      source: { kind: "series", points: [{ at: 0, milli }] },
    });
    const cpu: AutoscaleMetric = { kind: "resource", resource: "cpu", target: { kind: "average", milli: 100 } };
    const services = (milli: number) => [scaled([pods(milli), cpu], { replicas: 5 })];
    // 4 of 20 slots of 125m each are in use: 100m for each of five containers.
    expect(followed({ images, services: services(8_000) }).replicas).toEqual([5]);
    expect(followed({ images, services: services(20_000) }).replicas).toEqual([10]);
  });

  test("with a cold start, its failures until there are metrics", () => {
    const metric: AutoscaleMetric = {
      kind: "pods",
      name: "rps",
      averageMilli: 20_000,
      source: of("requestsPerSecond"),
    };
    const { failures } = followed({ images, services: [scaled([metric], { initially: "cold" })] });
    expect(failures).toEqual(["FailedGetPodsMetric", "FailedComputeMetricsReplicas"]);
  });

  test("the same in a run that is forked while the metrics are half gathered", () => {
    const metric: AutoscaleMetric = {
      ...{ kind: "external", name: "rps", target: { kind: "average", milli: 15_000 } },
      source: of("requestsPerSecond"),
    };
    const surge = { kind: "traffic" as const, service: "shop", factor: 2, for: MINUTE };
    const told = scenario({
      duration: 4 * MINUTE,
      images,
      services: [scaled([metric])],
      timeline: timeline([60, surge]),
    });
    const simulation = new Simulation(told);
    simulation.runUntil(67 * SECOND);
    const fork = simulation.fork();
    const whole = new Simulation(told).run();
    expect(fork.run().summary.digest).toBe(whole.summary.digest);
    expect(simulation.run().summary.digest).toBe(whole.summary.digest);
  });
});
