import type { z } from "zod";
import type { Path } from "../scenario/path.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";

/** Keys that are in what was written and not in what its schema let through, by their paths. */
export function droppedKeys(written: unknown, checked: unknown, path: Path = []): Path[] {
  if (Array.isArray(written)) {
    const items = Array.isArray(checked) ? checked : [];
    return written.flatMap((item: unknown, i) => droppedKeys(item, items[i], [...path, i]));
  }
  if (typeof written !== "object" || written === null || typeof checked !== "object" || checked === null) return [];
  const kept = new Map<string, unknown>(Object.entries(checked));
  return Object.entries(written).flatMap(([key, value]) => {
    const below = [...path, key];
    return kept.has(key) ? droppedKeys(value, kept.get(key), below) : [below];
  });
}

/** Gathers fields that are not simulated: one warning for each kind and field, at the first place where it stands. */
export class UnsimulatedFields {
  readonly #groups = new Map<string, { object: ManifestObject; path: Path; count: number }>();

  /** @param checked what the kind's schema made of the object */
  note(object: ManifestObject, checked: z.output<z.ZodType>): void {
    for (const path of droppedKeys(object.value, checked)) {
      const key = `${object.kind} ${path.map((step) => (typeof step === "number" ? "[]" : step)).join("/")}`;
      const group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, { object, path, count: 1 });
      else group.count++;
    }
  }

  /** Hands the warnings on, in the order in which the fields first stood. */
  tell(report: ManifestReport): void {
    for (const { object, path, count } of this.#groups.values()) {
      const more = count === 1 ? "" : `, nor the ${count - 1} more of this kind and field`;
      report.warn(object, path, `is not simulated${more}`);
    }
  }
}
