/**
 * Why Argo's controller calls a Rollout invalid for its analyses: it then does nothing at all.
 *
 * Source: Argo Rollouts, pkg/apis/rollouts/validation/validation_references.go, utils/analysis/factory.go and helpers.go. Where its
 * versions differ, what any of them takes is taken.
 */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import type { Path } from "../scenario/path.ts";
import { argumentValues, withArguments } from "./analysisArguments.ts";
import { followTemplates, type TemplateName } from "./analysisTemplates.ts";
import { wholeOf } from "./argoValues.ts";
import { type Finding, isBlank, isGiven, mapsOf } from "./findings.ts";
import { mapAt } from "./jsonMap.ts";
import type { ManifestObject } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";

/** Something that is refused, and the object in which it is to be mended. */
export type PlacedFinding = readonly [ManifestObject, ...Finding];

/** Everything that would be refused in the analyses of a Rollout; what stands in a template, once for each Rollout. */
export function analysisFindings(rollout: ManifestObject, { analyses }: ManifestSet): readonly PlacedFinding[] {
  return analysesOf(rollout).flatMap((analysis) => {
    const path = [...analysis.path, "templates"];
    const { found, missing } = followTemplates(rollout, path, analyses);
    const values = argumentValues(analysis.map, found);
    return [
      ...missing.filter(({ isOfCluster }) => !isOfCluster).map((name) => absent(name, analyses)),
      ...argumentFindings(analysis, found).map((finding): PlacedFinding => [rollout, ...finding]),
      ...twiceFindings(found),
      ...found.flatMap((template) =>
        metricsIn(template).flatMap(({ place, map }) =>
          metricFindings(withArguments(map, values), analysis).map(
            ([rest, text]): PlacedFinding => [template, ["spec", "metrics", place, ...rest], text],
          ),
        ),
      ),
    ];
  });
}

/** One analysis as a Rollout asks for it. */
interface Analysis {
  readonly path: Path;
  readonly map: JsonMap;
  /** It goes on beside the steps, and nothing waits for its end. */
  readonly isBackground: boolean;
}

function analysesOf({ value }: ManifestObject): readonly Analysis[] {
  const above = ["spec", "strategy"];
  const { blueGreen, canary } = mapAt(mapAt(value, "spec"), "strategy");
  if (isGiven(blueGreen)) {
    return ["prePromotionAnalysis", "postPromotionAnalysis"].map((key) => ({
      path: [...above, "blueGreen", key],
      map: mapAt(blueGreen as JsonMap, key),
      isBackground: false,
    }));
  }
  if (!isGiven(canary)) return [];
  const { steps } = canary as JsonMap;
  const inline = mapsOf(steps).map(({ place, map }) => ({
    path: [...above, "canary", "steps", place, "analysis"],
    map: mapAt(map, "analysis"),
    isBackground: false,
  }));
  const path = [...above, "canary", "analysis"];
  return [...inline, { path, map: mapAt(canary as JsonMap, "analysis"), isBackground: true }];
}

function metricsIn({ value }: ManifestObject) {
  return mapsOf(mapAt(value, "spec").metrics);
}

/** Those of the whole cluster may be its administrator's, and are warned about instead (`argoAnalysis.ts`). */
function absent({ object, path, name }: TemplateName, analyses: readonly ManifestObject[]): PlacedFinding {
  const near = analyses.filter(({ namespace, kind }) => kind === "AnalysisTemplate" && namespace === object.namespace);
  const isOfCluster = analyses.some((one) => one.kind === "ClusterAnalysisTemplate" && one.name === name);
  const others =
    near.length === 0
      ? ", and there is none"
      : suggestion(
          name,
          near.map((one) => one.name),
        );
  const hint = isOfCluster ? "; the one of the cluster is named with clusterScope: true" : others;
  return [object, path, refusal(name, `the name of an AnalysisTemplate in these manifests${hint}`)];
}

/** What a template asks for has to be given by it, or by the Rollout (MergeArgs, flattenArgs). */
function argumentFindings({ map, path }: Analysis, templates: readonly ManifestObject[]): Finding[] {
  const given = mapsOf(map.args).map((one) => one.map.name);
  const values = new Map<JsonValue | undefined, JsonValue>();
  const findings: Finding[] = [];
  const asked = templates.flatMap((template) =>
    mapsOf(mapAt(template.value, "spec").args).map((one) => ({ template, argument: one.map })),
  );
  for (const { argument } of asked) {
    const { name, value } = argument;
    const other = values.get(name);
    if (value !== undefined && other !== undefined && other !== value) {
      const text = `the templates give ${String(name)} two values, ${JSON.stringify(other)} and ${JSON.stringify(value)}`;
      findings.push([[...path, "templates"], text]);
    }
    if (value !== undefined) values.set(name, value);
  }
  const isKnown = ({ name, valueFrom }: JsonMap) =>
    isGiven(valueFrom) || values.has(name) || given.includes(name ?? "");
  const told = new Set<JsonValue | undefined>();
  for (const { template, argument } of asked) {
    if (isKnown(argument) || told.has(argument.name)) continue;
    told.add(argument.name);
    const text = `found no value of ${String(argument.name)}, which ${template.kind} ${template.name} asks for`;
    findings.push([[...path, "args"], text]);
  }
  return findings;
}

/** Of one analysis, all metrics have names of their own (flattenMetrics). */
function twiceFindings(templates: readonly ManifestObject[]): readonly PlacedFinding[] {
  const owners = new Map<JsonValue | undefined, ManifestObject>();
  return templates.flatMap((template) =>
    metricsIn(template).flatMap(({ place, map: { name } }): PlacedFinding[] => {
      const owner = owners.get(name);
      owners.set(name, template);
      if (owner === undefined) return [];
      const where = owner === template ? "" : ` (${owner.kind} ${owner.name} has one, and is used beside this)`;
      const text = refusal(name, `a name that no other metric of the analysis has${where}`);
      return [[template, ["spec", "metrics", place, "name"], text]];
    }),
  );
}

/** ValidateMetric, and what a step can wait for (ValidateAnalysisTemplateWithType). */
function metricFindings(metric: JsonMap, { isBackground }: Analysis): Finding[] {
  const findings: Finding[] = [];
  const [count, hasInterval] = [numberAt(metric, "count"), !isBlank(metric.interval)];
  for (const key of ["failureLimit", "inconclusiveLimit"]) {
    const limit = numberAt(metric, key) ?? 0;
    if (count !== undefined && count > 0 && limit > count) {
      findings.push([[key], refusal(limit, `at most the count of ${count}: it could never be exceeded`)]);
    }
  }
  if (count !== undefined && count > 1 && !hasInterval) {
    findings.push([["count"], `found ${count} and no interval, expected one, such as interval: 30s`]);
  }
  const isEndless = (metric.count === undefined || count === 0) && hasInterval;
  if (isEndless && !isBackground && (numberAt(metric, "consecutiveSuccessLimit") ?? 0) === 0) {
    const text = "found an interval and no count, expected a count: what waits for the analysis would wait for ever";
    findings.push([["interval"], text]);
  }
  const providers = Object.keys(mapAt(metric, "provider"));
  if (providers.length > 1) {
    findings.push([["provider"], `found ${providers.join(" and ")}, expected only one of them`]);
  }
  return findings;
}

function numberAt(map: JsonMap, key: string): number | undefined {
  const value = map[key];
  return typeof value === "string" || typeof value === "number" ? wholeOf(value) : undefined;
}
