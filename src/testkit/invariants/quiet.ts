import type { Cluster } from "../../cluster/cluster.ts";
import type { Container } from "../../cluster/containers.ts";
import type { Fact } from "../../cluster/facts.ts";
import type { ImageSpec, ProbeSpec, Scenario, ServiceSpec } from "../../cluster/spec.ts";
import type { Distribution } from "../../kernel/distributions.ts";
import { type Micros, SECOND } from "../../kernel/time.ts";
import type { Simulation } from "../../simulation/simulation.ts";

/** The least time that is given to a cluster to come to rest. */
const LEAST: Micros = 30 * SECOND;

/** When the timeline is over: nothing but hazards comes from outside after that. Infinity where something never ends. */
function lastDisturbance({ timeline }: Scenario): Micros {
  let last = 0;
  for (const { at, every, action } of timeline) {
    if (every !== undefined) return Number.POSITIVE_INFINITY;
    const hosts = action.kind === "upgrade" ? action.hosts.length * (action.length + LEAST) : 0;
    last = Math.max(last, at + hosts + ("for" in action ? (action.for ?? 0) : 0));
  }
  return last;
}

/** When services must have come to rest in a run. */
export interface Rest {
  /** Those of which it can be said. */
  readonly judged: ReadonlySet<string>;
  /** Is told of every fact, at its time. */
  readonly hear: (fact: Fact, now: Micros, cluster: Cluster) => void;
  /** From this time on, as far as is known now; it only ever moves on. Infinity: nothing can be said. */
  readonly from: () => Micros;
}

/**
 * A bound after the last disturbance: of the timeline, and of those of which nobody knows beforehand when they come, hazards,
 * processes that hang, crash or are killed for a probe, and places that are found late.
 *
 * So who is killed again and again for starting slowly puts it off for ever; one that hangs and is not killed hinders
 * (`isUnhindered`).
 */
export function restOf(scenario: Scenario): Rest {
  const services = judgedIn(scenario);
  const judged = new Set(services.map(({ name }) => name));
  const bound = services.length === 0 ? Number.POSITIVE_INFINITY : settlingTime(scenario, services);
  const hasTrouble = scenario.hazards.length > 0 || services.some((service) => hasTroubleWithin(service, scenario));
  const isJudged = ({ service }: Container, cluster: Cluster) => judged.has(cluster.service(service).spec.name);
  /** Found no place when they were first asked for. */
  const refused = new Set<number>();
  let from = lastDisturbance(scenario) + bound;
  return {
    judged,
    hear(fact, now, cluster) {
      if (fact.kind === "container-unschedulable") refused.add(fact.container.id);
      // What somebody else's release leaves behind may be all that one waited for, and that may take any time.
      const isPlacedLate = fact.kind === "container-phase" && fact.from === "pending" && refused.has(fact.container.id);
      const counts =
        OF_HOSTS.has(fact.kind) ||
        (isPlacedLate && isJudged(fact.container, cluster)) ||
        (hasTrouble && isTrouble(fact) && isJudged(fact.container, cluster));
      if (counts) from = Math.max(from, now + bound);
    },
    from: () => from,
  };
}

/**
 * The services that come to rest within a bound: not those with bad versions, open-ended start-ups, people at work or autoscalers,
 * nor those with a probe that goes through a busy queue, which may come and go for ever.
 *
 * They keep what they have whatever the others do, unless those may preempt: then nothing is said of anybody.
 */
function judgedIn(scenario: Scenario): readonly ServiceSpec[] {
  const { services } = scenario;
  const judged = services.filter(
    (service) =>
      service.autoscale === undefined &&
      !isByPerson(service) &&
      !service.readiness.throughQueue &&
      // Errors may call a release back at any time.
      imagesOf(service, scenario).every((it) => it.ready && it.errors === 0 && longestOf(it.startup) !== undefined),
  );
  const arePeers = new Set(services.map(({ priority }) => priority)).size === 1;
  return judged.length === services.length || arePeers ? judged : [];
}

