/** Arguments of an Argo analysis. Source: Argo Rollouts, analysis page; utils/analysis/helpers.go (MergeArgs), ResolveMetricArgs. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { mapsOf } from "./findings.ts";
import { isMap, mapAt } from "./jsonMap.ts";
import type { ManifestObject } from "./manifestObject.ts";

/** Values by name: the Rollout's before those of the templates. What a Secret or a field holds is not known here, and left out. */
export function argumentValues(analysis: JsonMap, templates: readonly ManifestObject[]): ReadonlyMap<string, string> {
  const lists = [...templates.map(({ value }) => mapAt(value, "spec").args), analysis.args];
  const pairs = lists.flatMap(mapsOf).flatMap(({ map: { name, value } }): [string, string][] => {
    return typeof name === "string" && isScalar(value) ? [[name, String(value)]] : [];
  });
  return new Map(pairs);
}

/** Puts the values into `{{args.name}}`; what is not known stays as it is written. */
export function withArguments<Value extends JsonValue>(value: Value, values: ReadonlyMap<string, string>): Value {
  return filled(value, values) as Value;
}

function filled(value: JsonValue, values: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === "string") {
    return value.replaceAll(/\{\{\s*args\.([^\s{}]+)\s*\}\}/g, (all, name: string) => values.get(name) ?? all);
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => filled(item, values));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, values)]));
}

function isScalar(value: JsonValue | undefined): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
