/** The autoscaler of a service, as a scenario writes it. */
import { z } from "zod";
import type { AutoscaleMetric, ResourceTarget, ValueTarget } from "../cluster/autoscaleMetrics.ts";
import type { AutoscaleSpec, ScalingRules } from "../cluster/policies.ts";
import { duration, positiveDuration } from "../fields/duration.ts";
import { choice, positiveNumber, wholeNumber } from "../fields/number.ts";
import { parseCpu, parseSize, rate } from "../fields/quantity.ts";
import { accepted, type Parsed, refusal, refused, textField } from "../fields/refusal.ts";
import { MINUTE, SECOND } from "../kernel/time.ts";
import { MOST_THINGS } from "./clusterSchema.ts";
import { milliAmount, type SourceForm, sourceForm } from "./metricSources.ts";
import { text, textsByName } from "./names.ts";

/** A metric whose source is still as it was written. */
export type MetricForm = WithForm<AutoscaleMetric>;
type WithForm<Metric> = Metric extends { readonly source: unknown }
  ? Omit<Metric, "source"> & { readonly from: SourceForm | undefined }
  : Metric;

/** An autoscaler as read. */
export type AutoscaleForm = Omit<AutoscaleSpec, "metrics"> & {
  readonly metrics: readonly MetricForm[];
  /** How many of them, the last, stand in the list `metrics`. */
  readonly listed: number;
};

function parsePercent(given: string): Parsed<ResourceTarget> | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(given.trim()) ?? [];
  if (digits === undefined) return undefined;
  const percent = Number(digits);
  return percent > 0 && percent <= 100_000
    ? accepted({ kind: "utilisation", percent })
    : refused("a percentage above 0, such as 70%");
}

function resourceTarget(expected: string, parseMilli: (given: string) => Parsed<number>) {
  return textField(expected, (given): Parsed<ResourceTarget> => {
    const percent = parsePercent(given);
    if (percent !== undefined) return percent;
    const parsed = parseMilli(given);
    if (!parsed.ok || parsed.value === 0 || parsed.value > Number.MAX_SAFE_INTEGER) return refused(expected);
    return accepted({ kind: "average", milli: parsed.value });
  });
}

const CPU = "a percentage above 0 of the cpu that is reserved, such as 70%, or its use per container, such as 350m";
const MEMORY =
  "a percentage above 0 of the memory that is reserved, such as 70%, or its use per container, such as 512Mi";

// A bare number would be a percentage to some and cores to others.
const cpuTarget = resourceTarget(CPU, (given) => (given.trim().endsWith("m") ? parseCpu(given) : refused(CPU))).meta({
  title: "percentage or cores",
  description: "A percentage, which may be above 100%, or thousandths of a core, such as 350m.",
});
const memoryTarget = resourceTarget(MEMORY, (given) => {
  const parsed = parseSize(given);
  return parsed.ok ? accepted(parsed.value * 1000) : parsed;
}).meta({
  title: "percentage or size",
  description: "A percentage, which may be above 100%, or a size, such as 512Mi.",
});

const positiveAmount = milliAmount.refine((milli) => milli > 0, {
  error: "found 0, expected more, such as 100, 2k or 500m",
});
const positiveRate = rate.refine((perSecond) => perSecond > 0, {
  error: "found 0, expected a rate above 0, such as 50/s",
});

const ONE_METRIC = "found several metrics or none, expected one of cpu, memory, pods, object and external";

const metric = z
  .strictObject({
    cpu: cpuTarget.optional().describe("Wanted use of cpu: 70% of what is reserved, or 350m per container."),
    memory: memoryTarget.optional().describe("Wanted use of memory: 70% of what is reserved, or 512Mi per container."),
    container: text.optional().describe("Of cpu or memory: only this container of the pods (ContainerResource)."),
    pods: text.optional().describe("The name of a metric that each container has, with its wanted average."),
    object: text.optional().describe("An object as Kind/name, such as Ingress/main, whose metric is looked at."),
    metric: text.optional().describe("Of an object: the metric's name."),
    external: text.optional().describe("The name of a metric of something outside, such as a queue."),
    value: positiveAmount.optional().describe("Of object and external: the wanted value."),
    average: positiveAmount.optional().describe("The wanted value for each container."),
    labels: textsByName.optional().describe("The metric's selector, as events show it."),
    from: sourceForm
      .optional()
      .describe("Who supplies it; left out: the scenario's metrics, else what the name says by convention."),
  })
  .transform((given, context): MetricForm => {
    const form = metricOf(given);
    if (typeof form !== "string") return form;
    context.addIssue({ code: "custom", message: form, input: given });
    return z.NEVER;
  });

interface MetricKeys {
  readonly cpu?: ResourceTarget | undefined;
  readonly memory?: ResourceTarget | undefined;
  readonly container?: string | undefined;
  readonly pods?: string | undefined;
  readonly object?: string | undefined;
  readonly metric?: string | undefined;
  readonly external?: string | undefined;
  readonly value?: number | undefined;
  readonly average?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly from?: SourceForm | undefined;
}