/** All that it may run: its first image, and those that are deployed. */
function imagesOf({ name, image }: ServiceSpec, { images, timeline }: Scenario): readonly ImageSpec[] {
  const deployed = timeline.flatMap(({ action }) =>
    action.kind === "deploy" && action.service === name ? [action.image] : [],
  );
  return images.filter((one) => one.name === image || deployed.includes(one.name));
}

function hasTroubleWithin(service: ServiceSpec, scenario: Scenario): boolean {
  return (
    service.liveness !== undefined ||
    service.startupProbe !== undefined ||
    imagesOf(service, scenario).some(({ hang, crash }) => hang !== undefined || crash !== undefined)
  );
}

/** A hazard, or the end of a fault as the control plane hears of it, which may be long after: only then is it set right. */
const OF_HOSTS: ReadonlySet<Fact["kind"]> = new Set([
  "host-down",
  "host-up",
  "host-mended",
  "host-reachable",
  "host-uncordoned",
]);

/** Something happened to a process that nobody wanted, whoever brought it about, or it begins again after that. */
function isTrouble(fact: Fact): fact is Fact & { readonly container: Container } {
  switch (fact.kind) {
    case "container-hung":
    case "container-condemned":
      return true;
    case "container-died":
      return !fact.container.deleted;
    case "container-phase":
      return fact.from === "backoff" || fact.from === "crashed";
    default:
      return false;
  }
}

/** A generous bound for everything that releases take once faults have stopped: each container one after another. */
function settlingTime(scenario: Scenario, services: readonly ServiceSpec[]): Micros {
  let bound = LEAST;
  for (const service of services) {
    const images = imagesOf(service, scenario);
    const { readiness, startupProbe, shutdown } = service;
    const each =
      Math.max(...images.map(({ startup }) => longestOf(startup) ?? 0)) +
      // Where a start takes longer than this probe allows it ends in a kill, which counts anew.
      (startupProbe === undefined ? 0 : turnsOf(startupProbe)) +
      turnsOf(readiness) +
      shutdown.preStop +
      3 * SECOND;
    // Who hangs does not hear SIGTERM. Several are waited for at once.
    const grace = images.some(({ hang }) => hang !== undefined) ? shutdown.gracePeriod : 0;
    bound += each * (mostReplicas(scenario, service) + 2) + grace;
  }
  const isLost =
    scenario.hazards.length > 0 ||
    scenario.timeline.some(({ action }) => action.kind === "crash" || action.kind === "partition");
  const { heartbeat, monitorPeriod } = scenario.cluster.lifecycle;
  // Until its next lease is seen, who was lost is not known to be back.
  return bound + (isLost ? heartbeat + monitorPeriod : 0);
}

/** How long a probe takes to turn good, at the most, from when the process exists or answers. */
function turnsOf({ initialDelay = 0, period, successes }: ProbeSpec): Micros {
  return initialDelay + period * (successes + 1);
}

/**
 * True where nothing stands in the way of rest: hosts up, open and heard; of the judged services nobody in back-off, hanging, or
 * without a place.
 */
export function isUnhindered({ world: { cluster } }: Simulation, judged: ReadonlySet<string>): boolean {
  const { hosts, containers, registryDowns, controlDowns } = cluster.state;
  if (registryDowns > 0 || controlDowns > 0) return false;
  if (hosts.some((host) => host.downs + host.controlCuts + host.clientCuts + host.slowFactors.length > 0)) return false;
  if (hosts.some((host) => host.cordoned || host.known === "unreachable")) return false;
  return !containers.some(
    ({ phase, hung, condemned, service }) =>
      (phase === "backoff" || phase === "pending" || hung || condemned) &&
      judged.has(cluster.service(service).spec.name),
  );
}

/** Held for good: its rollout waits for somebody. */
export function isHeldAtTheEnd({ timeline }: Scenario, { name, paused = false }: ServiceSpec): boolean {
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
