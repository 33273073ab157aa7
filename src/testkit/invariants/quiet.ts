import type { Scenario, ServiceSpec } from "../../cluster/spec.ts";
import type { Distribution } from "../../kernel/distributions.ts";
import { type Micros, SECOND } from "../../kernel/time.ts";
import type { Simulation } from "../../simulation/simulation.ts";

/** The least time that is given to a cluster to come to rest. */
const LEAST: Micros = 30 * SECOND;

/** When the timeline is over: nothing from outside happens after that. Infinity where something never ends. */
export function lastDisturbance({ timeline, hazards }: Scenario): Micros {
  if (hazards.length > 0) return Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { at, every, action } of timeline) {
    if (every !== undefined) return Number.POSITIVE_INFINITY;
    const hosts = action.kind === "upgrade" ? action.hosts.length * (action.length + LEAST) : 0;
    last = Math.max(last, at + hosts + ("for" in action ? (action.for ?? 0) : 0));
  }
  return last;
}

/**
 * A generous bound for everything that a release takes once faults have stopped: each container one after another.
 *
 * Undefined where none can be given: bad versions, open-ended distributions, people at work, autoscalers.
 */
export function settlingTime(scenario: Scenario): Micros | undefined {
  let bound = LEAST;
  for (const service of scenario.services) {
    // A probe that goes through a busy queue may come and go for ever.
    if (service.autoscale !== undefined || isByPerson(service) || service.readiness.throughQueue) return undefined;
    // One that is held waits for somebody.
    if (isHeldAtTheEnd(scenario, service)) return undefined;
    // One that hangs, or is killed for starting slowly, may never come to rest.
    if (service.liveness !== undefined || service.startupProbe !== undefined) return undefined;
    let startup = 0;
    for (const image of scenario.images) {
      const longest = longestOf(image.startup);
      if (
        !image.ready ||
        image.crash !== undefined ||
        image.hang !== undefined ||
        image.errors > 0 ||
        longest === undefined
      )
        return undefined;
      startup = Math.max(startup, longest);
    }
    const each =
      startup +
      (service.readiness.initialDelay ?? 0) +
      service.readiness.period * (service.readiness.successes + 1) +
      service.shutdown.preStop +
      3 * SECOND;
    bound += each * (mostReplicas(scenario, service) + 2);
  }
  const isLost = scenario.timeline.some(({ action }) => action.kind === "crash" || action.kind === "partition");
  const { unreachableAfter, evictAfter, heartbeat, monitorPeriod } = scenario.cluster.lifecycle;
  return bound + (isLost ? unreachableAfter + evictAfter + heartbeat + monitorPeriod : 0);
}

/** True where nothing stands in the way of rest: hosts up, open and heard, nobody in back-off, nobody without a place. */
export function isUnhindered({ world: { cluster } }: Simulation): boolean {
  const { hosts, containers, registryDowns, controlDowns } = cluster.state;
  if (registryDowns > 0 || controlDowns > 0) return false;
  if (hosts.some((host) => host.downs + host.controlCuts + host.clientCuts + host.slowFactors.length > 0)) return false;
  if (hosts.some((host) => host.cordoned || host.known === "unreachable")) return false;
  return !containers.some(({ phase }) => phase === "backoff" || phase === "pending");
}

function isHeldAtTheEnd({ timeline }: Scenario, { name, paused = false }: ServiceSpec): boolean {
  const last = timeline.findLast(
    ({ action }) => (action.kind === "pause" || action.kind === "resume") && action.service === name,
  );
  return last === undefined ? paused : last.action.kind === "pause";
}

function mostReplicas({ timeline }: Scenario, { name, replicas }: ServiceSpec): number {
  const scales = timeline.flatMap(({ action }) =>
    action.kind === "scale" && action.service === name ? [action.replicas] : [],
  );
  return Math.max(replicas, ...scales);
}

function isByPerson({ strategy }: ServiceSpec): boolean {
  return strategy.name === "by-hand" || strategy.name === "maintenance";
}

function longestOf(startup: Distribution): Micros | undefined {
  if (startup.kind === "constant") return startup.value;
  if (startup.kind === "uniform") return startup.max;
  // As far above the 95 % quantile as that is above the median: 3.3 standard deviations of the logarithm, 1 in 2000.
  return startup.kind === "lognormal" ? (startup.p95 * startup.p95) / startup.median : undefined;
}
