/** Objects that differ only in what no check looks at: a cluster prints thousands of them, and one check will do for all. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { ManifestObject } from "./manifestObject.ts";

/** How many likenesses are remembered before all are let go. */
const MOST_REMEMBERED = 10_000;

/** Likenesses of objects that were checked, and of which there was nothing to say. */
export class Flawless {
  readonly #known = new Set<string>();

  has(likeness: string): boolean {
    return this.#known.has(likeness);
  }

  add(likeness: string): void {
    // JSON writes what is no number or has no end as null: such objects only seem alike.
    if (likeness.includes("null")) return;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.add(likeness);
  }
}

/**
 * An object's text without its name and the texts of its labels: the schemas of the kinds take any text there (Kubernetes API
 * reference, ObjectMeta). Whoever judges names or labels has to judge every object.
 */
export function likenessOf({ value }: Pick<ManifestObject, "value">): string {
  const { metadata } = value;
  if (!isMap(metadata)) return JSON.stringify(value);
  const { name, labels } = metadata;
  const masked = {
    ...metadata,
    ...(typeof name === "string" ? { name: "" } : {}),
    ...(isMap(labels) ? { labels: withoutTexts(labels) } : {}),
  };
  return JSON.stringify({ ...value, metadata: masked });
}

function withoutTexts(labels: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, typeof text === "string" ? "" : text]));
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
