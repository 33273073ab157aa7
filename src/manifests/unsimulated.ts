import { type FieldRemark, type FieldView, judgeFields } from "./fields/judgeFields.ts";
import { fieldsOfObject } from "./fields/kindFields.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";

/** Gathers fields that deserve a warning: one for each kind and field, at the first place where it stands. */
export class UnsimulatedFields {
  readonly #groups = new Map<string, { object: ManifestObject; remark: FieldRemark; count: number }>();

  /** Notes what is to be said of the fields of an object of a kind that is simulated. @returns how many things that are */
  note(object: ManifestObject, view: FieldView): number {
    const table = fieldsOfObject(object.kind, object.apiVersion);
    const remarks = table === undefined ? [] : judgeFields(object.value, table, view);
    for (const remark of remarks) {
      const place = remark.path.map((step) => (typeof step === "number" ? "[]" : step)).join("/");
      const key = `${object.kind} ${place} ${remark.says} ${remark.because}`;
      const group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, { object, remark, count: 1 });
      else group.count++;
    }
    return remarks.length;
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
