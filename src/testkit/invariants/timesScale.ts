import type { ArrivalsSpec, ImageSpec, Scenario, ServiceSpec, TimelineAction } from "../../cluster/spec.ts";
import { parseDuration } from "../../fields/duration.ts";
import type { Distribution } from "../../kernel/distributions.ts";
import { formatDuration, MILLISECOND, type Micros, toSeconds } from "../../kernel/time.ts";
import type { RolloutSummary, RunSummary, ServiceSummary } from "../../metrics/result.ts";
import type { Invariant } from "../invariant.ts";
import { keeping, unlessRefused, withoutChance } from "./calm.ts";
import { endOf } from "./outcome.ts";

/** A run is held against one that takes so many times as long. */
const FACTOR = 3;
/** Phases of probes are cut to whole µs before they are multiplied, each by less than one: more than all of them together. */
const TOLERANCE: Micros = FACTOR * MILLISECOND;
/** Strategies whose every time is a setting; waits in steps of a canary are too, but its router has times of its own. */
const KNOWN: ReadonlySet<string> = new Set(["rolling", "recreate"]);
const ACTIONS: ReadonlySet<TimelineAction["kind"]> = new Set([
  "deploy",
  "rollback",
  "scale",
  "cordon",
  "uncordon",
  "slow",
]);

/**
 * A dimension is not forgotten anywhere: what is three times as long in, is three times as long out.
 *
 * Kubernetes' own constants (back-off, eviction rates, scrapes) do not scale, so that the law is asked of the scenario without
 * what leads to them: faults, drains, autoscalers, retries, users. Chance is taken out of durations, since a draw is rounded
 * before it is multiplied; requests come evenly.
 */
export const timesScale: Invariant = {
  name: "times-scale",
  statement:
    "With every duration of a calm scenario three times as long, rollouts take three times as long, and end alike.",
  appliesTo: "metamorphic",
  needsRuns: true,
  saysLittle: true,
  start: ({ scenario }, rerun) => ({
    atEnd: () =>
      unlessRefused(() => {
        if (!scenario.services.every(({ strategy }) => KNOWN.has(strategy.name))) return undefined;
        const calm = calmed(scenario);
        let waitsAtFirst = false;
        const one = rerun(calm, (simulation) => {
          waitsAtFirst = simulation.world.cluster.state.containers.some(({ phase }) => phase === "pending");
          return endOf(simulation);
        }).summary;
        // When a container that found no place is tried again is a constant of Kubernetes too.
        if (
          waitsAtFirst ||
          Object.values(one.services).some(({ containers }) => containers.unschedulable + containers.restarts > 0)
        )
          return undefined;
        return mismatch(one, rerun(scaled(calm)).summary);
      }),
  }),
};

function mismatch(one: RunSummary, other: RunSummary): string | undefined {
  for (const [name, service] of Object.entries(one.services)) {
    const twin = other.services[name];
    const why = twin && otherThan(service, twin);
    if (why !== undefined) return `${name}: ${why}`;
  }
  return undefined;
}

function otherThan(one: ServiceSummary, other: ServiceSummary): string | undefined {
  for (const [place, rollout] of one.rollouts.entries()) {
    const twin = other.rollouts[place];
    if (twin?.outcome !== rollout.outcome)
      return `the rollout to ${rollout.to}: ${rollout.outcome}, then ${twin?.outcome}`;
    for (const when of ["startS", "endS"] as const) {
      const off = Math.abs((twin[when] ?? 0) - FACTOR * (rollout[when] ?? 0));
      if (off > toSeconds(TOLERANCE)) return `the rollout to ${rollout.to}: ${when} ${timesOf(rollout, twin, when)}`;
    }
  }
  const [peak, twins] = [one.containers.peak, other.containers.peak];
  return peak === twins ? undefined : `at most ${peak} containers, then ${twins}`;
}

function timesOf(one: RolloutSummary, other: RolloutSummary, when: "startS" | "endS"): string {
  return `${one[when]}, then ${other[when]} instead of ${FACTOR * (one[when] ?? 0)}`;
}

