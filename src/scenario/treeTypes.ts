import type { Problem } from "./scenarioError.ts";

/** Where a value stands. */
export type Place = Pick<Problem, "file" | "line" | "column">;

/** A scalar, a list or a map with string keys. Lists and maps may be changed by overrides; nobody else does. */
export type SourceTree =
  | { readonly kind: "scalar"; readonly place: Place; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly place: Place; readonly items: SourceTree[] }
  | { readonly kind: "map"; readonly place: Place; readonly entries: Map<string, SourceEntry> };

/** A value under a key. */
export interface SourceEntry {
  readonly keyPlace: Place;
  readonly tree: SourceTree;
}
