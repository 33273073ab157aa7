/** The fields of what stands around workloads. Source: Kubernetes API reference. */
import { z } from "zod";
import { choice } from "../fields/number.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import {
  count,
  flag,
  intOrPercent,
  labelMap,
  labelSelector,
  noEffect,
  objectHead,
  quantities,
  words,
} from "./schemaParts.ts";

/** v1 Service: all its ports are one stream of requests. */
export const serviceObjectSchema = z.object({
  ...objectHead,
  spec: z
    .object({
      selector: labelMap.optional(),
      type: choice(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]).optional(),
      sessionAffinity: choice(["None", "ClientIP"]).optional(),
      publishNotReadyAddresses: flag.optional(),
      externalTrafficPolicy: choice(["Cluster", "Local"]).optional(),
      internalTrafficPolicy: choice(["Cluster", "Local"]).optional(),
    })
    .optional(),
});

/** policy/v1 PodDisruptionBudget. */
export const budgetObjectSchema = z.object({
  ...objectHead,
  spec: z
    .object({
      selector: labelSelector.optional(),
      minAvailable: intOrPercent.optional(),
      maxUnavailable: intOrPercent.optional(),
      unhealthyPodEvictionPolicy: choice(["IfHealthyBudget", "AlwaysAllow"]).optional(),
    })
    .refine((spec) => spec.minAvailable === undefined || spec.maxUnavailable === undefined, {
      error: "found both minAvailable and maxUnavailable, expected only one of them",
    }),
});

const scalingRules = z.object({
  stabilizationWindowSeconds: count.optional(),
  selectPolicy: choice(["Max", "Min", "Disabled"]).optional(),
  policies: z
    .array(z.object({ type: choice(["Pods", "Percent"]), value: count.min(1), periodSeconds: count.min(1) }))
    .optional(),
  tolerance: z
    .union([z.string(), z.number()])
    .refine((given) => parseQuantity(given, 1000) !== undefined, { error: "expected a tolerance, such as 0.05" })
    .optional(),
});

const milli = z
  .union([z.string(), z.number()])
  .transform((given) => parseQuantity(given, 1000))
  .refine((given) => given !== undefined && given > 0, {
    error: "expected a quantity above 0, such as 100, 2k or 500m",
  });

const target = z.object({
  type: words.optional(),
  averageUtilization: count.min(1).optional(),
  averageValue: milli.optional(),
  value: milli.optional(),
});

/** Which of several series of one name is meant: here there is one. */
const metricName = z.object({ name: words, selector: z.object({ matchLabels: labelMap.optional() }).optional() });

const metric = z.object({
  type: words,
  resource: z.object({ name: words, target }).optional(),
  containerResource: z.object({ name: words, container: words, target }).optional(),
  pods: z.object({ metric: metricName, target }).optional(),
  object: z
    .object({
      metric: metricName,
      describedObject: z.object({ apiVersion: noEffect, kind: words, name: words }),
      target,
    })
    .optional(),
  external: z.object({ metric: metricName, target }).optional(),
});

/** autoscaling/v2 HorizontalPodAutoscaler; v1's one figure too. */
export const autoscalerObjectSchema = z.object({
  ...objectHead,
  spec: z.object({
    scaleTargetRef: z.object({ apiVersion: noEffect, kind: words, name: words }),
    minReplicas: count.min(1).optional(),
    maxReplicas: count.min(1),
    metrics: z.array(metric).optional(),
    targetCPUUtilizationPercentage: count.min(1).optional(),
    behavior: z.object({ scaleUp: scalingRules.optional(), scaleDown: scalingRules.optional() }).optional(),
  }),
});

/** scheduling.k8s.io/v1 PriorityClass. */
export const priorityClassSchema = z.object({
  ...objectHead,
  value: z.int().min(-2_147_483_648).max(2_000_001_000),
  globalDefault: flag.optional(),
  preemptionPolicy: choice(["PreemptLowerPriority", "Never"]).optional(),
  description: noEffect,
});

const taint = z.object({
  key: words,
  value: words.optional(),
  effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  timeAdded: noEffect,
});

/** v1 Node. What it reports of itself is its size; the rest of the status comes and goes. */
export const nodeObjectSchema = z.object({
  ...objectHead,
  spec: z
    .object({
      taints: z.array(taint).optional(),
      unschedulable: flag.optional(),
      podCIDR: noEffect,
      podCIDRs: noEffect,
      providerID: noEffect,
    })
    .optional(),
  status: z.looseObject({ allocatable: quantities.optional(), capacity: quantities.optional() }).optional(),
});

/** v1 Namespace: its labels matter to selectors. */
export const namespaceSchema = z.object({ ...objectHead, spec: noEffect });
