/** YAML of every kind as a source tree, by the package `yaml`. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { knownScalar } from "./plainScalar.ts";
import { type Problem, ScenarioError } from "./scenarioError.ts";
import type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";
import { documentsOf, type TokenLimits, TooMuch } from "./yamlTokens.ts";

/** Values nested deeper are refused. */
export const DEEPEST = 64;
const MOST_SYNTAX_PROBLEMS = 20;
const LIMITS: TokenLimits = { characters: 10_000_000, depth: DEEPEST, mistakes: 1000 };

/** Where a text begins in its file, and how many values its tree may have. */
export interface YamlOptions {
  readonly file: string;
  /** The line that the text begins on, 1 unless it is a piece of a file. */
  readonly line?: number;
  readonly values: number;
}

/** Reads one document. @throws ScenarioError with what is wrong with it, or with a second document. */
export function readYamlDocument(text: string, options: YamlOptions): SourceTree {
  const reading = new TreeReading(text, originOf(options));
  const documents = documentsIn(text, reading);
  const [document, second] = documents;
  if (document === undefined || documents.every(isEmpty)) return reading.read(null, 0);
  if (second !== undefined) {
    const message = "a second document begins here, expected one scenario in a file";
    throw new ScenarioError(reading.syntaxProblems([...document.errors, { message, pos: second.range }]));
  }
  return treeOf(document, reading);
}

/** True for comments and markers only. */
function isEmpty({ contents, errors, warnings }: Document.Parsed): boolean {
  return (
    errors.length + warnings.length === 0 && (contents === null || (isScalar(contents) && contents.value === null))
  );
}

/** Reads every document, those without anything in them too. @throws ScenarioError with what is wrong with the first bad one. */
export function readYamlStream(text: string, options: YamlOptions): readonly SourceTree[] {
  const first = new TreeReading(text, originOf(options));
  return documentsIn(text, first).map((document) => treeOf(document, first.anew()));
}

function documentsIn(text: string, reading: TreeReading): readonly Document.Parsed[] {
  try {
    return documentsOf(text, reading.lines, LIMITS);
  } catch (error) {
    if (error instanceof TooMuch) throw new ScenarioError([reading.problemAt(error.offset, error.message)]);
    throw error;
  }
}

/** Where a piece of a document stands, and what it may still hold. */
export interface PieceOptions {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly depth: number;
  readonly values: number;
}

/**
 * Reads a flow collection or a scalar cut out of a document; undefined unless it is all of the text and has nothing that refers
 * to, or can be referred to from, the rest. Gives the number of its values too.
 */
