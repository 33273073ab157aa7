import type { ArrivalsSpec, Scenario } from "../../src/cluster/spec.ts";
import type { Distribution } from "../../src/kernel/distributions.ts";
import { HOUR, MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const ms = MILLISECOND;

/** Every kind of distribution, around 40 ms. */
const DISTRIBUTIONS: readonly Distribution[] = [
  { kind: "constant", value: 40 * ms },
  { kind: "uniform", min: 10 * ms, max: 70 * ms },
  { kind: "exponential", mean: 40 * ms },
  { kind: "normal", mean: 40 * ms, sd: 10 * ms },
  { kind: "lognormal", median: 30 * ms, p95: 100 * ms },
  { kind: "gamma", mean: 40 * ms, cv: 1.3 },
  { kind: "weibull", shape: 0.8, scale: 40 * ms },
  { kind: "pareto", min: 10 * ms, shape: 1.7 },
  { kind: "empirical", values: [10 * ms, 20 * ms, 90 * ms] },
];

/** Every kind of arrivals, some dozens a second. */
const ARRIVALS: readonly ArrivalsSpec[] = [
  { kind: "constant", perSecond: 60 },
  { kind: "poisson", perSecond: 60 },
  { kind: "ramp", fromPerSecond: 0, toPerSecond: 90, over: MINUTE },
  { kind: "daily", meanPerSecond: 50, peakPerSecond: 90, peakAt: HOUR },
  { kind: "bursts", basePerSecond: 20, peakPerSecond: 200, every: 30 * SECOND, length: 5 * SECOND },
  { kind: "users", count: 40, think: { kind: "lognormal", median: 300 * ms, p95: 2 * SECOND } },
];

const BALANCERS = ["round-robin", "random", "least-requests", "two-choices"] as const;
const STRATEGIES = ["rolling", "recreate", "blue-green", "maintenance", "by-hand"] as const;

/** Scenarios that draw from every distribution and walk every path of the engine. */
export function varied(): Scenario[] {
  return DISTRIBUTIONS.map((distribution, i) => {
    const base = service();
    const arrivals = ARRIVALS[i % ARRIVALS.length] as ArrivalsSpec;
    return scenario({
      seed: 1000 + i,
      duration: 4 * MINUTE,
      warmup: 10 * SECOND,
      cluster: { ...scenario().cluster, hosts: hosts(5, { bandwidthBytesPerSecond: 30 * 2 ** 20 }) },
      images: [
        image("shop:v1", { service: distribution }),
        image("shop:v2", {
          service: distribution,
          startup: { kind: "gamma", mean: 3 * SECOND, cv: 0.7 },
          errors: 0.02,
          crash: { kind: "weibull", shape: 1.5, scale: 100 * SECOND },
        }),
      ],
      services: [
        service({
          strategy: { name: STRATEGIES[i % STRATEGIES.length] as string, settings: {} },
          routing: { ...base.routing, balancer: BALANCERS[i % BALANCERS.length] as "random", balancers: 1 + (i % 3) },
          traffic: {
            arrivals,
            timeout: SECOND,
            retries: { max: 2, backoff: { kind: "exponential", mean: 100 * ms }, budget: 0.2 },
            cancel: i % 2 === 0,
          },
          slo: { availability: 0.999, latency: [{ percentile: "p99", below: 500 * ms }] },
        }),
      ],
      timeline: timeline(
        [30, deploy("shop:v2")],
        [90, crashHost("host-2", 45)],
        [150, { kind: "rollback", service: "shop" }],
      ),
      hazards: [
        {
          kind: "renewal",
          index: 0,
          what: "hosts",
          only: [],
          every: { kind: "exponential", mean: 3 * MINUTE },
          for: { kind: "pareto", min: 5 * SECOND, shape: 2 },
        },
      ],
    });
  });
}
