/** Objects that differ only in what no check looks at: a cluster prints thousands of them, and one check will do for all. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { isMap } from "./jsonMap.ts";
import type { ManifestObject } from "./manifestObject.ts";

/** How many likenesses are remembered before all are let go. */
const MOST_REMEMBERED = 10_000;

/** Likenesses of objects, or of parts of them, that were checked, and of which there was nothing to say. */
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

/** Texts that the server makes for each object. */
const OWN = ["name", "uid", "resourceVersion"];

/**
 * An object's text without its name and the like, the texts of its labels and, of a Pod, the node that it is bound to: the schemas of the
 * kinds take any text there (Kubernetes API reference, ObjectMeta). Whoever judges these has to judge every object.
 */
export function likenessOf({ kind, value }: Pick<ManifestObject, "kind" | "value">): string {
  const { metadata, spec } = value;
  if (!isMap(metadata)) return JSON.stringify(value);
  const masked: Record<string, JsonValue> = { ...metadata };
  for (const key of OWN) if (typeof metadata[key] === "string") masked[key] = "";
  if (isMap(metadata.labels)) masked.labels = withoutTexts(metadata.labels);
  const isBound = kind === "Pod" && isMap(spec) && typeof spec.nodeName === "string" && spec.nodeName !== "";
  return JSON.stringify({ ...value, metadata: masked, ...(isBound ? { spec: { ...spec, nodeName: "n" } } : {}) });
}

function withoutTexts(labels: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, typeof text === "string" ? "" : text]));
}
