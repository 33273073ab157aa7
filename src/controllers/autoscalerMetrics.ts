/** From metrics as read to the number of containers that they ask for (Kubernetes, horizontal.go, computeReplicasForMetrics). */
import type { AutoscaleMetric } from "../cluster/autoscaleMetrics.ts";
import { unreachable } from "../kernel/errors.ts";
import {
  type CalculatorInput,
  type NoAnswer,
  objectReplicas,
  perContainerReplicas,
  resourceReplicas,
  valueReplicas,
} from "./autoscalerCalculator.ts";
import { failureOf, type MetricFailure, missingMessage, nameOf } from "./autoscalerMessages.ts";
import type { SampledContainer } from "./autoscalerSamples.ts";

/** What the metrics API answers: a sample of each container, one value in thousandths, or nothing at all. */
export type MetricReading =
  | {
      readonly kind: "containers";
      readonly containers: readonly SampledContainer[];
      /** Which container of the pods asks for nothing of the resource. */
      readonly silent?: string | undefined;
    }
  | { readonly kind: "value"; readonly milli: number }
  | { readonly kind: "missing" };

/** A metric and what was read of it. */
export interface ReadMetric {
  readonly metric: AutoscaleMetric;
  readonly reading: MetricReading;
}

/** What the calculations need beside the readings. */
export interface MetricsInput extends CalculatorInput {
  /** Containers that exist and are not being deleted: `status.replicas`. */
  readonly existing: number;
  /** `default`, unless a manifest says otherwise; it stands in messages. */
  readonly namespace: string;
}

/** What all metrics together ask for. */
export interface Proposal {
  /** Undefined: too much is missing, and nothing may change. */
  readonly replicas: number | undefined;
  /** The metric that asked for the most, as Kubernetes names it. */
  readonly metric: string;
  readonly failures: readonly MetricFailure[];
}

/**
 * The largest number that any metric asks for.
 *
 * With a metric missing the number may still grow, but not shrink; with all of them missing nothing changes.
 */
export function proposeReplicas(metrics: readonly ReadMetric[], input: MetricsInput): Proposal {
  let replicas = 0;
  let metric = "";
  const failures: MetricFailure[] = [];
  for (const one of metrics) {
    const wanted = wantedBy(one, input);
    if (typeof wanted === "string") {
      failures.push(failureOf(one.metric, wanted));
      continue;
    }
    if (replicas > 0 && wanted.replicas <= replicas) continue;
    replicas = wanted.replicas;
    metric = nameOf(one.metric);
  }
  const isBlocked = failures.length >= metrics.length || (failures.length > 0 && replicas < input.current);
  return { replicas: isBlocked ? undefined : replicas, metric, failures };
}

/** What one metric asks for; or why it cannot be told, in Kubernetes' words. */
function wantedBy({ metric, reading }: ReadMetric, input: MetricsInput): { readonly replicas: number } | string {
  if (reading.kind === "missing") return missingMessage(metric, input.namespace);
  switch (metric.kind) {
    case "resource":
    case "pods": {
      if (reading.kind !== "containers") return missingMessage(metric, input.namespace);
      const wanted = ofContainers(metric, { ...input, containers: reading.containers });
      return typeof wanted === "string" ? noAnswer(metric, wanted, reading, input.namespace) : wanted;
    }
    case "object":
    case "external": {
      if (reading.kind !== "value") return missingMessage(metric, input.namespace);
      const numbers = { value: reading.milli, target: metric.target.milli };
      if (metric.target.kind === "average") return perContainerReplicas({ ...input, current: input.existing }, numbers);
      const wanted = objectReplicas(input, numbers);
      return typeof wanted === "string" ? noAnswer(metric, wanted, input, input.namespace) : wanted;
    }
    default:
      return unreachable(metric);
  }
}

function ofContainers(metric: Extract<AutoscaleMetric, { kind: "resource" | "pods" }>, input: CalculatorInput) {
  if (metric.kind === "pods") return valueReplicas(input, { kind: "other", target: metric.averageMilli });
  const kind = metric.resource === "cpu" ? "cpu" : "other";
  const { target } = metric;
  if (target.kind === "utilisation") return resourceReplicas(input, { kind, targetPercent: target.percent });
  return valueReplicas(inMilli(input, metric.resource), { kind, target: target.milli });
}

/** Samples of cpu are in thousandths of a core already, those of memory in bytes. */
function inMilli(input: CalculatorInput, resource: "cpu" | "memory"): CalculatorInput {
  if (resource === "cpu") return input;
  const containers = input.containers.map((container) => ({
    ...container,
    sample: container.sample && { ...container.sample, used: container.sample.used * 1000 },
  }));
  return { ...input, containers };
}

function noAnswer(
  metric: AutoscaleMetric,
  answer: NoAnswer,
  { containers, silent = "main" }: Pick<Extract<MetricReading, { kind: "containers" }>, "containers" | "silent">,
  namespace: string,
): string {
  if (answer === "no containers") return "no pods returned by selector while calculating replica count";
  if (answer === "no samples") {
    const isSampled = containers.some(({ sample }) => sample !== undefined);
    if (isSampled) return "did not receive metrics for targeted pods (pods might be unready)";
    return metric.kind === "pods"
      ? `unable to get metric ${metric.name}: no metrics returned from custom metrics API`
      : missingMessage(metric, namespace);
  }
  const first = containers.find(({ requested }) => requested <= 0)?.name ?? "";
  const what = metric.kind === "resource" ? metric.resource : "";
  return `missing request for ${what} in container ${silent} of Pod ${first}`;
}
