import { CheckError } from "./checkSyntax.ts";

/** A word of a check. `value` is the text of a name or a string, and the number of a number. */
export type Token =
  | { readonly kind: "number"; readonly value: number; readonly from: number; readonly to: number }
  | { readonly kind: "string" | "name"; readonly value: string; readonly from: number; readonly to: number }
  | { readonly kind: "sign"; readonly value: string; readonly from: number; readonly to: number }
  | { readonly kind: "end"; readonly from: number; readonly to: number };

const SIGNS = ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "!", "(", ")", "[", "]", ".", ","];
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$]*/y;
/** After a dot a name may hold hyphens, as names of services and causes do: a minus there needs spaces around it. */
const KEY = /[A-Za-z_$][\w$]*(?:-[\w$]+)*/y;
const SPACE = /\s*/y;

/**
 * Cuts a check into words; the last one is the end.
 *
 * @throws CheckError at a character that belongs to no word, or a string without its end.
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(SPACE, text, at).length;
    if (at >= text.length) break;
    const token = tokenAt(text, at, tokens.at(-1));
    tokens.push(token);
    at = token.to;
  }
  tokens.push({ kind: "end", from: text.length, to: text.length });
  return tokens;
}

function tokenAt(text: string, at: number, previous: Token | undefined): Token {
  const first = text.charAt(at);
  if (first === '"' || first === "'") return stringAt(text, at, first);
  const afterDot = previous?.kind === "sign" && previous.value === ".";
  const name = matchAt(afterDot ? KEY : NAME, text, at);
  if (name !== "") return { kind: "name", value: name, from: at, to: at + name.length };
  const number = matchAt(NUMBER, text, at);
  if (number !== "") return numberAt(text, at, number);
  const sign = SIGNS.find((known) => text.startsWith(known, at));
  if (sign !== undefined) return { kind: "sign", value: sign, from: at, to: at + sign.length };
  throw new CheckError(text, at, unknownCharacter(text, at));
}

function numberAt(text: string, at: number, digits: string): Token {
  let to = at + digits.length;
  let value = Number(digits);
  if (text.charAt(to) === "%") {
    to++;
    value /= 100;
  }
  const unit = matchAt(NAME, text, to);
  if (unit !== "")
    throw new CheckError(
      text,
      to,
      `a number in a check carries no unit, found "${unit}": the key says it (…S in seconds, …Ms in milliseconds)`,
    );
  return { kind: "number", value, from: at, to };
}

function stringAt(text: string, at: number, quote: string): Token {
  let value = "";
  for (let i = at + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === quote) return { kind: "string", value, from: at, to: i + 1 };
    if (character === "\\" && i + 1 < text.length) {
      i++;
      value += text.charAt(i);
    } else {
      value += character;
    }
  }
  throw new CheckError(text, at, `a text in quotes has no end: add another ${quote}`);
}

function unknownCharacter(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === "=") return "a single = means nothing here: write == to compare";
  if (character === "&") return "a single & means nothing here: write && for 'and'";
  if (character === "|") return "a single | means nothing here: write || for 'or'";
  if (character === "%") return "a percent sign follows a number at once, as in 99.9%";
  return `the character ${JSON.stringify(character)} has no place in a check`;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
