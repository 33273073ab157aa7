/** What the rules for how workloads are updated have in common. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import type { Path } from "../scenario/path.ts";
import { isMap } from "./readManifests.ts";

/** Something that is refused, and where below the part that was looked at. */
export type Finding = readonly [Path, string];

/** The same finding, told from further above. */
export function below(path: Path): (finding: Finding) => Finding {
  return ([rest, text]) => [[...path, ...rest], text];
}

/** True for a count or a percentage of nothing. */
export function isNone(value: JsonValue | undefined): boolean {
  return value === 0 || value === "0" || value === "0%";
}

/** Said of a maxUnavailable of 0 where maxSurge is 0 too. */
export const BOTH_NONE = "found 0 beside a maxSurge of 0, expected one of them above 0: nothing could ever be replaced";

/** The maps of a list; nothing of what is no list. */
export function mapsOf(value: JsonValue | undefined): readonly { readonly place: number; readonly map: JsonMap }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((map: JsonValue, place) => (isMap(map) ? [{ place, map }] : []));
}

/** True for a text that Go reads as none: left out, or empty. */
export function isBlank(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === "";
}

/** True where a key is given, and not as `null`, which the API server takes for left out. */
export function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}
