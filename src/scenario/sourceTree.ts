/** The scenario's text as a tree of values that remember where they stood. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { unreachable } from "../kernel/errors.ts";
import { looksLikeJson, placeOfOffset, readJson, untouchedValue } from "./jsonTree.ts";
import type { Path } from "./path.ts";
import { type Problem, ScenarioError } from "./scenarioError.ts";
import type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";

export type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";

/** How much a text may hold before it is refused: so much takes seconds. */
export interface SourceLimits {
  readonly characters: number;
  /** Aliases counted as often as they are used. */
  readonly values: number;
}

const SCENARIO_LIMITS: SourceLimits = { characters: 5_000_000, values: 300_000 };
const DEEPEST = 64;
const MOST_SYNTAX_PROBLEMS = 20;

/**
 * Reads YAML 1.2 (and so JSON) into a tree.
 *
 * @throws ScenarioError on text over 5 MB, NUL bytes, bad syntax, keys given twice, nesting beyond 64, or aliases that expand to
 *   more than 300,000 values.
 */
export function readSource(text: string, file: string): SourceTree {
  refuseUnreadable(text, file, SCENARIO_LIMITS);
  const json = jsonOf(text, file, SCENARIO_LIMITS);
  if (json !== undefined) return json;
  const lines = new LineCounter();
  const document = parseDocument(text, { ...PARSING, lineCounter: lines });
  return treeOf(document, new TreeReading(text, { file, lines, most: SCENARIO_LIMITS.values }));
}

/**
 * Reads every document of a text, those without anything in them left out; each with its number, counted from 1.
 *
 * @throws ScenarioError as `readSource` does, for the first document that has problems.
 */
export function readSources(
  text: string,
  file: string,
  limits: SourceLimits = SCENARIO_LIMITS,
): readonly { readonly number: number; readonly tree: SourceTree }[] {
  refuseUnreadable(text, file, limits);
  const json = jsonOf(text, file, limits);
  if (json !== undefined) return [{ number: 1, tree: json }];
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...PARSING, lineCounter: lines });
  // Without any document the parser gives back an empty list that is a document's stand-in.
  const list = Array.isArray(documents) ? [...documents] : [];
  return list
    .map((document, i) => ({
      number: i + 1,
      tree: treeOf(document, new TreeReading(text, { file, lines, most: limits.values })),
    }))
    .filter(({ tree }) => tree.kind !== "scalar" || tree.value !== null);
}

// Keys given twice are found below: the parser's own check compares every key with every other.
const PARSING = { uniqueKeys: false, prettyErrors: false } as const;

function refuseUnreadable(text: string, file: string, { characters }: SourceLimits): void {
  const nowhere = { file, line: undefined, column: undefined, path: "" };
  if (text.length > characters) {
    const most = `${Math.floor(characters / 1_000_000)} MB`;
    throw new ScenarioError([{ ...nowhere, message: `found more than ${most} of text, expected at most that` }]);
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    const line = text.slice(0, nul).split("\n").length;
    throw new ScenarioError([
      { ...nowhere, line, column: 1, message: "found binary data (a NUL byte), expected YAML text" },
    ]);
  }
}

/** Up to so much, what is no strict JSON is tried as YAML, which knows more and says more; beyond, that takes too long. */
const MOST_TRIED_AS_YAML = 1_000_000;

/** The tree of a text that is strict JSON; undefined for any other. @throws ScenarioError for a large text that only begins as JSON. */
function jsonOf(text: string, file: string, { values }: SourceLimits): SourceTree | undefined {
  if (!looksLikeJson(text)) return undefined;
  const json = readJson(text, file, { values, depth: DEEPEST });
  if (json.ok) return json.tree;
  if (text.length <= MOST_TRIED_AS_YAML) return undefined;
  const { offset, message } = json.fault;
  throw new ScenarioError([{ ...placeOfOffset(text, file, offset), path: "", message: `not valid JSON: ${message}` }]);
}

