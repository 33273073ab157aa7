/** Helm templates that nobody has rendered: no YAML yet. */
import type { Problem } from "./scenarioError.ts";

/** The first action such as `{{ .Values.replicas }}` that stands outside quotes, comments and block texts; undefined: none. */
export function templateProblem(text: string, file: string): Problem | undefined {
  let block: number | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const indent = line.search(/\S/);
    if (block !== undefined && (indent < 0 || indent > block)) continue;
    block = /(?:^|[:\s-])[|>][-+0-9]*\s*(?:#.*)?$/.test(line) ? indent : undefined;
    const at = line.replace(QUOTED, (part) => " ".repeat(part.length)).search(/\{\{-?\s*[^\s{}]/);
    // A map written as the key of a map has a colon where an action has none.
    if (at < 0 || /^\{\{\s*[\w.-]+:\s/.test(line.slice(at))) continue;
    const message = "this is a Helm template; render it first: helm template <chart> | rehearse run -";
    return { file, line: i + 1, column: at + 1, path: "", message };
  }
  return undefined;
}

/** Texts in quotes, and comments. */
const QUOTED = /(?<=^|[\s:[{,-])(?:"(?:[^"\\]|\\.)*"|'[^']*')|(?<=^|\s)#.*/g;
