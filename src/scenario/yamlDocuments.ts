/** A text of YAML as its documents, each by the fast reader of plain block style where that can. */

import { readBlockYaml } from "./blockYaml.ts";
import type { SourceTree } from "./treeTypes.ts";
import { readYamlDocument, readYamlStream, type YamlOptions } from "./yamlTree.ts";

/** Reads one document. @throws ScenarioError with what is wrong with it, or with a second document. */
export function readDocument(text: string, options: YamlOptions): SourceTree {
  const [only, ...others] = piecesOf(text) ?? [];
  const plain = only === undefined || others.length > 0 ? undefined : readBlockYaml(text, options);
  return plain ?? readYamlDocument(text, options);
}

/** Reads every document, those without anything in them too. @throws ScenarioError with what is wrong with the first bad one. */
export function readDocuments(text: string, options: YamlOptions): readonly SourceTree[] {
  const pieces = piecesOf(text);
  if (pieces === undefined) return readYamlStream(text, options);
  return pieces.flatMap(({ text: piece, line }) => {
    const place = { ...options, line };
    return readBlockYaml(piece, place) ?? readYamlStream(piece, place);
  });
}

interface Piece {
  readonly text: string;
  readonly line: number;
}

/**
 * The text cut before each line that begins with `---`; undefined where other marks say more about where documents end. What stands
 * before the first of those lines counts only if it is more than comments.
 */
function piecesOf(text: string): readonly Piece[] | undefined {
  if (/^(?:\uFEFF|%|\.\.\.)/.test(text) || text.includes("\n%") || text.includes("\n...")) return undefined;
  const pieces: Piece[] = [];
  let start = 0;
  let line = 1;
  let linesHere = 0;
  const cut = (end: number) => {
    const piece = text.slice(start, end);
    if (start > 0 || isMarker(text, 0) || /(?:^|\n)[ \t\r]*[^ \t\r\n#]/.test(piece)) pieces.push({ text: piece, line });
    start = end;
    line += linesHere;
    linesHere = 0;
  };
  for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) {
    linesHere++;
    if (isMarker(text, feed + 1)) cut(feed + 1);
  }
  cut(text.length);
  return pieces;
}

function isMarker(text: string, at: number): boolean {
  if (!text.startsWith("---", at)) return false;
  const after = text[at + 3];
  return after === undefined || /[ \t\r\n]/.test(after);
}
