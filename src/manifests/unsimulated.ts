import type { z } from "zod";
import type { Path } from "../scenario/path.ts";
import { type FieldRemark, judgeFields } from "./fields/judgeFields.ts";
import { KIND_FIELDS } from "./fields/kindFields.ts";
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

/** Gathers fields that deserve a warning: one for each kind and field, at the first place where it stands. */
export class UnsimulatedFields {
  readonly #groups = new Map<string, { object: ManifestObject; remark: FieldRemark; count: number }>();

  /** @param checked what the kind's schema made of the object */
  note(object: ManifestObject, checked: z.output<z.ZodType>, { purpose }: Pick<ManifestReport, "purpose">): void {
    const table = KIND_FIELDS.get(object.kind);
    const remarks =
      table === undefined
        ? droppedKeys(object.value, checked).map((path) => ({ path, says: "is not simulated", because: "" }))
        : judgeFields(object.value, table, purpose);
    for (const remark of remarks) {
      const place = remark.path.map((step) => (typeof step === "number" ? "[]" : step)).join("/");
      const key = `${object.kind} ${place} ${remark.says} ${remark.because}`;
      const group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, { object, remark, count: 1 });
      else group.count++;
    }
  }

  /** Hands the warnings on, in the order in which the fields first stood. */
  tell(report: ManifestReport): void {
    for (const { object, remark, count } of this.#groups.values()) {
      const { path, says, because } = remark;
      const others = `the ${count - 1} more of this kind and field`;
      const more = count === 1 ? "" : says.startsWith("is no") ? `, nor ${others}` : `; so do ${others}`;
      report.warn(object, path, `${says}${more}${because === "" ? "" : `: ${because}`}`);
    }
  }
}
