/** Argo Rollouts' ways to write times and numbers. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { parseDuration } from "../fields/duration.ts";

/** Seconds as plain numbers, or Go durations, as a scenario writes them. */
export function durationText(duration: string | number): string {
  return /^\d+$/.test(String(duration)) ? `${duration}s` : String(duration);
}

/** Its length in µs; undefined for none, and for what is no duration. */
export function lengthOf(duration: string | number | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = parseDuration(durationText(duration));
  return parsed.ok ? parsed.value : undefined;
}

/** A duration above 0 as a scenario writes it; else undefined. */
export function lengthText(duration: string | number | undefined): string | undefined {
  const length = lengthOf(duration);
  return duration === undefined || length === undefined || length === 0 ? undefined : durationText(duration);
}

/** A whole number that may be written as text. */
export function wholeOf(value: string | number | undefined): number | undefined {
  return value === undefined || !/^-?\d+$/.test(String(value)) ? undefined : Number(value);
}

/** Only the keys that have a value. */
export function given(map: Readonly<Record<string, JsonValue | undefined>>): JsonMap {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
