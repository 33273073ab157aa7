/** How the API server's rules say what they refuse, and how they look into JSON whose shape a schema has checked only in part. */

import type { JsonMap, JsonValue } from "../../cluster/podTemplate.ts";
import { refusal } from "../../fields/refusal.ts";
import type { Path } from "../../scenario/path.ts";
import { isMap } from "../jsonMap.ts";

/** Something that is refused: where, below what was looked at, and `found …, expected …`. */
export type Finding = readonly [path: Path, text: string];

/** `found …, expected …` at a path. */
export function found(path: Path, value: unknown, expected: string): Finding {
  return [path, refusal(value, expected)];
}

/** Findings below a key or an index, with the whole path in front. */
export function under(path: Path, findings: readonly Finding[]): Finding[] {
  return findings.map(([tail, text]): Finding => [[...path, ...tail], text]);
}

/** The maps of a list, each with its place in the list; none where there is no list. */
export function mapsOf(list: JsonValue | undefined): readonly { readonly i: number; readonly item: JsonMap }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: JsonValue, i) => (isMap(item) ? [{ i, item }] : []));
}

/** The texts of a list, each with its place in the list. */
export function textsIn(list: JsonValue | undefined): readonly { readonly i: number; readonly text: string }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((text: JsonValue, i) => (typeof text === "string" ? [{ i, text }] : []));
}

/** What each item of a list is refused for, below `key`. */
export function eachOf(map: JsonMap, key: string, judge: (item: JsonMap, i: number) => readonly Finding[]): Finding[] {
  return mapsOf(map[key]).flatMap(({ i, item }) => under([key, i], judge(item, i)));
}

/** What a map under a key is refused for; nothing where there is none. */
export function within(map: JsonMap, key: string, judge: (inner: JsonMap) => readonly Finding[]): Finding[] {
  const inner = map[key];
  return isMap(inner) ? under([key], judge(inner)) : [];
}

/** A text that must be there and fit a form. Left out or empty, it is missing; of another type, the schema's affair. */
export function needed(map: JsonMap, key: string, form: Form): Finding[] {
  const value = map[key];
  if (value === undefined || value === "") return [found([key], value, form.expected)];
  return fitting(map, key, form);
}

/** A text that must fit a form where it is there; an empty one is as good as none. */
export function fitting(map: JsonMap, key: string, form: Form): Finding[] {
  const value = map[key];
  return typeof value !== "string" || value === "" || form.fits(value) ? [] : [found([key], value, form.expected)];
}

/** One of a few words where it is there; an empty one is as good as none. */
export function oneOf(map: JsonMap, key: string, words: readonly string[]): Finding[] {
  const expected = words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
  return fitting(map, key, { fits: (text) => words.includes(text), expected });
}

/** As `oneOf` of a word without a default: an empty one is wrong too. */
export function oneOfGiven(map: JsonMap, key: string, words: readonly string[]): Finding[] {
  return map[key] === "" ? [found([key], "", `one of ${words.join(", ")}`)] : oneOf(map, key, words);
}

/** A whole number of a range where it is there. */
export function ranged(map: JsonMap, key: string, { from, to }: { readonly from: number; readonly to: number }) {
  const value = map[key];
  if (typeof value !== "number" || (value >= from && value <= to)) return [];
  return [found([key], value, `a whole number from ${from} to ${to}`)];
}

/** Texts of which each may stand only once, by a key. */
export function doubles(list: JsonValue | undefined, key: string, what: string): Finding[] {
  const first = new Map<JsonValue, number>();
  return mapsOf(list).flatMap(({ i, item }) => {
    const value = item[key];
    if (value === undefined || value === "") return [];
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, i);
      return [];
    }
    return [
      [
        [i, key],
        `found a second ${what} ${JSON.stringify(value)}, expected each once (the first is [${before}])`,
      ] as const,
    ];
  });
}

/** How a text must look. */
export interface Form {
  fits(text: string): boolean;
  /** A phrase that goes after "expected". */
  readonly expected: string;
}

/** Any text but an empty one. */
export function anyText(expected: string): Form {
  return { fits: () => true, expected };
}
