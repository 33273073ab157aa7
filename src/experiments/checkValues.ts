import { nearest } from "../fields/nearest.ts";

/** What a part of a check comes to; lists and records are parts of the summary. */
export type CheckValue = number | string | boolean | null | object;

/** What a check is held against. */
export interface CheckSubject {
  /** A run's summary, or an example of one. */
  readonly summary: object;
  /** True: the summary is an example, in which each list stands for all its entries by the first one. */
  readonly isExample: boolean;
}

/** In words, for a message. */
export function kindOf(value: CheckValue): string {
  if (value === null) return "nothing (null)";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  if (typeof value === "boolean") return `the truth ${value}`;
  return Array.isArray(value) ? "a list" : "a group of values";
}

/** A part of the summary as a value; what JSON does not know counts as missing. */
export function plain(value: unknown): CheckValue {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "object" && value !== null ? value : null;
}

/** An own property of a record; null where it has none. */
export function ownValue(record: object, key: string): CheckValue {
  return plain(Object.getOwnPropertyDescriptor(record, key)?.value);
}

/** "no such thing", with the nearest name that is there. */
export function missingKey(record: object, key: string, parent: string | number): string {
  const known = Object.keys(record);
  const where = parent === "" ? "" : ` in ${parent}`;
  const guess = nearest(key, known);
  const advice = guess === undefined ? `there is ${listed(known)}` : `did you mean "${guess}"?`;
  const minus = key.includes("-") ? "; a minus needs a space on each side" : "";
  return `there is no "${key}"${where}: ${advice}${minus}`;
}

const MOST_LISTED = 12;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const rest = names.length > MOST_LISTED ? `, and ${names.length - MOST_LISTED} more` : "";
  return names.slice(0, MOST_LISTED).join(", ") + rest;
}
