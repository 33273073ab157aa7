import { z } from "zod";
import { NO_READINESS } from "../cluster/probes.ts";
import type { ReadinessSpec, SpreadSpec } from "../cluster/spec.ts";
import { distributionForm } from "../fields/distribution.ts";
import { duration, positiveDuration } from "../fields/duration.ts";
import { choice, trueOrFalse, wholeNumber } from "../fields/number.ts";
import { cpu, share, size } from "../fields/quantity.ts";
import { autoscale } from "./autoscaleSchema.ts";
import { MOST_THINGS } from "./clusterSchema.ts";
import { anything, plugin, reference, text, textsByName } from "./names.ts";
import { budget, pod, podManagement, workload } from "./policySchema.ts";
import { trafficSchema } from "./trafficSchema.ts";

const count = wholeNumber({ from: 1, to: 1000 });
const SPREADS = ["host", "zone", "none"] as const;

const spread = z
  .union([
    choice(SPREADS),
    z.strictObject({
      over: choice(SPREADS).describe("What the containers are spread over."),
      required: trueOrFalse
        .default(false)
        .describe(
          "True: rather wait than let one hold two more than another (Kubernetes' maxSkew: 1). False: only a preference.",
        ),
    }),
  ])
  .transform((given): SpreadSpec => (typeof given === "string" ? { over: given, required: false } : given))
  .prefault("host")
  .describe("What the containers are spread over: host, zone or none; or { over: host, required: true }.");

const toleration = z.strictObject({
  key: text.optional().describe("The taint's key; without it, every key (with operator Exists)."),
  operator: choice(["Equal", "Exists"]).default("Equal").describe("Whether the value must be equal, or any will do."),
  value: text.optional().describe("The taint's value."),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .optional()
    .describe("The effect tolerated; without it, every effect."),
  tolerationSeconds: z
    .int()
    .min(-2_147_483_648)
    .max(2_147_483_647)
    .optional()
    .describe("Of NoExecute: how many seconds a container stays on a tainted host; without it, for ever."),
});

const probeTiming = {
  period: positiveDuration.prefault("10s").describe("How often the probe asks (Kubernetes: 10s)."),
  failures: wholeNumber({ from: 1, to: MOST_THINGS })
    .default(3)
    .describe("Missed this often in a row, it has failed (Kubernetes: 3)."),
  throughQueue: trueOrFalse
    .default(false)
    .describe("True: a probe is a request like any other, and a container whose queue is full misses it."),
  initialDelay: duration
    .optional()
    .describe("From the start of the process until it may ask first; without it, 0s (Kubernetes)."),
  timeout: positiveDuration
    .optional()
    .describe("How long it waits for a process that hangs; without it, 1s (Kubernetes)."),
};

const readiness = z
  .union([
    choice(["none"]),
    z.strictObject({
      ...probeTiming,
      successes: count.default(1).describe("Passed this often in a row, the container is ready (Kubernetes: 1)."),
    }),
  ])
  .transform((given): ReadinessSpec => (given === "none" ? NO_READINESS : given))
  .prefault({})
  .describe("The readiness probe: a map; or none, and a container is ready as soon as it runs.");

const vitalProbe = z
  .union([
    choice(["none"]),
    z.strictObject({
      ...probeTiming,
      successes: wholeNumber({ from: 1, to: 1 }).default(1).describe("Always 1, as in Kubernetes."),
      gracePeriod: duration.optional().describe("From the kill's decision to SIGKILL; without it, that of shutdown."),
    }),
  ])
  .transform((given) => (given === "none" ? undefined : given))
  .prefault("none");

const shutdown = z
  .strictObject({
    preStop: duration.prefault("0s").describe("Pause before SIGTERM, while requests are still taken."),
    gracePeriod: duration
      .prefault("30s")
      .describe("From the decision to stop to SIGKILL; preStop counts within it (Kubernetes: 30s)."),
  })
  .prefault({})
  .describe("How a container stops.");

const healthCheck = z
  .union([
    choice(["none"]),
    z.strictObject({
      period: positiveDuration.prefault("2s").describe("How often a balancer asks each container."),
      failures: count.default(3).describe("Failed this often in a row, a container is taken out."),
      passes: count.default(2).describe("Passed this often in a row, it comes back."),
    }),
  ])
  .transform((given) => (given === "none" ? undefined : given))
  .prefault("none")
  .describe("The balancers' own health checks: none, or a map.");

