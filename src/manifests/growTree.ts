import type { JsonValue } from "../cluster/podTemplate.ts";
import type { Place, SourceTree } from "../scenario/sourceTree.ts";

/** A value as a tree, all of it standing at one place. */
export function leaf(place: Place, value: JsonValue): SourceTree {
  if (Array.isArray(value)) return { kind: "list", place, items: value.map((item: JsonValue) => leaf(place, item)) };
  if (typeof value !== "object" || value === null) {
    return { kind: "scalar", place, value: value as string | number | boolean | null };
  }
  const entries = Object.entries(value).map(
    ([key, item]: [string, JsonValue]) => [key, { keyPlace: place, tree: leaf(place, item) }] as const,
  );
  return { kind: "map", place, entries: new Map(entries) };
}

/** A map of trees; keys without one are left out, and each key stands where its value does. */
export function branch(place: Place, trees: Readonly<Record<string, SourceTree | undefined>>): SourceTree {
  const entries = Object.entries(trees).flatMap(([key, tree]) =>
    tree === undefined ? [] : [[key, { keyPlace: tree.place, tree }] as const],
  );
  return { kind: "map", place, entries: new Map(entries) };
}

/** What is under a key of a map; undefined where there is none, or nothing. */
export function childOf(tree: SourceTree | undefined, key: string): SourceTree | undefined {
  const child = tree?.kind === "map" ? tree.entries.get(key)?.tree : undefined;
  return child?.kind === "scalar" && child.value === null ? undefined : child;
}

/**
 * `over` laid on `under`: maps are joined key by key wherever `isJoined` says so of their path, anything else of `over` takes the
 * place of what was there, unless it is nothing.
 */
export function laidOver(
  under: SourceTree,
  over: SourceTree,
  isJoined: (path: readonly string[]) => boolean,
  path: readonly string[] = [],
): SourceTree {
  if (under.kind !== "map" || over.kind !== "map" || !isJoined(path)) return over;
  const entries = new Map(under.entries);
  for (const [key, { keyPlace, tree }] of over.entries) {
    const below = entries.get(key)?.tree;
    if (below !== undefined && tree.kind === "scalar" && tree.value === null) continue;
    const joined = below === undefined ? tree : laidOver(below, tree, isJoined, [...path, key]);
    entries.set(key, { keyPlace, tree: joined });
  }
  return { kind: "map", place: over.place, entries };
}
