import type { PodTemplate } from "../cluster/podTemplate.ts";
import type { BudgetSpec, SharedBudgetSpec } from "../cluster/policies.ts";
import type { ArrivalsSpec, HazardSpec, Scenario, ServiceSpec, TrafficSpec, VitalProbeSpec } from "../cluster/spec.ts";
import type { CountOrPercent } from "../fields/countOrPercent.ts";
import { formatDistribution } from "../fields/distribution.ts";
import { formatDuration as time } from "../kernel/time.ts";
import { treeOfAutoscale } from "./writeAutoscale.ts";
import { treeOfHosts } from "./writeHosts.ts";
import type { Branch, Tree } from "./writePruned.ts";
import { treeOfEntry } from "./writeTimeline.ts";
import { bytes, cores, defined, treeOfPlugin } from "./writeUnits.ts";

/** Everything that a scenario says, in the words of the file, defaults too. */
export function treeOfScenario(scenario: Scenario): Tree {
  const { cluster } = scenario;
  return {
    name: scenario.name,
    description: scenario.description,
    seed: scenario.seed,
    duration: time(scenario.duration),
    warmup: time(scenario.warmup),
    cluster: {
      hosts: treeOfHosts(cluster.hosts),
      lifecycle: {
        heartbeat: time(cluster.lifecycle.heartbeat),
        monitorPeriod: time(cluster.lifecycle.monitorPeriod),
        unreachableAfter: time(cluster.lifecycle.unreachableAfter),
        evictAfter: time(cluster.lifecycle.evictAfter),
      },
      control: { reaction: time(cluster.control.reaction), scheduling: time(cluster.control.scheduling) },
      scheduler: treeOfPlugin(cluster.scheduler),
    },
    images: Object.fromEntries(
      scenario.images.map((image) => [
        image.name,
        defined({
          size: bytes(image.sizeBytes),
          startup: formatDistribution(image.startup),
          service: formatDistribution(image.service),
          errors: image.errors,
          crash: image.crash === undefined ? "never" : formatDistribution(image.crash),
          ready: image.ready,
          hang: image.hang === undefined ? "never" : formatDistribution(image.hang),
          memory: image.memory && {
            base: bytes(image.memory.baseBytes),
            perRequest: bytes(image.memory.perRequestBytes),
          },
        }),
      ]),
    ),
    services: Object.fromEntries(scenario.services.map((service) => [service.name, treeOfService(service)])),
    expect: [...scenario.expect],
    ...(scenario.budgets === undefined ? {} : { budgets: scenario.budgets.map(treeOfSharedBudget) }),
    timeline: scenario.timeline.map(treeOfEntry),
    hazards: scenario.hazards.map(treeOfHazard),
  };
}

function treeOfService(service: ServiceSpec): Tree {
  const { readiness, liveness, startupProbe, shutdown, routing } = service;
  return defined({
    image: service.image,
    replicas: service.replicas,
    cpu: cores(service.cpuMillicores),
    memory: bytes(service.memoryBytes),
    slots: service.slots,
    queue: service.queue,
    spread: service.spread.required ? { ...service.spread } : service.spread.over,
    priority: service.priority,
    nodeSelector: { ...service.nodeSelector },
    tolerations: service.tolerations.map((toleration) => defined({ ...toleration })),
    readiness: readiness.absent === true ? "none" : treeOfProbe(readiness),
    liveness: liveness && treeOfProbe(liveness),
    startupProbe: startupProbe && treeOfProbe(startupProbe),
    shutdown: { preStop: time(shutdown.preStop), gracePeriod: time(shutdown.gracePeriod) },
    routing: {
      balancer: routing.balancer,
      balancers: routing.balancers,
      propagation: formatDistribution(routing.propagation),
      network: time(routing.network),
      connectTimeout: time(routing.connectTimeout),
      healthCheck: routing.healthCheck ? { ...routing.healthCheck, period: time(routing.healthCheck.period) } : "none",
      outlier: routing.outlier ? { ...routing.outlier, ejection: time(routing.outlier.ejection) } : "none",
    },
    strategy: treeOfPlugin(service.strategy),
    workload: service.workload,
    podManagement: service.podManagement,
    paused: service.paused,
    budget: service.budget && treeOfBudget(service.budget),
    autoscale: service.autoscale && treeOfAutoscale(service.autoscale),
    pod: service.pod && treeOfPod(service.pod),
    slo: service.slo && treeOfSlo(service.slo),
    traffic: treeOfTraffic(service.traffic),
    initially: service.initially,
  });
}

