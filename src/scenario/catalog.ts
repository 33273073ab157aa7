import type { ZodType } from "zod";

/** What the reader must know of a plugin: its settings' schema, a strict object; undefined: it has no settings. */
export interface CatalogEntry {
  readonly settings?: ZodType | undefined;
  /** What of the settings, as they were written, does not act, and under which path of theirs. */
  warnings?(settings: unknown): readonly { readonly path: string; readonly message: string }[];
}

/** The plugins a scenario may name. Injected, because the reader stands below whoever collects them. */
export interface Catalog {
  readonly strategies: ReadonlyMap<string, CatalogEntry>;
  readonly schedulers: ReadonlyMap<string, CatalogEntry>;
}
