/** JSON, checked and made into plain values in one pass; stricter than `JSON.parse`, and it knows where it stopped. */

/** Why a text is not read here: it is no strict JSON, or holds what the reader of YAML refuses too. */
export interface JsonFault {
  readonly offset: number;
  /** Such as `found the key "a" twice, expected it once`. */
  readonly message: string;
}

/** How much a text may hold. */
export interface JsonLimits {
  readonly values: number;
  readonly depth: number;
}

/** The value and where it begins, or what is wrong. */
export type JsonParsing =
  | { readonly ok: true; readonly start: number; readonly value: unknown }
  | { readonly ok: false; readonly fault: JsonFault };

/** Parses one whole text. Keys given twice, `__proto__` and too much of anything are faults as well. */
export function parseJson(text: string, limits: JsonLimits): JsonParsing {
  const parser = new Parser(text, limits);
  try {
    const start = parser.skipSpace(0);
    const value = parser.value(start, 0);
    const end = parser.skipSpace(parser.end);
    if (end < text.length) parser.fault(end, "expected the end of the text");
    return { ok: true, start, value };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, fault: error.fault };
    throw error;
  }
}

class Stop extends Error {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** The characters that make up JSON's frame. */
export const CODE = {
  quote: 0x22,
  backslash: 0x5c,
  comma: 0x2c,
  colon: 0x3a,
  openMap: 0x7b,
  closeMap: 0x7d,
  openList: 0x5b,
  closeList: 0x5d,
} as const;
const FIRST_PRINTABLE = 0x20;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** JSON's white space. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** One pass over the text: checks all of it, and makes the plain values. */
class Parser {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #count = 0;
  /** Where the value that was read last ends. */
  end = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  fault(offset: number, message: string): never {
    throw new Stop({ offset, message });
  }

  skipSpace(from: number): number {
    let at = from;
    while (isSpace(this.#text.charCodeAt(at))) at++;
    return at;
  }

  value(at: number, depth: number): unknown {
    if (depth > this.#limits.depth)
      this.fault(at, `found values nested deeper than ${this.#limits.depth} levels, expected fewer`);
    if (++this.#count > this.#limits.values)
      this.fault(at, `found more than ${this.#limits.values} values, expected fewer`);
    switch (this.#text.charCodeAt(at)) {
      case CODE.openMap:
        return this.#map(at, depth);
      case CODE.openList:
        return this.#list(at, depth);
      case CODE.quote:
        return this.#string(at);
      default:
        return this.#word(at);
    }
  }

  #map(start: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    let at = this.skipSpace(start + 1);
    if (this.#text.charCodeAt(at) === CODE.closeMap) {
      this.end = at + 1;
      return map;
    }
    for (;;) {
      if (this.#text.charCodeAt(at) !== CODE.quote) this.fault(at, "expected a key in double quotes");
      const key = this.#string(at);
      if (key === "__proto__") {
        this.fault(at, `found the key "__proto__", which JavaScript keeps for itself: expected another name`);
      }
      if (Object.hasOwn(map, key)) this.fault(at, `found the key ${JSON.stringify(key)} twice, expected it once`);
      at = this.skipSpace(this.end);
      if (this.#text.charCodeAt(at) !== CODE.colon) this.fault(at, "expected a colon after the key");
      map[key] = this.value(this.skipSpace(at + 1), depth + 1);
      at = this.skipSpace(this.end);
      const next = this.#text.charCodeAt(at);
      if (next === CODE.closeMap) break;
      if (next !== CODE.comma) this.fault(at, "expected a comma or a closing brace");
      at = this.skipSpace(at + 1);
    }
    this.end = at + 1;
    return map;
  }

  #list(start: number, depth: number): unknown[] {
    const items: unknown[] = [];
    let at = this.skipSpace(start + 1);
    if (this.#text.charCodeAt(at) === CODE.closeList) {
      this.end = at + 1;
      return items;
    }
    for (;;) {
      items.push(this.value(at, depth + 1));
      at = this.skipSpace(this.end);
      const next = this.#text.charCodeAt(at);
      if (next === CODE.closeList) break;
      if (next !== CODE.comma) this.fault(at, "expected a comma or a closing bracket");
      at = this.skipSpace(at + 1);
    }
    this.end = at + 1;
    return items;
  }

  #string(start: number): string {
    const text = this.#text;
    let at = start + 1;
    let isPlain = true;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === CODE.quote) break;
      // Also past the end, where there is no code at all.
      if (!(code >= FIRST_PRINTABLE)) this.fault(at, "expected the closing quote of a text, on the same line");
      if (code === CODE.backslash) {
        isPlain = false;
        at++;
      }
      at++;
    }
    this.end = at + 1;
    return isPlain ? text.slice(start + 1, at) : this.#escaped(start, text.slice(start, at + 1));
  }

  #escaped(start: number, quoted: string): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.fault(start, "expected only the escapes that JSON has");
    }
  }

  #word(at: number): number | boolean | null {
    NUMBER.lastIndex = at;
    const [digits] = NUMBER.exec(this.#text) ?? [];
    if (digits !== undefined) {
      this.end = at + digits.length;
      return Number(digits);
    }
    const known = WORDS.find(([word]) => this.#text.startsWith(word, at));
    if (known === undefined) return this.fault(at, "expected a value");
    this.end = at + known[0].length;
    return known[1];
  }
}