const outlier = z
  .union([
    choice(["none"]),
    z.strictObject({
      consecutive: count.default(5).describe("Failed attempts in a row that put a container out."),
      ejection: positiveDuration.prefault("30s").describe("For how long it is out."),
      maxEjected: share.prefault("10%").describe("At most this share of the view is out at once; one may always be."),
    }),
  ])
  .transform((given) => (given === "none" ? undefined : given))
  .prefault("none")
  .describe("Passive ejection after failed attempts (Envoy's outlier detection): none, or a map.");

const routing = z
  .strictObject({
    balancer: choice(["round-robin", "random", "least-requests", "two-choices"])
      .default("round-robin")
      .describe("How a balancer picks a container."),
    balancers: wholeNumber({ from: 1, to: 1000 })
      .default(1)
      .describe("How many balancers there are, each with its own view."),
    propagation: distributionForm
      .prefault("lognormal(median=500ms, p95=2s)")
      .describe("Time that a change of the endpoints takes to reach one balancer."),
    network: duration.prefault("500us").describe("One way through the network."),
    connectTimeout: positiveDuration.prefault("1s").describe("How long a client waits for a connection."),
    healthCheck,
    outlier,
  })
  .prefault({})
  .describe("The way from clients to containers.");

const latencyLimit = positiveDuration.optional();

const slo = z
  .strictObject({
    availability: share.optional().describe("Share of the requests that must succeed."),
    latency: z
      .strictObject({
        p50: latencyLimit.describe("Limit of the median latency."),
        p90: latencyLimit.describe("Limit of the 90 % quantile."),
        p95: latencyLimit.describe("Limit of the 95 % quantile."),
        p99: latencyLimit.describe("Limit of the 99 % quantile."),
        "p99.9": latencyLimit.describe("Limit of the 99.9 % quantile."),
        p999: latencyLimit.describe("The same as p99.9."),
      })
      .prefault({})
      .describe("Limits of latency quantiles, retries included."),
  })
  .optional()
  .describe("The service level objective.");

/** A service: what runs, how much of it, and who asks it. */
export const serviceSchema = z
  .strictObject({
    image: reference.describe("The image that runs when the simulation begins."),
    replicas: wholeNumber({ from: 0, to: MOST_THINGS })
      .default(1)
      .describe("How many containers are wanted (Kubernetes: 1)."),
    cpu: cpu.describe("Cores that each container reserves."),
    memory: size.describe("Memory that each container reserves."),
    slots: wholeNumber({ from: 1, to: MOST_THINGS })
      .default(1)
      .describe("Requests that a container serves at the same time."),
    queue: wholeNumber({ from: 0, to: 1_000_000 }).default(0).describe("Requests that may wait in a container."),
    spread,
    priority: wholeNumber({ from: -2_147_483_648, to: 2_147_483_647 })
      .default(0)
      .describe("Priority in the scheduler's queue: higher goes first."),
    nodeSelector: textsByName.prefault({}).describe("Labels that a host must have, as Kubernetes writes them."),
    tolerations: z.array(toleration).prefault([]).describe("Taints that do not matter, as Kubernetes writes them."),
    affinity: anything.optional().describe("Kubernetes' affinity, as it writes it; acts with scheduler: kubernetes."),
    topologySpreadConstraints: anything
      .optional()
      .describe("Kubernetes' constraints, as it writes them; act with scheduler: kubernetes (elsewhere use spread)."),
    pod,
    readiness,
    liveness: vitalProbe.describe(
      "The liveness probe: none, or a map. A container that fails it is killed and restarted.",
    ),
    startupProbe: vitalProbe.describe(
      "The startup probe: none, or a map. The others wait for it; a container that fails it is killed and restarted.",
    ),
    shutdown,
    routing,
    strategy: plugin
      .prefault("rolling")
      .describe("The deployment strategy: a name, or a name with its settings, as { rolling: { maxSurge: 25% } }."),
    paused: trueOrFalse
      .optional()
      .describe("True: its releases are held from the beginning, until the timeline's resume (Kubernetes' paused)."),
    workload,
    podManagement,
    budget,
    autoscale,
    slo,
    traffic: trafficSchema,
    initially: choice(["ready", "cold"])
      .default("ready")
      .describe("ready: it runs when the simulation begins. cold: its containers have yet to be placed and started."),
  })
  .describe("A service: what runs, how much of it, and who asks it.");

/** A service as read. */
export type ServiceForm = z.output<typeof serviceSchema>;
