/** The fields of an autoscaler. Source: Kubernetes API reference, autoscaling/v2. */
import { objectFields } from "./metadataFields.ts";
import { acts, each, holds, ignored, table, warned } from "./rules.ts";

/** The numbers of a target; which of them counts, they say themselves. */
const target = table("MetricTarget", {
  ...each(["averageUtilization", "averageValue", "value"], acts()),
  type: ignored("the one number that stands beside it says it too"),
});

const metricIdentifier = table("MetricIdentifier", {
  name: acts(),
  selector: holds(
    table("LabelSelector of a metric", {
      matchLabels: acts(),
      matchExpressions: warned("of a metric there is one series, which is told by matchLabels"),
    }),
  ),
});

const objectReference = {
  ...each(["kind", "name"], acts()),
  apiVersion: ignored("the kind tells enough"),
};

const scalingRules = table("HPAScalingRules", {
  ...each(["stabilizationWindowSeconds", "selectPolicy", "tolerance"], acts()),
  policies: holds(table("HPAScalingPolicy", each(["type", "value", "periodSeconds"], acts()))),
});

const metric = table("MetricSpec", {
  type: acts(),
  resource: holds(table("ResourceMetricSource", { name: acts(), target: holds(target) })),
  containerResource: holds(
    table("ContainerResourceMetricSource", { ...each(["name", "container"], acts()), target: holds(target) }),
  ),
  pods: holds(table("PodsMetricSource", { metric: holds(metricIdentifier), target: holds(target) })),
  object: holds(
    table("ObjectMetricSource", {
      describedObject: holds(table("CrossVersionObjectReference of a metric", objectReference)),
      metric: holds(metricIdentifier),
      target: holds(target),
    }),
  ),
  external: holds(table("ExternalMetricSource", { metric: holds(metricIdentifier), target: holds(target) })),
});

const scaleTargetRef = holds(table("CrossVersionObjectReference", objectReference));

const limits = each(["minReplicas", "maxReplicas"], acts());

/** autoscaling/v2 HorizontalPodAutoscaler. */
export const autoscalerFields = table("HorizontalPodAutoscaler", {
  ...objectFields,
  spec: holds(
    table("HorizontalPodAutoscalerSpec", {
      scaleTargetRef,
      ...limits,
      metrics: holds(metric),
      behavior: holds(
        table("HorizontalPodAutoscalerBehavior", { scaleUp: holds(scalingRules), scaleDown: holds(scalingRules) }),
      ),
    }),
  ),
});

/** autoscaling/v1 HorizontalPodAutoscaler: one figure of cpu in place of metrics. */
export const formerAutoscalerFields = table("HorizontalPodAutoscaler of autoscaling/v1", {
  ...objectFields,
  spec: holds(
    table("HorizontalPodAutoscalerSpec of autoscaling/v1", {
      scaleTargetRef,
      ...limits,
      targetCPUUtilizationPercentage: acts(),
    }),
  ),
});
