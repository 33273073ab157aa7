import { suggestion } from "../../fields/nearest.ts";
import type { Path } from "../../scenario/path.ts";
import { type FieldRule, type FieldTable, ruleOf } from "./rules.ts";

/** What manifests are read for: placing pods without a clock, or letting time pass. */
export type Purpose = "placing" | "running";

/** Something to say of a field that stands in a manifest. */
export interface FieldRemark {
  readonly path: Path;
  /** Its beginning, after which the number of further places is told, and its end. */
  readonly says: string;
  readonly because: string;
}

/** What is to be said of the fields of a value that is of some type, in their order. */
export function judgeFields(value: unknown, table: FieldTable, view: FieldView): readonly FieldRemark[] {
  return remarksOn(value, { ...view, table, path: [] });
}

/** What the judgement of a field depends on besides its rule. */
export interface FieldView {
  readonly purpose: Purpose;
  /** The place of the container that answers the requests. */
  readonly answering: number;
}

interface Spot extends FieldView {
  readonly table: FieldTable;
  readonly path: Path;
}

function remarksOn(value: unknown, { table, path, ...view }: Spot): readonly FieldRemark[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const at = [...path, key];
    const rule = ruleOf(table, key);
    if (rule === undefined) {
      const near = suggestion(key, Object.keys(table.fields));
      const hint = near.includes("did you mean") ? near : "";
      return [{ path: at, says: `is no field that Kubernetes has here${hint}`, because: "it has no effect" }];
    }
    return [...remarksOnField(item, rule, view.purpose, at), ...remarksInside(item, rule, { ...view, path: at })];
  });
}

function remarksOnField(value: unknown, rule: FieldRule, purpose: Purpose, path: Path): readonly FieldRemark[] {
  const { verdict, why, caution, usual = [], only } = rule;
  const isTold = !isEmpty(value) && !usual.some((one) => one === value) && (only?.some((one) => one === value) ?? true);
  if (!isTold) return [];
  if (verdict === "warned" || (rule.placingOnly === true && purpose === "running")) {
    return [{ path, says: "is not simulated", because: why }];
  }
  return caution === undefined ? [] : [{ path, says: caution, because: "" }];
}

function remarksInside(value: unknown, rule: FieldRule, spot: Omit<Spot, "table">): readonly FieldRemark[] {
  const { inside, further = inside } = rule;
  if (inside === undefined || further === undefined) return [];
  if (!Array.isArray(value)) return remarksOn(value, { ...spot, table: inside });
  return value.flatMap((item: unknown, i) => {
    return remarksOn(item, { ...spot, table: i === spot.answering ? inside : further, path: [...spot.path, i] });
  });
}

/** The API server cannot tell an empty map, list or text from none. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === "" || value === undefined || value === null;
}
