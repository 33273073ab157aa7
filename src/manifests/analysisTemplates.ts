/** The templates of an Argo analysis. Source: Argo Rollouts, utils/analysis/helpers.go and rollout/controller.go. */
import type { JsonValue } from "../cluster/podTemplate.ts";
import { valueAt } from "../scenario/issues.ts";
import type { Path } from "../scenario/path.ts";
import { mapsOf } from "./findings.ts";
import type { ManifestObject } from "./manifestObject.ts";

/** A template's name that one object writes. */
export interface TemplateName {
  /** Who writes it: the Rollout, or a template that builds on others. */
  readonly object: ManifestObject;
  readonly path: Path;
  readonly name: string;
  readonly isOfCluster: boolean;
}

/** What the names of an analysis lead to. */
export interface AnalysisTemplates {
  /** Each once, however often it is named: the named ones, and those that they build on. */
  readonly found: readonly ManifestObject[];
  readonly missing: readonly TemplateName[];
}

/** Follows every name of a list of templates, `spec.templates` or `….analysis.templates`, in the namespace of who writes it. */
export function followTemplates(
  object: ManifestObject,
  path: Path,
  analyses: readonly ManifestObject[],
): AnalysisTemplates {
  const found = new Set<ManifestObject>();
  const missing: TemplateName[] = [];
  const follow = (name: TemplateName) => {
    const template = analyses.find(
      (one) =>
        one.name === name.name &&
        (name.isOfCluster
          ? one.kind === "ClusterAnalysisTemplate"
          : one.kind === "AnalysisTemplate" && one.namespace === object.namespace),
    );
    if (template === undefined) missing.push(name);
    if (template === undefined || found.has(template)) return;
    found.add(template);
    namesIn(template, ["spec", "templates"]).forEach(follow);
  };
  namesIn(object, path).forEach(follow);
  return { found: [...found], missing };
}

function namesIn(object: ManifestObject, path: Path): readonly TemplateName[] {
  return mapsOf(valueAt(object.value, path) as JsonValue | undefined).map(({ place, map }) => ({
    object,
    path: [...path, place, "templateName"],
    name: String(map.templateName),
    isOfCluster: map.clusterScope === true,
  }));
}
