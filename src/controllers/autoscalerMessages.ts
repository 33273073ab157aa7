/** How Kubernetes words what an autoscaler does and cannot do (horizontal.go; metrics/client.go). */
import type { AutoscaleMetric } from "../cluster/autoscaleMetrics.ts";
import { unreachable } from "../kernel/errors.ts";

/** Why a metric could not be used. */
export interface MetricFailure {
  /** The event's reason, such as `FailedGetPodsMetric`. */
  readonly reason: string;
  readonly message: string;
  /** As it stands in the event `FailedComputeMetricsReplicas`. */
  readonly inside: string;
}

/** A metric as events name it: `cpu resource utilization (percentage of request)`, `pods metric NAME` … */
export function nameOf(metric: AutoscaleMetric): string {
  switch (metric.kind) {
    case "resource": {
      if (metric.target.kind === "average") return `${metric.resource} resource`;
      const of = metric.container === undefined ? "" : "container ";
      return `${metric.resource} ${of}resource utilization (percentage of request)`;
    }
    case "pods":
      return `pods metric ${metric.name}`;
    case "object":
      if (metric.target.kind === "value") return `${metric.object.kind} metric ${metric.name}`;
      return `external metric ${metric.name}(${selectorText(metric.labels)})`;
    case "external":
      return `external metric ${metric.name}(${selectorText(metric.labels)})`;
    default:
      return unreachable(metric);
  }
}

/** What the metrics API says of a metric that nobody supplies. */
export function missingMessage(metric: AutoscaleMetric, namespace: string): string {
  const unknown = "unable to fetch metrics from custom metrics API: the server could not find the metric";
  switch (metric.kind) {
    case "resource":
      return `unable to get metrics for resource ${metric.resource}: no metrics returned from resource metrics API`;
    case "pods":
      return `unable to get metric ${metric.name}: ${unknown} ${metric.name} for pods`;
    case "object": {
      const { kind, name } = metric.object;
      const resource = `${kind.toLowerCase()}${kind.endsWith("s") ? "es" : "s"}`;
      return `unable to get metric ${metric.name}: ${kind} on ${namespace} ${name}/${unknown} ${metric.name} for ${resource}`;
    }
    case "external": {
      const which = `${namespace}/${metric.name}/${selectorText(metric.labels)}`;
      return `unable to get external metric ${which}: no metrics returned from external metrics API`;
    }
    default:
      return unreachable(metric);
  }
}

/** A reason why a metric cannot be used, wrapped as the controller wraps it. */
export function failureOf(metric: AutoscaleMetric, text: string): MetricFailure {
  switch (metric.kind) {
    case "resource": {
      const { resource, container } = metric;
      const message = `failed to get ${resource} utilization: ${text}`;
      if (container === undefined) {
        const inside = `failed to get ${resource} resource metric value: ${message}`;
        return { reason: "FailedGetResourceMetric", message, inside };
      }
      const inside = `failed to get ${container} container metric value: ${message}`;
      return { reason: "FailedGetContainerResourceMetric", message, inside };
    }
    case "pods":
      return { reason: "FailedGetPodsMetric", message: text, inside: `failed to get pods metric value: ${text}` };
    case "object": {
      const wrapped = metric.target.kind === "average" ? `failed to get ${metric.name} object metric: ${text}` : text;
      const inside = `failed to get object metric value: ${wrapped}`;
      return { reason: "FailedGetObjectMetric", message: text, inside };
    }
    case "external": {
      const wrapped =
        metric.target.kind === "average"
          ? `failed to get ${metric.name} external metric: ${text}`
          : `failed to get external metric ${metric.name}: ${text}`;
      const inside = `failed to get ${metric.name} external metric value: ${wrapped}`;
      return { reason: "FailedGetExternalMetric", message: text, inside };
    }
    default:
      return unreachable(metric);
  }
}

/** The event that ends a look at which nothing may change. */
export function computeFailure(failures: readonly MetricFailure[], metrics: number): MetricFailure | undefined {
  const [first] = failures;
  if (first === undefined) return undefined;
  const message = `invalid metrics (${failures.length} invalid out of ${metrics}), first error is: ${first.inside}`;
  return { reason: "FailedComputeMetricsReplicas", message, inside: message };
}

/** A selector as Go prints a pointer to it. */
function selectorText(labels: Readonly<Record<string, string>> | undefined): string {
  if (labels === undefined) return "nil";
  const pairs = Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  return `&LabelSelector{MatchLabels:map[string]string{${pairs.join("")}},MatchExpressions:[]LabelSelectorRequirement{},}`;
}
