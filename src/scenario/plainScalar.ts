/** What a plain scalar of YAML means, by the core schema of the package `yaml`. */
import { isScalar, type ScalarTag, Schema } from "yaml";

/** A scalar as the tree holds it. */
export type ScalarValue = string | number | boolean | null;

/** The tags that a plain scalar's text can mean beside text itself. */
const TAGS = new Schema({ schema: "core" }).tags.filter(
  (tag): tag is ScalarTag & { readonly test: RegExp } =>
    tag.collection === undefined && tag.default === true && "test" in tag && tag.test instanceof RegExp,
);
/** The core schema's null, booleans and numbers begin with these; all else is text. */
const MAY_MEAN_MORE = /^[~nNtTfF.0-9+-]/;

/** The value of a plain scalar: `8080`, `true`, `~`, or the text itself. */
export function plainScalar(text: string): ScalarValue {
  if (!MAY_MEAN_MORE.test(text)) return text;
  const tag = TAGS.find(({ test }) => test.test(text));
  if (tag === undefined) return text;
  const resolved: unknown = tag.resolve(text, unexpected, { intAsBigInt: false });
  return knownScalar(isScalar(resolved) ? resolved.value : resolved);
}

/** A value as the tree holds it: of what no tree holds, its text. */
export function knownScalar(value: unknown): ScalarValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : String(value);
}

function unexpected(message: string): never {
  throw new Error(message);
}