function treeOf(document: Pick<Document, "errors" | "warnings" | "contents">, reading: TreeReading): SourceTree {
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new ScenarioError(reading.syntaxProblems(faults));
  const tree = reading.read(document.contents, 0);
  if (reading.problems.length > 0) throw new ScenarioError(reading.problems);
  return tree;
}

/** One walk over a parsed document, in its order. */
class TreeReading {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #most: number;
  readonly #anchors = new Map<string, unknown>();
  #values = 0;
  #insideAlias = false;

  constructor(
    text: string,
    { file, lines, most }: { readonly file: string; readonly lines: LineCounter; readonly most: number },
  ) {
    this.#text = text;
    this.#file = file;
    this.#lines = lines;
    this.#most = most;
  }

  read(node: unknown, depth: number): SourceTree {
    const place = this.#placeOf(node);
    this.#values++;
    if (depth > DEEPEST) this.#stop(place, `found values nested deeper than ${DEEPEST} levels, expected fewer`);
    if (this.#values > this.#most) {
      this.#stop(
        place,
        `found more than ${this.#most} values (aliases counted as often as they are used), expected fewer`,
      );
    }
    if (isAlias(node)) return this.#readAlias(node, depth);
    if (isNode(node) && "anchor" in node && node.anchor !== undefined && !this.#insideAlias) {
      this.#anchors.set(String(node.anchor), node);
    }
    if (isMap(node)) return this.#readMap(node, depth);
    if (isSeq(node)) {
      return { kind: "list", place, items: this.#itemsOf(node).map((item) => this.read(item, depth + 1)) };
    }
    return { kind: "scalar", place, value: isScalar(node) ? scalarOf(node.value) : null };
  }

  syntaxProblems(faults: readonly Pick<YAMLError, "code" | "message" | "pos">[]): Problem[] {
    const exhausted = faults.find(({ code }) => code === "RESOURCE_EXHAUSTION");
    if (exhausted !== undefined) {
      const message = `found values nested deeper than ${DEEPEST} levels, expected fewer`;
      return [{ ...this.#placeAt(exhausted.pos[0]), path: "", message }];
    }
    // One slip makes the parser stumble over and over, in the same words.
    const first = faults.filter((fault, i) => faults.findIndex(({ message }) => message === fault.message) === i);
    return first.slice(0, MOST_SYNTAX_PROBLEMS).map(({ code, message, pos }) => {
      const place = this.#placeAt(pos[0]);
      const text =
        code === "MULTIPLE_DOCS" ? "a second document begins here, expected one scenario in a file" : message;
      return { ...place, path: "", message: `not valid YAML: ${text.split("\n", 1)[0] ?? ""}` };
    });
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
      } else entries.set(key, { keyPlace, tree: this.read(pair.value, depth + 1) });
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
    if (isScalar(key)) return String(scalarOf(key.value) ?? "");
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
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
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

function scalarOf(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : String(value);
}

/** The tree as plain data. Maps become objects with exactly their own keys; their names never reach a prototype. */
export function plainValue(tree: SourceTree): unknown {
  const ready = untouchedValue(tree);
  if (ready !== undefined) return ready;
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(plainValue);
    case "map":
      return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, plainValue(entry.tree)]));
    default:
      return unreachable(tree);
  }
}

/** Where the path leads, or the nearest thing above it that exists; of a key, the key itself. */
export function placeAt(tree: SourceTree, path: Path, isKey: boolean): Place {
  let here = tree;
  let keyPlace = tree.place;
  for (const step of path) {
    const entry = here.kind === "map" ? here.entries.get(String(step)) : undefined;
    const next = entry?.tree ?? (here.kind === "list" ? here.items[Number(step)] : undefined);
    if (next === undefined) return here.place;
    keyPlace = entry?.keyPlace ?? next.place;
    here = next;
  }
  return isKey ? keyPlace : here.place;
}