const RESOURCE_KEYS: ReadonlySet<string> = new Set(["cpu", "memory", "container"]);

/** The metric; or what is wrong with its keys together. */
function metricOf(given: MetricKeys): MetricForm | string {
  const { cpu, memory, container, pods, object, external, labels, from, average } = given;
  const kinds = [cpu, memory, pods, object, external].filter((one) => one !== undefined);
  if (kinds.length !== 1) return ONE_METRIC;
  const target = cpu ?? memory;
  if (target !== undefined) {
    const [stray] = Object.keys(given).filter((key) => !RESOURCE_KEYS.has(key));
    if (stray !== undefined) return `found ${stray} beside cpu or memory, expected only container`;
    return { kind: "resource", resource: cpu === undefined ? "memory" : "cpu", container, target };
  }
  if (container !== undefined) return "found a container beside a metric that is no resource, expected none";
  if ((object === undefined) !== (given.metric === undefined)) {
    return "found one of object and metric, expected both, as { object: Ingress/main, metric: requests_per_second }";
  }
  const named = { labels, from };
  if (pods !== undefined) {
    if (average === undefined || given.value !== undefined) return "found no average alone, expected average with pods";
    return { kind: "pods", name: pods, averageMilli: average, ...named };
  }
  const wanted = valueTarget(given);
  if (wanted === undefined) return "found both or neither of value and average, expected one of them";
  if (external !== undefined) return { kind: "external", name: external, target: wanted, ...named };
  const [, kind, name] = /^([A-Za-z]+)\/(.+)$/.exec(object ?? "") ?? [];
  if (kind === undefined || name === undefined) return refusal(object, "an object as Kind/name, such as Ingress/main");
  return { kind: "object", object: { kind, name }, name: given.metric ?? "", target: wanted, ...named };
}

function valueTarget({ value, average }: MetricKeys): ValueTarget | undefined {
  if ((value === undefined) === (average === undefined)) return undefined;
  return value === undefined ? { kind: "average", milli: average ?? 0 } : { kind: "value", milli: value };
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

/** Kubernetes' own where no metric is given at all (pkg/apis/autoscaling/v2/defaults.go). */
const USUAL: MetricForm = { kind: "resource", resource: "cpu", target: { kind: "utilisation", percent: 80 } };

const autoscaler = z
  .strictObject({
    min: wholeNumber({ from: 1, to: MOST_THINGS }).default(1).describe("Least containers (Kubernetes: 1)."),
    max: wholeNumber({ from: 1, to: MOST_THINGS }).describe("Most containers."),
    cpu: cpuTarget
      .optional()
      .describe("Wanted use of cpu: 70% of what is reserved, or 350m per container. Without any metric: 80%."),
    memory: memoryTarget.optional().describe("Wanted use of memory: 70% of what is reserved, or 512Mi per container."),
    requests: positiveRate.optional().describe("Wanted rate of requests per container, such as 50/s."),
    inFlight: positiveAmount.optional().describe("Wanted requests per container, waiting and being served."),
    queued: positiveAmount.optional().describe("Wanted requests per container that only wait."),
    metrics: z
      .array(metric)
      .optional()
      .describe("Further metrics in full, as Kubernetes has them. The metric that asks for most counts."),
    behavior: z
      .strictObject({
        up: rules(UP, "How the number grows (scaleUp)."),
        down: rules(DOWN, "How it shrinks (scaleDown)."),
      })
      .optional()
      .describe("How fast the number changes, as Kubernetes' behavior; left out: its rules without one."),
  })
  .transform((given): AutoscaleForm => {
    const { cpu, memory, requests, inFlight, queued } = given;
    const ofPods = (name: string, averageMilli: number | undefined): MetricForm[] =>
      averageMilli === undefined ? [] : [{ kind: "pods", name, averageMilli, labels: undefined, from: undefined }];
    const metrics: MetricForm[] = [
      ...(cpu === undefined ? [] : [{ kind: "resource", resource: "cpu", target: cpu } as const]),
      ...(memory === undefined ? [] : [{ kind: "resource", resource: "memory", target: memory } as const]),
      ...ofPods("requests_per_second", requests === undefined ? undefined : Math.ceil(requests * 1000)),
      ...ofPods("requests_in_flight", inFlight),
      ...ofPods("requests_queued", queued),
      ...(given.metrics ?? []),
    ];
    const { min, max, behavior } = given;
    const listed = given.metrics?.length ?? 0;
    return { min, max, metrics: metrics.length === 0 ? [USUAL] : metrics, listed, behavior };
  })
  .refine(({ min, max }) => min <= max, { error: "found a min above the max, expected at most the max" });

/** The autoscaler: `none`, or a map. */
export const autoscale = z
  .union([choice(["none"]), autoscaler])
  .transform((given) => (given === "none" ? undefined : given))
  .prefault("none")
  .describe(
    "The autoscaler: none, or { min: 2, max: 20, cpu: 70% }, { min: 2, max: 20, requests: 50/s } (Kubernetes' HorizontalPodAutoscaler).",
  );
