import type { HostSpec, ImageSpec, ServiceSpec, SloSpec, Toleration } from "../cluster/spec.ts";
import type { ImageForm } from "./imageSchema.ts";
import { valueAt } from "./issues.ts";
import { below, type Spot } from "./parts.ts";
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
  };
}

/** A service with its references checked and its files read. */
export function readService(name: string, form: ServiceForm, spot: Spot, reading: Reading): ServiceSpec {
  const { path, findings } = spot;
  checkName(reading, [...path, "image"], form.image, { word: "an image", known: reading.names.images });
  warnOfUnsimulated(form, spot);
  const { routing } = form;
  const propagation = resolveDistribution(reading, [...path, "routing", "propagation"], routing.propagation);
  if (form.shutdown.preStop > form.shutdown.gracePeriod) {
    findings.warn(
      [...path, "shutdown"],
      "preStop is longer than gracePeriod: SIGTERM comes when the grace is over, and SIGKILL two seconds later",
    );
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
    shutdown: form.shutdown,
    routing: { ...routing, propagation },
    strategy: checkPlugin(form.strategy, below(spot, "strategy"), {
      word: "a strategy",
      known: reading.catalog.strategies,
    }),
    slo: sloOf(form.slo),
    traffic: readTraffic(form.traffic, below(spot, "traffic"), reading),
    initially: form.initially,
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
  if (form.tolerationSeconds !== undefined) {
    spot.findings.warn(
      [...spot.path, "tolerationSeconds"],
      "is not simulated yet: cluster.lifecycle.evictAfter holds for all",
    );
  }
  return { key, operator, value, effect };
}

/** What is taken in from Kubernetes and has no effect is named, never dropped in silence. */
function warnOfUnsimulated(form: ServiceForm, { path, findings }: Spot): void {
  const isEmpty = (value: unknown) =>
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
  if (!isEmpty(form.affinity))
    findings.warn([...path, "affinity"], "is not simulated yet: use spread, nodeSelector and taints");
  if (!isEmpty(form.topologySpreadConstraints)) {
    findings.warn([...path, "topologySpreadConstraints"], "is not simulated yet: use spread");
  }
  if (!isEmpty(form.budget)) {
    findings.warn(
      [...path, "budget"],
      "a disruption budget is not simulated yet: nothing drains hosts, so it would never be asked",
    );
  }
  if (!isEmpty(form.autoscale) && form.autoscale !== "none") {
    findings.warn([...path, "autoscale"], "autoscaling is not simulated yet: use timeline entries with scale");
  }
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
