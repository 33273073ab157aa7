/** Argo Rollouts' strategies as ours. Source: Argo Rollouts, specification, blueGreen, canary and analysis pages. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { parseDuration } from "../fields/duration.ts";
import { SECOND } from "../kernel/time.ts";
import type { Path } from "../scenario/path.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import {
  analysisTemplateSchema,
  type BlueGreenForm,
  type CanaryForm,
  type CanaryStepForm,
  type MetricForm,
  rolloutSchema,
} from "./rolloutSchema.ts";

interface Argo {
  readonly object: ManifestObject;
  readonly analyses: readonly ManifestObject[];
  readonly report: ManifestReport;
}

/** A strategy by name with its settings, as a scenario writes it. */
export function argoStrategy(
  object: ManifestObject,
  analyses: readonly ManifestObject[],
  report: ManifestReport,
): JsonMap {
  const { spec } = rolloutSchema.parse(object.value);
  const argo: Argo = { object, analyses, report };
  const deadline = given({
    progressDeadlineSeconds: spec.progressDeadlineSeconds,
    progressDeadlineAbort: spec.progressDeadlineAbort,
  });
  const { minReadySeconds, strategy } = spec;
  if (strategy?.blueGreen !== undefined) {
    if (minReadySeconds !== undefined) report.warn(object, ["spec", "minReadySeconds"], NOT_UNDER_BLUE_GREEN);
    return { "blue-green": { ...blueGreenSettings(strategy.blueGreen, argo), ...deadline } };
  }
  const canary = canarySettings(strategy?.canary ?? {}, argo);
  return { canary: { ...canary, ...deadline, ...given({ minReadySeconds }) } };
}

const NOT_UNDER_BLUE_GREEN = "is not simulated under blueGreen: a container is available as soon as it is ready";

const SMOKE_TESTS =
  "each measurement is 20 synthetic requests to the new release, since no user's reaches it before it is promoted";

function blueGreenSettings(form: BlueGreenForm, argo: Argo): JsonMap {
  const { autoPromotionEnabled = true, autoPromotionSeconds = 0 } = form;
  const pre = form.prePromotionAnalysis;
  const post = form.postPromotionAnalysis;
  const path = ["spec", "strategy", "blueGreen"];
  const prePath = [...path, "prePromotionAnalysis"];
  if (pre !== undefined) argo.report.warn(argo.object, prePath, SMOKE_TESTS);
  return {
    // Where a person promotes, no time does (pause.go, CompletedBlueGreenPause).
    autoPromotion: autoPromotionEnabled && autoPromotionSeconds > 0 ? `${autoPromotionSeconds}s` : autoPromotionEnabled,
    verification:
      post === undefined ? "none" : verificationOf(post.templates, [...path, "postPromotionAnalysis"], argo),
    ...given({
      prePromotionAnalysis:
        pre === undefined ? undefined : { metrics: settingsOf(metricsOf(pre.templates, prePath, argo)) },
      previewReplicas: form.previewReplicaCount === 0 ? undefined : form.previewReplicaCount,
      scaleDownDelay: form.scaleDownDelaySeconds,
      scaleDownDelayRevisionLimit: form.scaleDownDelayRevisionLimit,
      abortScaleDownDelay: form.abortScaleDownDelaySeconds,
    }),
  };
}

/** After the switch the new release is watched for as long as the longest metric takes. */
function verificationOf(templates: Templates, path: Path, argo: Argo): JsonMap {
  const metrics = metricsOf(templates, path, argo);
  const lengths = metrics.map((metric) => (lengthOf(metric.interval) ?? 0) * Math.max(1, wholeOf(metric.count) ?? 1));
  const longest = Math.max(0, ...lengths);
  const steps = metrics.map((metric) => lengthOf(metric.interval)).filter((length) => length !== undefined);
  return given({
    for: longest > 0 ? `${Math.round(longest / SECOND)}s` : undefined,
    every: steps.length > 0 ? `${Math.max(1, Math.round(Math.min(...steps) / SECOND))}s` : undefined,
  });
}