export function readYamlPiece(
  text: string,
  { depth, ...origin }: PieceOptions,
): { readonly tree: SourceTree; readonly values: number } | undefined {
  const reading = new TreeReading(text, origin);
  try {
    const [document] = documentsIn(text, reading);
    if (document === undefined) return undefined;
    const { contents, errors, warnings } = document;
    if (errors.length > 0 || warnings.length > 0 || contents?.range?.[1] !== text.length) return undefined;
    const tree = reading.read(contents, depth);
    return reading.problems.length > 0 ? undefined : { tree, values: reading.values };
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/** The complaint about a document of too many values. */
export function tooManyValues(most: number): string {
  return `found more than ${most} values (aliases counted as often as they are used), expected fewer`;
}

type Origin = Omit<PieceOptions, "depth">;

function originOf({ file, line = 1, values }: YamlOptions): Origin {
  return { file, line, column: 1, values };
}

function treeOf(document: Pick<Document, "errors" | "warnings" | "contents">, reading: TreeReading): SourceTree {
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new ScenarioError(reading.syntaxProblems(faults));
  const tree = reading.read(document.contents, 0);
  if (reading.problems.length > 0) throw new ScenarioError(reading.problems);
  return tree;
}

/** What the package complains about, from an offset on. */
interface Fault {
  readonly message: string;
  readonly code?: string;
  readonly pos: readonly [number, ...number[]];
}

/** One walk over a parsed document, in its order. */
class TreeReading {
  readonly problems: Problem[] = [];
  readonly lines: LineCounter;
  readonly #text: string;
  readonly #origin: Origin;
  readonly #anchors = new Map<string, unknown>();
  #insideAlias = false;
  /** How many have been read. */
  values = 0;

  constructor(text: string, origin: Origin, lines = new LineCounter()) {
    this.#text = text;
    this.lines = lines;
    this.#origin = origin;
  }

  /** For the next document of the same text: its anchors and its count are its own. */
  anew(): TreeReading {
    return new TreeReading(this.#text, this.#origin, this.lines);
  }

  problemAt(offset: number, message: string): Problem {
    return { ...this.#placeAt(offset), path: "", message };
  }

  /** The tree of a node; of none at all, such as the value in `{ a }`, nothing, said to be at `nearby`. */
  read(node: unknown, depth: number, nearby?: Place): SourceTree {
    const place = (isNode(node) ? undefined : nearby) ?? this.#placeOf(node);
    this.values++;
    if (depth > DEEPEST) this.#stop(place, `found values nested deeper than ${DEEPEST} levels, expected fewer`);
    if (this.values > this.#origin.values) this.#stop(place, tooManyValues(this.#origin.values));
    if (isAlias(node)) return this.#readAlias(node, depth);
    if (isNode(node) && "anchor" in node && node.anchor !== undefined && !this.#insideAlias) {
      this.#anchors.set(String(node.anchor), node);
    }
    if (isMap(node)) return this.#readMap(node, depth);
    if (isSeq(node)) {
      return { kind: "list", place, items: this.#itemsOf(node).map((item) => this.read(item, depth + 1)) };
    }
    return { kind: "scalar", place, value: isScalar(node) ? knownScalar(node.value) : null };
  }

  syntaxProblems(faults: readonly Fault[]): Problem[] {
    // One slip makes the parser stumble over and over, in the same words.
    const first = new Map<string, number>();
    const tab = faults.findIndex(({ code }) => code === "TAB_AS_INDENT");
    // Behind a tab nothing stands where the parser takes it to be.
    for (const { message, pos } of tab < 0 ? faults : faults.slice(0, tab + 1))
      if (!first.has(message)) first.set(message, pos[0]);
    return [...first]
      .slice(0, MOST_SYNTAX_PROBLEMS)
      .map(([message, offset]) => this.problemAt(offset, `not valid YAML: ${message.split("\n", 1)[0] ?? ""}`));
  }

  #readAlias(node: Alias, depth: number): SourceTree {
    const target = this.#anchors.get(node.source);
    if (target === undefined)
      this.#stop(this.#placeOf(node), `found *${node.source}, expected an anchor &${node.source} before it`);
    const outer = this.#insideAlias;
    this.#insideAlias = true;
    const tree = this.read(target, depth + 1);
    this.#insideAlias = outer;
    return tree;
  }

  #readMap(node: YAMLMap, depth: number): SourceTree {
    const entries = new Map<string, SourceEntry>();
    for (const pair of this.#pairsOf(node)) {
      const keyPlace = this.#placeOf(pair.key);
      const key = this.#keyOf(pair.key);
      const first = entries.get(key);
      if (key === "__proto__")
        this.#problem(keyPlace, `found the key "__proto__", which JavaScript keeps for itself: expected another name`);
      else if (first !== undefined) {
        this.#problem(
          keyPlace,
          `found the key ${JSON.stringify(key)} twice (first on line ${first.keyPlace.line}), expected it once`,
        );
      } else entries.set(key, { keyPlace, tree: this.read(pair.value, depth + 1, keyPlace) });
    }
    return { kind: "map", place: this.#placeOf(node), entries };
  }

  /** The pairs of a map; in `{ startup: lognormal(median=4s, p95=9s) }` the comma does not end the value. */
  #pairsOf(node: YAMLMap): readonly { readonly key: unknown; readonly value: unknown }[] {
    const { items } = node;
    if (node.flow !== true) return items;
    const pairs: { key: unknown; value: unknown }[] = [];
    for (let i = 0; i < items.length; i++) {
      const pair = items[i];
      const rest = items.slice(i + 1, i + 1 + MOST_PIECES).map(({ key, value }) => (isBlank(value) ? key : undefined));
      const joined = this.#joinCall(pair?.value, rest);
      pairs.push({ key: pair?.key, value: joined?.value ?? pair?.value });
      i += joined?.pieces ?? 0;
    }
    return pairs;
  }

  /** The items of a list; in `[uniform(1s, 3s)]` the comma does not end the item. */
  #itemsOf(node: YAMLSeq): readonly unknown[] {
    const { items } = node;
    if (node.flow !== true) return items;
    const whole: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      const joined = this.#joinCall(items[i], items.slice(i + 1, i + 1 + MOST_PIECES));
      whole.push(joined?.value ?? items[i]);
      i += joined?.pieces ?? 0;
    }
    return whole;
  }

  /** A call that YAML cut at its commas, put together again from the text; undefined where `first` does not begin one. */
  #joinCall(first: unknown, rest: readonly unknown[]): { value: Scalar; pieces: number } | undefined {
    if (!isPlainText(first) || openBrackets(first.value) <= 0) return undefined;
    let open = openBrackets(first.value);
    for (const [i, piece] of rest.entries()) {
      if (!isPlainText(piece)) return undefined;
      open += openBrackets(String(piece.value));
      if (open > 0) continue;
      const [start] = first.range;
      const joined = new Scalar(this.#text.slice(start, piece.range[1]));
      joined.range = [start, piece.range[1], piece.range[2]];
      return { value: joined, pieces: i + 1 };
    }
    return undefined;
  }

  #keyOf(key: unknown): string {
    if (isAlias(key)) return this.#keyOf(this.#anchors.get(key.source));
    if (isScalar(key)) return String(knownScalar(key.value) ?? "");
    this.#problem(this.#placeOf(key), "found a list or map as a key, expected a name");
    return "";
  }

  #problem(place: Place, message: string): void {
    this.problems.push({ ...place, path: "", message });
  }

  /** Ends the reading: what follows could take for ever. */
  #stop(place: Place, message: string): never {
    throw new ScenarioError([...this.problems, { ...place, path: "", message }]);
  }

  #placeOf(node: unknown): Place {
    const range = isNode(node) ? node.range : undefined;
    return this.#placeAt(range?.[0] ?? 0);
  }

  #placeAt(offset: number): Place {
    const found = this.lines.linePos(offset);
    const line = Math.max(1, found.line);
    const column = Math.max(1, found.col);
    const { file, line: firstLine, column: firstColumn } = this.#origin;
    return { file, line: firstLine + line - 1, column: line === 1 ? firstColumn + column - 1 : column };
  }
}

/** More commas than any call has; it bounds the work on a long list of broken ones. */
const MOST_PIECES = 50;

interface PlainText extends Scalar {
  readonly value: string;
  readonly range: [number, number, number];
}

function isPlainText(node: unknown): node is PlainText {
  return isScalar(node) && node.type === "PLAIN" && Array.isArray(node.range) && node.value !== null;
}

function isBlank(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null && value.source === undefined);
}

function openBrackets(text: unknown): number {
  const of = (bracket: string) => String(text).split(bracket).length;
  return of("(") - of(")");
}
