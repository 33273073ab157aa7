import type { Call } from "./call.ts";
import { suggestion } from "./nearest.ts";
import { accepted, type Parsed, refused } from "./refusal.ts";

/** How one argument's text is read. */
export type Reader<Value> = (text: string) => Parsed<Value>;

/** The arguments of a call in their order, by name: `{ median: parseDuration, p95: parseDuration }`. */
export type Signature = Readonly<Record<string, Reader<unknown>>>;

/** What a signature's arguments become. */
export type Arguments<Given extends Signature> = {
  [Key in keyof Given]: Given[Key] extends Reader<infer Value> ? Value : never;
};

/**
 * Reads a call's arguments, by place or by name, as the signature says; `optional` names those that may be missing.
 *
 * A refusal shows how the call is written, as in `lognormal(median, p95)`.
 */
export function readArguments<Given extends Signature, Optional extends keyof Given & string = never>(
  call: Call,
  signature: Given,
  optional: readonly Optional[] = [],
): Parsed<Omit<Arguments<Given>, Optional> & Partial<Pick<Arguments<Given>, Optional>>> {
  const names = Object.keys(signature);
  const form = `${call.name}(${names.join(", ")})`;
  if (call.positional.length > names.length) return refused(`${form}, that is at most ${names.length} values`);
  const texts = new Map<string, string>();
  call.positional.forEach((text, i) => {
    texts.set(names[i] ?? "", text);
  });
  for (const [name, text] of call.named) {
    if (!names.includes(name)) return refused(`${form}: it has no value ${name}=${suggestion(name, names)}`);
    if (texts.has(name)) return refused(`${form}, with ${name} once`);
    texts.set(name, text);
  }
  const values = new Map<string, unknown>();
  for (const name of names) {
    const text = texts.get(name);
    if (text === undefined) {
      if (optional.some((other) => other === name)) continue;
      return refused(`${form}: ${name} is missing`);
    }
    const parsed = signature[name]?.(text);
    if (parsed === undefined || !parsed.ok) return refused(`as ${name} in ${form} ${parsed?.expected ?? "a value"}`);
    values.set(name, parsed.value);
  }
  return accepted(Object.fromEntries(values) as Arguments<Given>);
}

/** Reads a plain number of at least 0. */
export function parseNumber(text: string): Parsed<number> {
  return /^\d+(\.\d+)?$/.test(text) ? accepted(Number(text)) : refused("a number without a unit, such as 1.5");
}
