/** What controllers hold a service to: its kind of workload, its disruption budget, its autoscaler, its pod template. */
import { z } from "zod";
import type { JsonMap, PodTemplate } from "../cluster/podTemplate.ts";
import type {
  AutoscaleSpec,
  BudgetSpec,
  PodManagement,
  ScalingRules,
  SharedBudgetSpec,
  WorkloadKind,
} from "../cluster/policies.ts";
import { countOrPercent } from "../fields/countOrPercent.ts";
import { duration, positiveDuration } from "../fields/duration.ts";
import { choice, positiveNumber, wholeNumber } from "../fields/number.ts";
import { accepted, type Parsed, refusal, refused, textField } from "../fields/refusal.ts";
import { MINUTE, SECOND } from "../kernel/time.ts";
import { MOST_THINGS } from "./clusterSchema.ts";
import { text } from "./names.ts";

const WORKLOADS = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Pod",
] as const satisfies readonly WorkloadKind[];
const MANAGEMENTS = ["OrderedReady", "Parallel"] as const satisfies readonly PodManagement[];

/** What looks after the containers. */
export const workload = choice(WORKLOADS)
  .optional()
  .describe("What looks after the containers, as Kubernetes' kinds name it; left out: a Deployment.");

/** How a StatefulSet starts and stops its containers. */
export const podManagement = choice(MANAGEMENTS)
  .optional()
  .describe("Of a StatefulSet: OrderedReady (one at a time, in order) or Parallel; left out: OrderedReady.");

const ONE_LIMIT = "one of minAvailable and maxUnavailable, such as { minAvailable: 4 }";

const limits = {
  minAvailable: countOrPercent.optional().describe("So many must stay healthy, as a count or a percentage."),
  maxUnavailable: countOrPercent.optional().describe("At most so many may be missing, as a count or a percentage."),
  unhealthy: choice(["IfHealthyBudget", "AlwaysAllow"])
    .default("IfHealthyBudget")
    .describe("Whether a container that is not ready may go although the budget is not met."),
};

const hasOneLimit = (given: { readonly minAvailable?: unknown; readonly maxUnavailable?: unknown }) =>
  (given.minAvailable === undefined) !== (given.maxUnavailable === undefined);

/** A disruption budget. */
export const budget = z
  .strictObject(limits)
  .refine(hasOneLimit, { error: (issue) => refusal(issue.input, ONE_LIMIT) })
  .transform(({ minAvailable, maxUnavailable, unhealthy }): BudgetSpec => ({ minAvailable, maxUnavailable, unhealthy }))
  .optional()
  .describe("The disruption budget: what drains and upgrades of hosts must leave (Kubernetes' PodDisruptionBudget).");

/** A disruption budget over several services. */
export const sharedBudget = z
  .strictObject({
    services: z.array(text).min(1).describe("The services whose containers it counts together."),
    ...limits,
  })
  .refine(hasOneLimit, { error: (issue) => refusal(issue.input, ONE_LIMIT) })
  .transform(
    ({ services, minAvailable, maxUnavailable, unhealthy }): SharedBudgetSpec => ({
      services,
      minAvailable,
      maxUnavailable,
      unhealthy,
    }),
  )
  .describe("A disruption budget that several services share; a container under two budgets is never evicted.");

const PERCENT = "a percentage above 0, such as 70%";

function parsePercent(given: string): Parsed<number> {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(given.trim()) ?? [];
  const value = Number(digits);
  return digits !== undefined && value > 0 && value <= 100_000 ? accepted(value) : refused(PERCENT);
}

const scalingPolicy = z.strictObject({
  type: choice(["Pods", "Percent"]).describe("Whether value counts containers, or is a percentage of them."),
  value: wholeNumber({ from: 1, to: MOST_THINGS }).describe("How much the number may change within the period."),
  period: positiveDuration.describe("The period."),
});

