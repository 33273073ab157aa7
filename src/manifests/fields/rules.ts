/** What becomes of each field of a manifest: it acts, it says nothing to a simulation, or it is warned about. */
import type { JsonValue } from "../../cluster/podTemplate.ts";

/** What becomes of one field. */
export interface FieldRule {
  /** A field that acts may have fields `inside` that do not; of the others, all that is inside is as they are. */
  readonly verdict: "acts" | "ignored" | "warned";
  /** Why it is ignored or not simulated, or how it acts where its name does not tell; may be empty. */
  readonly why: string;
  /** What stands inside; of a list, in each of its items. */
  readonly inside?: FieldTable | undefined;
  /** What stands inside every item of a list but the first, where that is something else. */
  readonly further?: FieldTable | undefined;
  /** Values that are as good as none. */
  readonly usual?: readonly JsonValue[] | undefined;
  /** Of a field that acts: a warning that it deserves wherever it stands. */
  readonly caution?: string | undefined;
  /** The only values that deserve a warning; left out: all do. */
  readonly only?: readonly JsonValue[] | undefined;
  /** Acts where pods are only placed (`rehearse schedule`), and is warned about where time passes. */
  readonly placingOnly?: boolean | undefined;
}

/** The rules of all fields of one type of Kubernetes' API, under the name that its reference gives the type. */
export interface FieldTable {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldRule>>;
  /** Of all that `fields` do not name; undefined: the type has no more. */
  readonly rest?: FieldRule | undefined;
}

/** All fields of one type. */
export function table(name: string, fields: FieldTable["fields"], rest?: FieldRule): FieldTable {
  return { name, fields, rest };
}

/** It acts, with all that is inside. */
export function acts(why = ""): FieldRule {
  return { verdict: "acts", why };
}

/** It acts by what is inside. */
export function holds(inside: FieldTable, more: Pick<FieldRule, "further" | "caution"> = {}): FieldRule {
  return { verdict: "acts", why: "", inside, ...more };
}

/** It acts in `rehearse schedule` only. */
export function actsInPlacing(why: string): FieldRule {
  return { verdict: "acts", why, placingOnly: true };
}

/** It says nothing that a simulation could act on, and nobody needs to be told. */
export function ignored(why: string): FieldRule {
  return { verdict: "ignored", why };
}

/** It would matter in a cluster, and does not here. */
export function warned(why = "", usual: readonly JsonValue[] = []): FieldRule {
  return { verdict: "warned", why, usual };
}

/** The same rule for many fields. */
export function each(names: readonly string[], rule: FieldRule): Readonly<Record<string, FieldRule>> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

/** The rule of a field; undefined: the type has no such field. */
export function ruleOf({ fields, rest }: FieldTable, key: string): FieldRule | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : rest;
}
