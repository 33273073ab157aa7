import type { AutoscaleMetric } from "../cluster/autoscaleMetrics.ts";
import type { AutoscaleSpec } from "../cluster/policies.ts";
import type { ServiceSpec } from "../cluster/spec.ts";
import type { AutoscaleForm, MetricForm } from "./autoscaleSchema.ts";
import { type SourceForm, sourceOf } from "./metricSources.ts";
import { below, type Spot } from "./parts.ts";
import { checkName, type Reading } from "./reading.ts";

/** An autoscaler whose metrics have their sources; warns of those that nobody supplies. */
export function readAutoscale(
  form: AutoscaleForm | undefined,
  spot: Spot,
  reading: Reading,
): AutoscaleSpec | undefined {
  if (form === undefined) return undefined;
  const { min, max, behavior } = form;
  const metrics = form.metrics.map((metric, i) => {
    // Those of the short keys stand in front of the list.
    const place = i - (form.metrics.length - form.listed);
    return readMetric(metric, place < 0 ? spot : below(spot, "metrics", place), reading);
  });
  return { min, max, metrics, behavior };
}

function readMetric(form: MetricForm, spot: Spot, reading: Reading): AutoscaleMetric {
  if (form.kind === "resource") return form;
  const { from, ...metric } = form;
  checkService(from, below(spot, "from"), reading);
  const source = sourceOf(metric.name, from, reading.metrics);
  const isMeant = from?.kind === "none" || reading.metrics.get(metric.name)?.kind === "none";
  if (source.kind === "none" && !isMeant) {
    spot.findings.warn(
      spot.path,
      `nobody supplies the metric ${metric.name}: it asks for nothing, and while it is missing the number never shrinks; ` +
        `the scenario may say what it is, as metrics: { ${metric.name}: requestsPerSecond }, or give it as a series`,
    );
  }
  return { ...metric, source };
}

/** Checks the scenario's word on metrics: the services that it names, and whether any autoscaler asks for the metric. */
export function checkMetrics(services: readonly ServiceSpec[], spot: Spot, reading: Reading): void {
  const metrics = services.flatMap(({ autoscale }) => autoscale?.metrics ?? []);
  const asked = new Set(metrics.flatMap((metric) => (metric.kind === "resource" ? [] : metric.name)));
  for (const [name, form] of reading.metrics) {
    checkService(form, below(spot, name), reading);
    if (!asked.has(name)) spot.findings.warn([...spot.path, name], "has no effect: no autoscaler asks for this metric");
  }
}

function checkService(form: SourceForm | undefined, { path }: Spot, reading: Reading): void {
  if (form?.kind !== "load" || form.service === undefined) return;
  checkName(reading, [...path, "service"], form.service, { word: "a service", known: reading.names.services });
}
