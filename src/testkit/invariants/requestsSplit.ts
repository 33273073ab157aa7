import type { ArrivalsSpec, Scenario, ServiceSpec } from "../../cluster/spec.ts";
import type { RunSummary } from "../../metrics/result.ts";
import type { Invariant } from "../invariant.ts";
import { unlessRefused } from "./calm.ts";
import { unlikeThis } from "./outcome.ts";

/** Standard deviations: a true law is taken for broken in one of a billion questions. */
const SIGMAS = 6;
const TWIN = "half";

/**
 * One stream of requests, given to two services at half the rate each: what arrives is as much in all.
 *
 * Even arrivals: to within two for each time that a rate is set, since each source begins its count anew. Poisson arrivals: within
 * six standard deviations of the difference, √(one + other). Nothing is said of how requests fare: two halves have two
 * services' containers.
 */
export const requestsSplit: Invariant = {
  name: "requests-split",
  statement: "A service's requests split between two services arrive in the same number as before, within chance.",
  appliesTo: "metamorphic",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd: (result) =>
      unlessRefused(() => {
        const [service] = scenario.services;
        const half = service && halved(service.traffic.arrivals);
        if (service === undefined || half === undefined || scenario.warmup > 0) return undefined;
        const halves = rerun(split(scenario, service, half)).summary;
        return unlikeThis(
          result,
          () => rerun(scenario),
          ({ summary }) => mismatch(summary, halves, { service, scenario }),
        );
      }),
  }),
};

function mismatch(
  one: RunSummary,
  two: RunSummary,
  { service, scenario }: { readonly service: ServiceSpec; readonly scenario: Scenario },
): string | undefined {
  const whole = one.services[service.name]?.requests.arrived ?? 0;
  const halves = [service.name, TWIN].map((name) => two.services[name]?.requests.arrived ?? 0);
  const sum = halves.reduce((total, count) => total + count, 0);
  const changes = scenario.timeline.filter(({ action }) => action.kind === "traffic").length;
  const exact = 2 * (1 + 2 * changes);
  const chance = service.traffic.arrivals.kind === "constant" ? 0 : SIGMAS * Math.sqrt(whole + sum);
  if (Math.abs(sum - whole) <= exact + chance) return undefined;
  return `${service.name}: ${whole} requests arrive, and split between two services ${halves.join(" and ")}`;
}

function halved(arrivals: ArrivalsSpec): ArrivalsSpec | undefined {
  switch (arrivals.kind) {
    case "constant":
    case "poisson":
      return { ...arrivals, perSecond: arrivals.perSecond / 2 };
    case "bursts":
      return { ...arrivals, basePerSecond: arrivals.basePerSecond / 2, peakPerSecond: arrivals.peakPerSecond / 2 };
    default:
      return undefined;
  }
}

function split(scenario: Scenario, service: ServiceSpec, arrivals: ArrivalsSpec): Scenario {
  const half = { ...service, traffic: { ...service.traffic, arrivals } };
  const [, ...others] = scenario.services;
  const twin: ServiceSpec = { ...half, name: TWIN, autoscale: undefined };
  return {
    ...scenario,
    services: [half, ...others, twin],
    timeline: scenario.timeline.flatMap((entry) =>
      entry.action.kind === "traffic" && entry.action.service === service.name
        ? [entry, { ...entry, action: { ...entry.action, service: TWIN } }]
        : [entry],
    ),
  };
}
