import type { HostSpec, ImageSpec, ServiceSpec, SloSpec, Toleration } from "../cluster/spec.ts";
import { SECOND } from "../kernel/time.ts";
import { readAutoscale } from "./autoscaleReader.ts";
import type { ImageForm } from "./imageSchema.ts";
import { valueAt } from "./issues.ts";
import { below, type Spot } from "./parts.ts";
import { readPodTemplate } from "./podTemplateReader.ts";
import { checkName, checkPlugin, type Reading, resolveDistribution } from "./reading.ts";
import { type ServiceForm, serviceSchema } from "./serviceSchema.ts";
import { readTraffic } from "./trafficReader.ts";

/** An image with its files read. */
export function readImage(name: string, form: ImageForm, spot: Spot, reading: Reading): ImageSpec {
  const resolve = (key: "startup" | "service") => resolveDistribution(reading, [...spot.path, key], form[key]);
  return {
    name,
    sizeBytes: form.size,
    startup: resolve("startup"),
    service: resolve("service"),
    errors: form.errors,
    crash: form.crash === undefined ? undefined : resolveDistribution(reading, [...spot.path, "crash"], form.crash),
    ready: form.ready,
    hang: form.hang === undefined ? undefined : resolveDistribution(reading, [...spot.path, "hang"], form.hang),
    ...(form.memory === undefined ? {} : { memory: form.memory }),
  };
}

/** The built-in strategies that no pause holds, as their Kubernetes kinds have none. */
const NOT_HELD_BY_PAUSE: readonly string[] = ["maintenance", "by-hand", "stateful-set", "daemon-set", "on-delete"];

/** A service with its references checked and its files read. */
export function readService(name: string, form: ServiceForm, spot: Spot, reading: Reading): ServiceSpec {
  const { path, findings } = spot;
  checkName(reading, [...path, "image"], form.image, { word: "an image", known: reading.names.images });
  const { routing } = form;
  const propagation = resolveDistribution(reading, [...path, "routing", "propagation"], routing.propagation);
  if (form.shutdown.preStop > form.shutdown.gracePeriod) {
    findings.warn(
      [...path, "shutdown"],
      "preStop is longer than gracePeriod: SIGTERM comes when the grace is over, and SIGKILL two seconds later",
    );
  }
  if (form.paused === true && NOT_HELD_BY_PAUSE.includes(form.strategy.name)) {
    findings.warn([...path, "paused"], `has no effect under ${form.strategy.name}, which knows no pause`);
  }
  return {
    name,
    image: form.image,
    replicas: form.replicas,
    cpuMillicores: form.cpu,
    memoryBytes: form.memory,
    slots: form.slots,
    queue: form.queue,
    spread: form.spread,
    priority: form.priority,
    nodeSelector: form.nodeSelector,
    tolerations: form.tolerations.map((toleration, i) => readToleration(toleration, below(spot, "tolerations", i))),
    readiness: form.readiness,
    liveness: form.liveness,
    startupProbe: form.startupProbe,
    shutdown: form.shutdown,
    routing: { ...routing, propagation },
    strategy: checkPlugin(form.strategy, below(spot, "strategy"), {
      word: "a strategy",
      known: reading.catalog.strategies,
    }),
    slo: sloOf(form.slo),
    traffic: readTraffic(form.traffic, below(spot, "traffic"), reading),
    initially: form.initially,
    workload: form.workload,
    podManagement: form.podManagement,
    paused: form.paused,
    budget: form.budget,
    autoscale: readAutoscale(form.autoscale, below(spot, "autoscale"), reading),
    pod: readPodTemplate(name, form, spot),
  };
}

/** Of a service with problems, checks what can be told all the same: the reader reports everything in one go. */
export function checkBrokenService(raw: unknown, spot: Spot, reading: Reading): void {
  const image = valueAt(raw, ["image"]);
  if (typeof image === "string") {
    checkName(reading, [...spot.path, "image"], image, { word: "an image", known: reading.names.images });
  }
  const strategy = serviceSchema.shape.strategy.safeParse(valueAt(raw, ["strategy"]));
  if (strategy.success) {
    checkPlugin(strategy.data, below(spot, "strategy"), { word: "a strategy", known: reading.catalog.strategies });
  }
  const traffic = serviceSchema.shape.traffic.safeParse(valueAt(raw, ["traffic"]));
  if (traffic.success) readTraffic(traffic.data, below(spot, "traffic"), reading);
}

function readToleration(form: ServiceForm["tolerations"][number], spot: Spot): Toleration {
  const { key, operator, value, effect } = form;
  if (operator === "Exists" && value !== undefined) {
    spot.findings.problem(
      [...spot.path, "value"],
      "found a value with operator Exists, expected none (as Kubernetes does)",
    );
  }
  if (operator === "Equal" && key === undefined) {
    spot.findings.problem(
      spot.path,
      "found no key with operator Equal, expected a key (or operator: Exists for every taint)",
    );
  }
  const { tolerationSeconds: stays } = form;
  // Kubernetes takes less than nothing as nothing, and looks at it with NoExecute only.
  const evictAfter = stays === undefined || effect !== "NoExecute" ? {} : { evictAfter: Math.max(0, stays) * SECOND };
  return { key, operator, value, effect, ...evictAfter };
}

function sloOf(form: ServiceForm["slo"]): SloSpec | undefined {
  if (form === undefined) return undefined;
  const { latency } = form;
  const limits = [
    { percentile: "p50", below: latency.p50 },
    { percentile: "p90", below: latency.p90 },
    { percentile: "p95", below: latency.p95 },
    { percentile: "p99", below: latency.p99 },
    { percentile: "p999", below: latency.p999 ?? latency["p99.9"] },
  ] as const;
  return {
    availability: form.availability,
    latency: limits.flatMap(({ percentile, below: limit }) =>
      limit === undefined ? [] : [{ percentile, below: limit }],
    ),
  };
}

/** Warns of containers that no host is big enough for: they would wait for ever. */
export function warnOfGiants(services: readonly ServiceSpec[], hosts: readonly HostSpec[], spot: Spot): void {
  for (const service of services) {
    const fits = (host: HostSpec) =>
      host.cpuMillicores >= service.cpuMillicores && host.memoryBytes >= service.memoryBytes;
    if (!hosts.some(fits)) {
      spot.findings.warn(
        [...spot.path, service.name],
        "no host has the cpu and memory that one container reserves: none will ever run",
      );
    }
  }
}
