/** What controllers hold a service to: its kind of workload, its disruption budget, its pod template. */
import { z } from "zod";
import type { JsonMap, PodTemplate } from "../cluster/podTemplate.ts";
import type { BudgetSpec, PodManagement, SharedBudgetSpec, WorkloadKind } from "../cluster/policies.ts";
import { countOrPercent } from "../fields/countOrPercent.ts";
import { choice } from "../fields/number.ts";
import { refusal } from "../fields/refusal.ts";
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
