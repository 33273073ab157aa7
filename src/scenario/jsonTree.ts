/** JSON as a source tree, many times faster than YAML's reader: what a cluster prints of itself is JSON, and large. */
import { CODE, isSpace, type JsonFault, type JsonLimits, parseJson } from "./jsonParser.ts";
import type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";

/** One JSON text: a map or a list as a tree, or what is wrong with it. */
export type JsonReading =
  | { readonly ok: true; readonly tree: SourceTree }
  | { readonly ok: false; readonly fault: JsonFault };

/** True for a text that may be JSON: it begins with a bracket. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** Reads strict JSON. The tree's inner nodes are made when somebody looks at them; their values are there at once. */
export function readJson(text: string, file: string, limits: JsonLimits): JsonReading {
  const parsed = parseJson(text, limits);
  if (!parsed.ok) return parsed;
  return { ok: true, tree: treeAt({ text, places: new Places(text, file) }, parsed.start, parsed.value) };
}

/** Line and column of an offset, both from 1. */
export function placeOfOffset(text: string, file: string, offset: number): Place {
  return new Places(text, file).at(offset);
}

/**
 * The value of a tree that this file made, as long as nobody has looked inside: nobody can have changed it then. Undefined for any
 * other tree. Keys whose value is null are in it. Read only: it is shared with the tree.
 */
export function untouchedValue(tree: SourceTree): object | undefined {
  return tree instanceof JsonMapTree || tree instanceof JsonListTree ? tree.untouched : undefined;
}

/** Lines of a text, found when the first place is asked for. */
class Places {
  readonly #text: string;
  readonly #file: string;
  #starts: number[] | undefined;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  at(offset: number): Place {
    const starts = this.#starts ?? this.#findLines();
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { file: this.#file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  #findLines(): number[] {
    const starts = [0];
    for (let at = this.#text.indexOf("\n"); at >= 0; at = this.#text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}

interface Source {
  readonly text: string;
  readonly places: Places;
}

function treeAt(source: Source, offset: number, value: unknown): SourceTree {
  if (Array.isArray(value)) return new JsonListTree(source, offset, value);
  if (typeof value === "object" && value !== null) {
    return new JsonMapTree(source, offset, value as Readonly<Record<string, unknown>>);
  }
  return { kind: "scalar", place: source.places.at(offset), value: value as string | number | boolean | null };
}

class JsonMapTree {
  readonly kind = "map";
  readonly place: Place;
  readonly #source: Source;
  readonly #offset: number;
  readonly #value: Readonly<Record<string, unknown>>;
  #entries: Map<string, SourceEntry> | undefined;

  constructor(source: Source, offset: number, value: Readonly<Record<string, unknown>>) {
    this.#source = source;
    this.#offset = offset;
    this.#value = value;
    this.place = source.places.at(offset);
  }

  get untouched(): object | undefined {
    return this.#entries === undefined ? this.#value : undefined;
  }

  get entries(): Map<string, SourceEntry> {
    this.#entries ??= this.#read();
    return this.#entries;
  }

  #read(): Map<string, SourceEntry> {
    const { text, places } = this.#source;
    const entries = new Map<string, SourceEntry>();
    let at = afterSpace(text, this.#offset + 1);
    while (text.charCodeAt(at) !== CODE.closeMap) {
      const end = endOfString(text, at);
      const key = JSON.parse(text.slice(at, end)) as string;
      const value = afterSpace(text, afterSpace(text, end) + 1);
      entries.set(key, { keyPlace: places.at(at), tree: treeAt(this.#source, value, this.#value[key]) });
      at = afterComma(text, endOfValue(text, value));
    }
    return entries;
  }
}

class JsonListTree {
  readonly kind = "list";
  readonly place: Place;
  readonly #source: Source;
  readonly #offset: number;
  readonly #value: readonly unknown[];
  #items: SourceTree[] | undefined;

  constructor(source: Source, offset: number, value: readonly unknown[]) {
    this.#source = source;
    this.#offset = offset;
    this.#value = value;
    this.place = source.places.at(offset);
  }

  get untouched(): object | undefined {
    return this.#items === undefined ? this.#value : undefined;
  }

  get items(): SourceTree[] {
    this.#items ??= this.#read();
    return this.#items;
  }

  #read(): SourceTree[] {
    const { text } = this.#source;
    let at = afterSpace(text, this.#offset + 1);
    return this.#value.map((value) => {
      const tree = treeAt(this.#source, at, value);
      at = afterComma(text, endOfValue(text, at));
      return tree;
    });
  }
}

// What follows walks over text that the parser has found to be right.

function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function afterComma(text: string, from: number): number {
  const at = afterSpace(text, from);
  return text.charCodeAt(at) === CODE.comma ? afterSpace(text, at + 1) : at;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === CODE.quote) return at + 1;
    if (code === CODE.backslash) at++;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === CODE.quote) return endOfString(text, start);
  if (first === CODE.openMap || first === CODE.openList) return endOfBrackets(text, start);
  let at = start;
  while (!isEndOfWord(text.charCodeAt(at))) at++;
  return at;
}

function isEndOfWord(code: number): boolean {
  return code === CODE.comma || code === CODE.closeMap || code === CODE.closeList || isSpace(code);
}

function endOfBrackets(text: string, start: number): number {
  let open = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === CODE.quote) at = endOfString(text, at) - 1;
    else if (code === CODE.openMap || code === CODE.openList) open++;
    else if (code === CODE.closeMap || code === CODE.closeList) open--;
    at++;
  } while (open > 0);
  return at;
}