function treeOfProbe({ period, successes, failures, throughQueue, ...rest }: VitalProbeSpec): Tree {
  return defined({
    period: time(period),
    successes,
    failures,
    throughQueue,
    initialDelay: rest.initialDelay === undefined ? undefined : time(rest.initialDelay),
    timeout: rest.timeout === undefined ? undefined : time(rest.timeout),
    gracePeriod: rest.gracePeriod === undefined ? undefined : time(rest.gracePeriod),
  });
}

/** It came from YAML, so YAML can say it. */
function treeOfPod({ ownerSelector, ...pod }: PodTemplate): Tree {
  return structuredClone(ownerSelector === undefined ? pod : { ...pod, ownerSelector }) as Tree;
}

function treeOfSlo({ availability, latency }: NonNullable<ServiceSpec["slo"]>): Tree {
  return defined({
    availability,
    latency: Object.fromEntries(latency.map(({ percentile, below }) => [percentile, time(below)])),
  });
}

function treeOfBudget({ minAvailable, maxUnavailable, unhealthy }: BudgetSpec): Tree {
  return defined({
    minAvailable: minAvailable && amount(minAvailable),
    maxUnavailable: maxUnavailable && amount(maxUnavailable),
    unhealthy,
  });
}

function treeOfSharedBudget({ services, ...limits }: SharedBudgetSpec): Tree {
  return { services: [...services], ...treeOfBudget(limits) };
}

function amount({ kind, value }: CountOrPercent): Branch {
  return kind === "count" ? value : `${value}%`;
}

function treeOfTraffic({ arrivals, timeout, retries, cancel }: TrafficSpec): Tree {
  return {
    arrivals: treeOfArrivals(arrivals),
    timeout: time(timeout),
    retries: retries === undefined ? 0 : { ...retries, backoff: formatDistribution(retries.backoff) },
    cancel,
  };
}

function treeOfArrivals(arrivals: ArrivalsSpec): Branch {
  switch (arrivals.kind) {
    case "none":
      return "none";
    case "constant":
    case "poisson":
      return `${arrivals.kind}(${arrivals.perSecond}/s)`;
    case "ramp":
      return `ramp(${arrivals.fromPerSecond}/s, ${arrivals.toPerSecond}/s, over=${time(arrivals.over)})`;
    case "daily":
      return `daily(mean=${arrivals.meanPerSecond}/s, peak=${arrivals.peakPerSecond}/s, at=${time(arrivals.peakAt)})`;
    case "bursts": {
      const { basePerSecond, peakPerSecond, every, length } = arrivals;
      return `bursts(base=${basePerSecond}/s, peak=${peakPerSecond}/s, every=${time(every)}, for=${time(length)})`;
    }
    case "users":
      return `users(${arrivals.count}, think=${formatDistribution(arrivals.think)})`;
    case "phases":
      return arrivals.phases.map((phase) => ({ for: time(phase.length), arrivals: treeOfArrivals(phase.arrivals) }));
    case "trace":
    case "replay":
      throw new Error(
        `arrivals from a file (${arrivals.kind}) cannot be written back: the file is not part of a scenario`,
      );
  }
}

function treeOfHazard(hazard: HazardSpec): Tree {
  if (hazard.kind === "outages") throw new Error("recorded outages cannot be written back: they come from a file");
  return {
    [hazard.what]: defined({
      every: formatDistribution(hazard.every),
      for: hazard.for && formatDistribution(hazard.for),
      only: [...hazard.only],
    }),
  };
}
