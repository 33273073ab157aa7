/** Argo Rollouts' analyses as ours. Source: Argo Rollouts, analysis page, and analysis_types.go. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { valueAt } from "../scenario/issues.ts";
import type { Path } from "../scenario/path.ts";
import { argumentValues, withArguments } from "./analysisArguments.ts";
import { followTemplates } from "./analysisTemplates.ts";
import { given, lengthText, wholeOf } from "./argoValues.ts";
import { isMap } from "./jsonMap.ts";
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
  const { found, missing } = followTemplates(argo.object, [...path, "templates"], argo.analyses);
  (form.templates ?? []).forEach(({ templateName }, i) => {
    const place = [...path, "templates", i, "templateName"];
    // Those of a namespace have to be there: `analysisReferences.ts`.
    const isMissing = missing.some((name) => name.object === argo.object && name.path.at(-2) === i);
    const text = isMissing
      ? "is not in these manifests: it measures the new release's errors once"
      : "fails when more than 5 % of the new release's answers are errors";
    argo.report.warn(argo.object, place, `${templateName} ${text}`);
  });
  const raw = valueAt(argo.object.value, path);
  const values = argumentValues(isMap(raw) ? raw : {}, found);
  const specs = found.map(({ value }) => analysisTemplateSchema.parse(withArguments(value, values)).spec);
  const dryRun = [form, ...specs].flatMap((one) => one.dryRun ?? []);
  const metrics = specs.flatMap((spec) => spec.metrics ?? []);
  const assumed = missing.map(({ name }) => ({ name }));
  const all = metrics.length + assumed.length === 0 ? [{ name: "errors" }] : [...metrics, ...assumed];
  return { metrics: all.map((metric: MetricForm) => settingsOf(metric, isDryIn(dryRun, metric.name))) };
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

function settingsOf(metric: MetricForm, isDry: boolean): JsonMap {
  return {
    name: metric.name,
    ...given({
      initialDelay: lengthText(metric.initialDelay),
      interval: lengthText(metric.interval),
      count: wholeOf(metric.count) === 0 ? undefined : wholeOf(metric.count),
    }),
    ...(isDry
      ? { failureLimit: -1 }
      : given({
          failureLimit: wholeOf(metric.failureLimit),
          inconclusiveLimit: wholeOf(metric.inconclusiveLimit),
          consecutiveErrorLimit: wholeOf(metric.consecutiveErrorLimit),
          consecutiveSuccessLimit: wholeOf(metric.consecutiveSuccessLimit),
        })),
  };
}
