/** Argo Rollouts' analyses as ours. Source: Argo Rollouts, analysis page, and analysis_types.go. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import type { Path } from "../scenario/path.ts";
import { given, lengthText, wholeOf } from "./argoValues.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import { type AnalysisForm, analysisTemplateSchema, type MetricForm } from "./rolloutSchema.ts";

/** A Rollout, and the templates that it may use. */
export interface Argo {
  readonly object: ManifestObject;
  readonly analyses: readonly ManifestObject[];
  readonly report: ManifestReport;
}

/** The settings of an analysis: the metrics of all its templates, those of a dry run made harmless. */
export function analysisOf(form: AnalysisForm, path: Path, argo: Argo): { readonly metrics: JsonValue } {
  const metrics = (form.templates ?? []).flatMap((ref, i) => {
    const at = [...path, "templates", i, "templateName"];
    const found = metricsOf(ref, argo, []);
    if (found === undefined) {
      const text = `${ref.templateName} is not in these manifests: it measures the new release's errors once`;
      argo.report.warn(argo.object, at, text);
      return [{ name: ref.templateName, isDry: false }];
    }
    const text = `${ref.templateName} fails when more than 5 % of the new release's answers are errors`;
    argo.report.warn(argo.object, at, text);
    return found;
  });
  const dry = form.dryRun ?? [];
  const all = metrics.length === 0 ? [{ name: "errors", isDry: false }] : metrics;
  return { metrics: all.map((metric) => settingsOf({ ...metric, isDry: metric.isDry || isDryIn(dry, metric.name) })) };
}

type TemplateRef = NonNullable<AnalysisForm["templates"]>[number];

interface Metric extends MetricForm {
  readonly isDry: boolean;
}

/** A template's own metrics, then those of the templates that it names; undefined: it is not there. */
function metricsOf(ref: TemplateRef, argo: Argo, around: readonly ManifestObject[]): readonly Metric[] | undefined {
  const template = argo.analyses.find(
    ({ kind, name, namespace }) =>
      name === ref.templateName &&
      (ref.clusterScope === true
        ? kind === "ClusterAnalysisTemplate"
        : kind === "AnalysisTemplate" && namespace === argo.object.namespace),
  );
  if (template === undefined) return undefined;
  // Argo refuses templates that go round in a circle; here the second visit adds nothing.
  if (around.includes(template)) return [];
  const { metrics = [], templates = [], dryRun = [] } = analysisTemplateSchema.parse(template.value).spec;
  const own = metrics.map((metric) => ({ ...metric, isDry: isDryIn(dryRun, metric.name) }));
  return [...own, ...templates.flatMap((other) => metricsOf(other, argo, [...around, template]) ?? [])];
}

/** Names in a dry run are regular expressions, `.*` for all (Argo Rollouts, GetDryRunMetrics). */
function isDryIn(dryRun: NonNullable<AnalysisForm["dryRun"]>, name: string): boolean {
  return dryRun.some(({ metricName }) => {
    try {
      return metricName === name || new RegExp(metricName).test(name);
    } catch {
      // No regular expression: it matches itself only.
      return false;
    }
  });
}

function settingsOf(metric: Metric): JsonMap {
  return {
    name: metric.name,
    ...given({
      initialDelay: lengthText(metric.initialDelay),
      interval: lengthText(metric.interval),
      count: wholeOf(metric.count) === 0 ? undefined : wholeOf(metric.count),
    }),
    ...(metric.isDry
      ? { failureLimit: -1 }
      : given({
          failureLimit: wholeOf(metric.failureLimit),
          inconclusiveLimit: wholeOf(metric.inconclusiveLimit),
          consecutiveErrorLimit: wholeOf(metric.consecutiveErrorLimit),
          consecutiveSuccessLimit: wholeOf(metric.consecutiveSuccessLimit),
        })),
  };
}
