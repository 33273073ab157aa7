/** How a text becomes a value or a refusal, and how a refusal reads. */
import { z } from "zod";

/** A text read, or what was expected in its place: a phrase that goes after "expected". */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly expected: string };

/** The text was as it should be. */
export function accepted<Value>(value: Value): Parsed<Value> {
  return { ok: true, value };
}

/** The text was not; `expected` says in words what should stand there, with an example. */
export function refused(expected: string): { readonly ok: false; readonly expected: string } {
  return { ok: false, expected };
}

const LONGEST_QUOTE = 60;

/** A value as an error shows it: quoted if text, in a few words if big, never more than a line. */
export function quote(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "a map of keys" : `a ${typeof value}`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** The one sentence of every refusal: `found "5x", expected a duration with a unit, such as 250ms`. */
export function refusal(value: unknown, expected: string): string {
  return `found ${quote(value)}, expected ${expected}`;
}

/**
 * A schema for a value written as text. Its issues read `found …, expected …` and carry the phrase in `params.expected`, so that
 * a union of forms can join the phrases of its members.
 */
export function textField<Value>(expected: string, parse: (text: string) => Parsed<Value>) {
  /** A bare number is told what its text would be told: which unit to add. */
  const expectedOf = (input: unknown): string => {
    const parsed = typeof input === "number" ? parse(String(input)) : undefined;
    return parsed === undefined || parsed.ok ? expected : parsed.expected;
  };
  return z
    .string({ error: (issue) => refusal(issue.input, expectedOf(issue.input)) })
    .transform((text, context) => settle(parse(text), text, context));
}

/** As `textField`, where a bare number is fine too: it is read as its text. */
export function textOrNumberField<Value>(expected: string, parse: (text: string) => Parsed<Value>) {
  return z
    .union([z.number(), z.string()], { error: (issue) => refusal(issue.input, expected) })
    .transform((given, context) => settle(parse(String(given)), given, context));
}

interface IssueSink {
  addIssue(issue: { code: "custom"; message: string; input: unknown; params: { expected: string } }): void;
}

function settle<Value>(parsed: Parsed<Value>, input: unknown, context: IssueSink): Value {
  if (parsed.ok) return parsed.value;
  const { expected } = parsed;
  context.addIssue({ code: "custom", message: refusal(input, expected), input, params: { expected } });
  return z.NEVER;
}
