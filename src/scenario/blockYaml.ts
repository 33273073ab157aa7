/**
 * The plain part of YAML's block style, many times faster than the package `yaml`: maps, lists and scalars as people and tools write
 * manifests. Whatever else stands in a document, the whole document is left to the package, so nothing is ever read differently.
 */
import { BlockText, CHAR, HandOver, isPlainStart } from "./blockText.ts";
import { plainScalar, type ScalarValue } from "./plainScalar.ts";
import { ScenarioError } from "./scenarioError.ts";
import type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";
import { DEEPEST, readYamlPiece, tooManyValues, type YamlOptions } from "./yamlTree.ts";

/**
 * The tree of one document, a line `---` before it or none; undefined where it holds anything but the plain part, or a mistake.
 *
 * @throws ScenarioError where it has too many values.
 */
export function readBlockYaml(text: string, options: YamlOptions): SourceTree | undefined {
  try {
    return new BlockReader(text, options).document();
  } catch (error) {
    if (error instanceof HandOver) return undefined;
    throw error;
  }
}

/** The collection that a value stands in. */
interface Parent {
  readonly column: number;
  readonly kind: "map" | "list";
  readonly depth: number;
}

/** One pass over the lines; `#lines.at` is the next thing to be read. Columns count from 0 here. */
class BlockReader {
  readonly #lines: BlockText;
  readonly #file: string;
  readonly #most: number;
  #values = 0;

  constructor(text: string, { file, line = 1, values }: YamlOptions) {
    this.#lines = new BlockText(text, line);
    this.#file = file;
    this.#most = values;
  }

  document(): SourceTree {
    const lines = this.#lines;
    lines.start();
    if (lines.isOver) throw new HandOver();
    const colon = lines.colon();
    if (colon < 0 && !lines.isDash()) throw new HandOver();
    const tree = lines.isDash() ? this.#list(0) : this.#map(colon, 0);
    if (!lines.isOver) throw new HandOver();
    return tree;
  }

  /** What begins here, at the head of a line or behind a dash. */
  #block(parent: Parent): SourceTree {
    if (this.#lines.isDash()) return this.#list(parent.depth + 1);
    const colon = this.#lines.colon();
    return colon < 0 ? this.#scalar(parent) : this.#map(colon, parent.depth + 1);
  }

  #map(firstColon: number, depth: number): SourceTree {
    const lines = this.#lines;
    const { column } = lines;
    const place = this.#begin(depth);
    const entries = new Map<string, SourceEntry>();
    const parent: Parent = { column, kind: "map", depth };
    for (let colon = firstColon; ; colon = lines.colon()) {
      // No colon, or a key that the slower reader complains about.
      if (colon < 0) throw new HandOver();
      const keyPlace = this.#place();
      const key = this.#key(colon);
      if (key === "__proto__" || entries.has(key)) throw new HandOver();
      lines.at = colon + 1;
      entries.set(key, { keyPlace, tree: this.#value(parent) });
      if (lines.isOver || lines.column < column) break;
      if (lines.column > column || lines.isDash()) throw new HandOver();
    }
    return { kind: "map", place, entries };
  }

  #list(depth: number): SourceTree {
    const lines = this.#lines;
    const { column } = lines;
    const place = this.#begin(depth);
    const items: SourceTree[] = [];
    const parent: Parent = { column, kind: "list", depth };
    do {
      lines.at++;
      items.push(this.#value(parent));
    } while (!lines.isOver && lines.column === column && lines.isDash());
    return { kind: "list", place, items };
  }

  /** What stands behind a colon or a dash. */
  #value(parent: Parent): SourceTree {
    const lines = this.#lines;
    if (!lines.skipToText()) {
      const empty = this.#place();
      lines.next();
      if (!lines.isOver && lines.column > parent.column) return this.#block(parent);
      if (!lines.isOver && lines.column === parent.column && parent.kind === "map" && lines.isDash()) {
        return this.#list(parent.depth + 1);
      }
      return this.#counted({ kind: "scalar", place: empty, value: null }, parent);
    }
    if (parent.kind === "list") return this.#block(parent);
    if (lines.isDash()) throw new HandOver();
    return this.#scalar(parent);
  }

  #key(colon: number): string {
    const { text, at, first } = this.#lines;
    if (colon - at > LONGEST_KEY) throw new HandOver();
    if (first !== CHAR.quote && first !== CHAR.apostrophe) return String(plainScalar(text.slice(at, colon)) ?? "");
    return unquoted(text.slice(at, colon));
  }

  #scalar(parent: Parent): SourceTree {
    const lines = this.#lines;
    const { text, at, first } = lines;
    switch (first) {
      case CHAR.openList:
      case CHAR.openMap:
        return this.#piece(lines.endOfFlow(), parent);
      case CHAR.fold:
        return this.#piece(lines.block(parent.column).end, parent, "with its line's end");
      case CHAR.bar: {
        const place = this.#place();
        const value = lines.block(parent.column).value;
        return this.#counted({ kind: "scalar", place, value }, parent);
      }
      case CHAR.quote:
      case CHAR.apostrophe: {
        const end = lines.endOfQuoted(at);
        if (end > lines.end || (first === CHAR.quote && text.slice(at, end).includes("\\")))
          return this.#piece(end, parent);
        return this.#finished(unquoted(text.slice(at, end)), end, parent);
      }
      default: {
        if (!isPlainStart(text, at)) throw new HandOver();
        const place = this.#place();
        const value = plainScalar(lines.plain(parent.column));
        return this.#counted({ kind: "scalar", place, value }, parent);
      }
    }
  }

  #finished(value: ScalarValue, end: number, parent: Parent): SourceTree {
    const place = this.#place();
    this.#lines.finish(end);
    return this.#counted({ kind: "scalar", place, value }, parent);
  }

  /** A flow collection, or a scalar that is not plain to read, by the package. */
  #piece(end: number, parent: Parent, feed?: "with its line's end"): SourceTree {
    const lines = this.#lines;
    const depth = parent.depth + 1;
    const { line, column } = this.#place();
    const piece = readYamlPiece(lines.text.slice(lines.at, feed === undefined ? end : end + 1), {
      ...{ file: this.#file, line: line ?? 1, column: column ?? 1 },
      ...{ depth, values: this.#most - this.#values },
    });
    if (piece === undefined) throw new HandOver();
    this.#values += piece.values;
    lines.finishFrom(end, parent.column);
    return piece.tree;
  }

  /** Counts a collection that begins here. */
  #begin(depth: number): Place {
    const place = this.#place();
    this.#count(place, depth);
    return place;
  }

  #counted(tree: SourceTree, parent: Parent): SourceTree {
    this.#count(tree.place, parent.depth + 1);
    return tree;
  }

  #count(place: Place, depth: number): void {
    if (depth > DEEPEST) throw new HandOver();
    if (++this.#values > this.#most) {
      throw new ScenarioError([{ ...place, path: "", message: tooManyValues(this.#most) }]);
    }
  }

  #place(): Place {
    return { file: this.#file, line: this.#lines.line, column: this.#lines.column + 1 };
  }
}

/** Beyond so many characters YAML does not take a text for a key. */
const LONGEST_KEY = 1000;

/** A quoted text on one line, without escapes but the doubled apostrophe. */
function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith("'") ? inner.replaceAll("''", "'") : inner;
}