function canarySettings(form: CanaryForm, argo: Argo): JsonMap {
  const path = ["spec", "strategy", "canary"];
  const steps = (form.steps ?? []).flatMap((step, i) => stepOf(step, [...path, "steps", i], argo));
  const background = form.analysis?.templates;
  const analysis: JsonMap | undefined =
    background === undefined
      ? undefined
      : {
          metrics: settingsOf(metricsOf(background, [...path, "analysis"], argo)),
          ...given({ startingStep: form.analysis?.startingStep }),
        };
  return {
    steps,
    ...given({
      maxSurge: form.maxSurge,
      maxUnavailable: form.maxUnavailable,
      trafficRouting: form.trafficRouting === undefined ? undefined : true,
      dynamicStableScale: form.dynamicStableScale,
      minContainers: form.minPodsPerReplicaSet === 0 ? undefined : form.minPodsPerReplicaSet,
      scaleDownDelay: form.scaleDownDelaySeconds,
      abortScaleDownDelay: form.abortScaleDownDelaySeconds,
    }),
    ...(analysis === undefined ? {} : { analysis }),
  };
}

/** One step; none where it is of a kind that is not simulated, which has been warned of as a field. */
function stepOf(step: CanaryStepForm, path: Path, argo: Argo): JsonMap[] {
  if (step.setWeight !== undefined) return [{ setWeight: step.setWeight }];
  if (step.setCanaryScale !== undefined) return [{ setCanaryScale: given(step.setCanaryScale) }];
  if (step.analysis !== undefined) {
    const metrics = metricsOf(step.analysis.templates, [...path, "analysis"], argo);
    return [{ analysis: { metrics: settingsOf(metrics) } }];
  }
  if (step.pause === undefined) return [];
  const { duration } = step.pause;
  if (duration === undefined) {
    argo.report.warn(argo.object, [...path, "pause"], "waits for a person, and none promotes it in the simulation");
    return [{ pause: {} }];
  }
  const length = lengthOf(duration);
  if (length === undefined) {
    argo.report.problem(argo.object, [...path, "pause", "duration"], "expected a duration, such as 40s, 10m or 30");
    return [];
  }
  return [{ pause: { duration: textOf(duration) } }];
}

type Templates = readonly { readonly templateName: string }[] | undefined;

/** The metrics of some templates; of one that is not there, one metric of Argo's defaults, with a warning. */
function metricsOf(templates: Templates, path: Path, { object, analyses, report }: Argo): readonly MetricForm[] {
  return (templates ?? []).flatMap(({ templateName }, i) => {
    const at = [...path, "templates", i, "templateName"];
    const template = analyses.find(
      ({ kind, name, namespace }) =>
        name === templateName && (kind === "ClusterAnalysisTemplate" || namespace === object.namespace),
    );
    if (template === undefined) {
      report.warn(object, at, `${templateName} is not in these manifests: it measures the new release's errors once`);
      return [{ name: templateName }];
    }
    report.warn(object, at, `${templateName} fails when more than 5 % of the new release's answers are errors`);
    return analysisTemplateSchema.parse(template.value).spec.metrics;
  });
}

function settingsOf(metrics: readonly MetricForm[]): JsonValue {
  const all = metrics.length === 0 ? [{ name: "errors" }] : metrics;
  return all.map((metric: MetricForm) => ({
    name: metric.name,
    ...given({
      initialDelay: lengthText(metric.initialDelay),
      interval: lengthText(metric.interval),
      count: wholeOf(metric.count),
      failureLimit: wholeOf(metric.failureLimit),
      inconclusiveLimit: wholeOf(metric.inconclusiveLimit),
      consecutiveErrorLimit: wholeOf(metric.consecutiveErrorLimit),
      consecutiveSuccessLimit: wholeOf(metric.consecutiveSuccessLimit),
    }),
  }));
}

/** Argo writes seconds as plain numbers or as Go durations. */
function textOf(duration: string | number): string {
  return /^\d+$/.test(String(duration)) ? `${duration}s` : String(duration);
}

function lengthOf(duration: string | number | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = parseDuration(textOf(duration));
  return parsed.ok ? parsed.value : undefined;
}

function lengthText(duration: string | number | undefined): string | undefined {
  const length = lengthOf(duration);
  return duration === undefined || length === undefined || length === 0 ? undefined : textOf(duration);
}

function wholeOf(value: string | number | undefined): number | undefined {
  return value === undefined || !/^-?\d+$/.test(String(value)) ? undefined : Number(value);
}

/** Only the keys that have a value. */
export function given(map: Readonly<Record<string, JsonValue | undefined>>): JsonMap {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
