/** Looks into JSON of which nobody knows the shape. */
import type { JsonMap } from "../cluster/podTemplate.ts";

/** Whether a JSON value is a map. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map under a key; an empty one where there is none. */
export function mapAt(map: JsonMap, key: string): JsonMap {
  const value = Object.hasOwn(map, key) ? map[key] : undefined;
  return isMap(value) ? value : {};
}
