import { accepted, type Parsed, refused } from "./refusal.ts";

/** A value written as a call: `lognormal(median=4s, p95=9s)`. Arguments are texts, quotes taken off. */
export interface Call {
  readonly name: string;
  readonly positional: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

const SHAPE = /^([A-Za-z][A-Za-z0-9-]*)\s*\(([\s\S]*)\)$/;
const NAMED = /^([A-Za-z][A-Za-z0-9_]*)\s*=([\s\S]*)$/;

/** True for a text in the notation of a call, whatever its name. */
export function looksLikeCall(text: string): boolean {
  return SHAPE.test(text.trim());
}

/** Reads `name(a, b, key=value)`; arguments may hold calls themselves, and texts in quotes any character. */
export function parseCall(text: string): Parsed<Call> {
  const [, name, inside] = SHAPE.exec(text.trim()) ?? [];
  if (name === undefined || inside === undefined)
    return refused("a name with its values in brackets, such as exponential(40ms)");
  const parts = splitArguments(inside);
  if (parts === undefined) return refused(`brackets and quotes that close again in ${name}(…)`);
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const part of parts) {
    if (part === "") return refused(`a value between the commas of ${name}(…)`);
    const [, key, value] = NAMED.exec(part) ?? [];
    if (key === undefined || value === undefined) {
      if (named.size > 0) return refused(`the named values of ${name}(…) last: ${JSON.stringify(part)} has no name`);
      positional.push(unquoted(part));
    } else {
      if (named.has(key)) return refused(`${key}= once in ${name}(…)`);
      named.set(key, unquoted(value.trim()));
    }
  }
  return accepted({ name, positional, named });
}

/** A text in quotes, a bracket or comma, what lies between, or a quote that never closes. */
const TOKEN = /"[^"]*"|'[^']*'|[(),]|[^"'(),]+|["']/g;

/** At the commas outside brackets and quotes; undefined where those do not close. */
function splitArguments(inside: string): string[] | undefined {
  if (inside.trim() === "") return [];
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const [token] of inside.matchAll(TOKEN)) {
    if (token === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
      continue;
    }
    if (token === '"' || token === "'") return undefined;
    if (token === "(") depth++;
    if (token === ")") depth--;
    if (depth < 0) return undefined;
    part += token;
  }
  if (depth !== 0) return undefined;
  parts.push(part.trim());
  return parts;
}

function unquoted(text: string): string {
  const first = text.charAt(0);
  const isQuoted = text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}

/** A text as it must stand among a call's arguments: quoted where its characters would be read as notation. */
export function formatArgument(text: string): string {
  return /^[^\s,()='"]+$/.test(text) ? text : text.includes('"') ? `'${text}'` : `"${text}"`;
}