function calmed(scenario: Scenario): Scenario {
  return {
    ...keeping(scenario, ({ kind }) => ACTIONS.has(kind)),
    hazards: [],
    images: scenario.images.map(
      (image): ImageSpec => ({
        ...image,
        startup: withoutChance(image.startup),
        service: withoutChance(image.service),
        errors: 0,
        crash: undefined,
        hang: undefined,
      }),
    ),
    services: scenario.services.map(
      (service): ServiceSpec => ({
        ...service,
        autoscale: undefined,
        routing: { ...service.routing, propagation: withoutChance(service.routing.propagation), outlier: undefined },
        readiness: { ...service.readiness, throughQueue: false, timeout: undefined },
        liveness: undefined,
        startupProbe: undefined,
        traffic: { ...service.traffic, retries: undefined, arrivals: evenly(service.traffic.arrivals) },
      }),
    ),
  };
}

function evenly(arrivals: ArrivalsSpec): ArrivalsSpec {
  return arrivals.kind === "poisson" || arrivals.kind === "constant"
    ? { kind: "constant", perSecond: arrivals.perSecond }
    : { kind: "none" };
}

/** Every time in a map or a list, however deep: `5s` is one, `25%` and `5` are none. */
function settingsScaled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settingsScaled);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, settingsScaled(inner)]));
  const written = typeof value === "string" && !/^\d+$/.test(value) ? parseDuration(value) : undefined;
  return written?.ok === true ? formatDuration(FACTOR * written.value) : value;
}

function scaled(scenario: Scenario): Scenario {
  const { lifecycle, control, hosts } = scenario.cluster;
  return {
    ...scenario,
    duration: FACTOR * scenario.duration,
    warmup: FACTOR * scenario.warmup,
    cluster: {
      ...scenario.cluster,
      lifecycle: timesOfMap(lifecycle),
      control: timesOfMap(control),
      hosts: hosts.map((host) => ({ ...host, bandwidthBytesPerSecond: host.bandwidthBytesPerSecond / FACTOR })),
    },
    images: scenario.images.map((image) => ({
      ...image,
      startup: longer(image.startup),
      service: longer(image.service),
    })),
    services: scenario.services.map(serviceScaled),
    timeline: scenario.timeline.map(({ at, action, ...entry }) => ({
      ...entry,
      at: FACTOR * at,
      action: actionScaled(action),
    })),
  };
}

function serviceScaled(service: ServiceSpec): ServiceSpec {
  const { readiness, shutdown, routing, traffic, strategy } = service;
  const { arrivals } = traffic;
  const { healthCheck } = routing;
  return {
    ...service,
    strategy: { ...strategy, settings: settingsScaled(strategy.settings) as typeof strategy.settings },
    readiness: {
      ...readiness,
      period: FACTOR * readiness.period,
      initialDelay: FACTOR * (readiness.initialDelay ?? 0),
    },
    shutdown: timesOfMap(shutdown),
    routing: {
      ...routing,
      network: FACTOR * routing.network,
      connectTimeout: FACTOR * routing.connectTimeout,
      propagation: longer(routing.propagation),
      healthCheck: healthCheck && { ...healthCheck, period: FACTOR * healthCheck.period },
    },
    traffic: {
      ...traffic,
      timeout: FACTOR * traffic.timeout,
      arrivals: arrivals.kind === "constant" ? { ...arrivals, perSecond: arrivals.perSecond / FACTOR } : arrivals,
    },
  };
}

function actionScaled(action: TimelineAction): TimelineAction {
  return "for" in action && action.for !== undefined ? { ...action, for: FACTOR * action.for } : action;
}

function longer(distribution: Distribution): Distribution {
  return distribution.kind === "constant" ? { kind: "constant", value: FACTOR * distribution.value } : distribution;
}

function timesOfMap<Times extends object>(times: Times): Times {
  return Object.fromEntries(Object.entries(times).map(([key, time]) => [key, FACTOR * Number(time)])) as Times;
}
