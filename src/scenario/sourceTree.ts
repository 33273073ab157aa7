/** The scenario's text as a tree of values that remember where they stood. */
import { unreachable } from "../kernel/errors.ts";
import { templateProblem } from "./helmTemplate.ts";
import { looksLikeJson, placeOfOffset, readJson, untouchedValue } from "./jsonTree.ts";
import type { Path } from "./path.ts";
import { ScenarioError } from "./scenarioError.ts";
import type { Place, SourceTree } from "./treeTypes.ts";
import { readDocument, readDocuments } from "./yamlDocuments.ts";
import { DEEPEST } from "./yamlTree.ts";

export type { Place, SourceEntry, SourceTree } from "./treeTypes.ts";

/** How much a text may hold before it is refused: so much takes seconds. */
export interface SourceLimits {
  readonly characters: number;
  /** Aliases counted as often as they are used. */
  readonly values: number;
}

const SCENARIO_LIMITS: SourceLimits = { characters: 5_000_000, values: 300_000 };

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
  return unlessTemplate(text, file, () => readDocument(text, { file, values: SCENARIO_LIMITS.values }));
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
  return unlessTemplate(text, file, () => readDocuments(text, { file, values: limits.values }))
    .map((tree, i) => ({ number: i + 1, tree }))
    .filter(({ tree }) => tree.kind !== "scalar" || tree.value !== null);
}

/** What cannot be read because it is a template is told as one. @throws ScenarioError */
function unlessTemplate<Result>(text: string, file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const problem = error instanceof ScenarioError ? templateProblem(text, file) : undefined;
    throw problem === undefined ? error : new ScenarioError([problem]);
  }
}

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