/** Kubernetes, pkg/apis/autoscaling/v2/defaults.go: up at once, by 4 or 100 % every 15 s, whichever is more. */
const UP: ScalingRules = {
  select: "Max",
  window: 0,
  policies: [
    { type: "Pods", value: 4, period: 15 * SECOND },
    { type: "Percent", value: 100, period: 15 * SECOND },
  ],
};
/** The same file: down by up to all, to the highest of the last five minutes. */
const DOWN: ScalingRules = {
  select: "Max",
  window: 5 * MINUTE,
  policies: [{ type: "Percent", value: 100, period: 15 * SECOND }],
};

function rules(usual: ScalingRules, describe: string) {
  return z
    .strictObject({
      select: choice(["Max", "Min", "Disabled"]).optional().describe("Which of several policies counts."),
      window: duration.optional().describe("Over which recommendations are held (stabilizationWindowSeconds)."),
      policies: z.array(scalingPolicy).optional().describe("How fast the number may change."),
      tolerance: positiveNumber(1000).optional().describe("Deviation from the target left alone; Kubernetes: 0.1."),
    })
    .optional()
    .transform(
      (given): ScalingRules => ({
        select: given?.select ?? usual.select,
        window: given?.window ?? usual.window,
        policies: given?.policies === undefined || given.policies.length === 0 ? usual.policies : given.policies,
        ...(given?.tolerance === undefined ? {} : { tolerance: given.tolerance }),
      }),
    )
    .describe(describe);
}

const autoscaler = z
  .strictObject({
    min: wholeNumber({ from: 1, to: MOST_THINGS }).default(1).describe("Least containers (Kubernetes: 1)."),
    max: wholeNumber({ from: 1, to: MOST_THINGS }).describe("Most containers."),
    cpu: textField(PERCENT, parsePercent)
      .meta({ title: "percentage", description: "A percentage, which may be above 100%." })
      .prefault("80%")
      .describe("Wanted use of the cpu that the containers reserve (Kubernetes: 80%)."),
    behavior: z
      .strictObject({
        up: rules(UP, "How the number grows (scaleUp)."),
        down: rules(DOWN, "How it shrinks (scaleDown)."),
      })
      .optional()
      .describe("How fast the number changes, as Kubernetes' behavior; left out: its rules without one."),
  })
  .transform(
    (given): AutoscaleSpec => ({
      min: given.min,
      max: given.max,
      cpuPercent: given.cpu,
      behavior: given.behavior,
    }),
  )
  .refine(({ min, max }) => min <= max, { error: "found a min above the max, expected at most the max" });

/** The autoscaler: `none`, or a map. */
export const autoscale = z
  .union([choice(["none"]), autoscaler])
  .transform((given) => (given === "none" ? undefined : given))
  .prefault("none")
  .describe("The autoscaler: none, or { min: 2, max: 20, cpu: 70% } (Kubernetes' HorizontalPodAutoscaler).");

/** What was read from YAML is JSON through and through. */
const json = z
  .record(z.string(), z.unknown(), { error: (issue) => refusal(issue.input, "a map of keys, as Kubernetes writes it") })
  .transform((given) => given as JsonMap);

/** The pod template, as an imported manifest gives it. */
export const pod = z
  .strictObject({
    namespace: text.prefault("default").describe("The namespace of the pods."),
    labels: z.record(z.string(), text).prefault({}).describe("Their labels."),
    spec: json.prefault({}).meta({ title: "PodSpec" }).describe("A v1 PodSpec: affinity, host ports and so on."),
    ownerSelector: json
      .optional()
      .meta({ title: "LabelSelector" })
      .describe("The label selector of the controller that owns them."),
  })
  .transform(({ namespace, labels, spec, ownerSelector }): PodTemplate => ({ namespace, labels, spec, ownerSelector }))
  .optional()
  .describe("What Kubernetes' scheduler places by, as an imported manifest gives it; acts with scheduler: kubernetes.");
