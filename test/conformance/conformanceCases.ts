import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CONTROLLER_FUNCTIONS } from "./controllerCases.ts";
import { disagreements } from "./disagreements.ts";
import { schedulerPhase } from "./schedulerCases.ts";

/** One case of one file, ready to run. */
export interface ConformanceCase {
  /** The file, relative to the folder. */
  readonly file: string;
  readonly id: string;
  readonly title: string;
  /** The plugin or function that it is about. */
  readonly subject: string;
  /** Why it is not to be run. */
  readonly skip: string | undefined;
  /** Runs it: what does not agree, in words; nothing if all does. */
  readonly run: () => readonly string[];
}

/** A file's `cases` and what it says of all of them. */
export interface CaseFile {
  readonly plugin?: string;
  readonly phase?: string;
  readonly function?: string;
  readonly args?: unknown;
  readonly normalized?: boolean;
  readonly source?: { readonly release?: string; readonly commit?: string; readonly repo?: string };
  readonly cases: readonly CaseJson[];
}

/** One case as it stands in the file. */
export interface CaseJson {
  readonly id: string;
  readonly title?: string;
  readonly skip?: string;
  readonly input?: unknown;
  readonly expect: unknown;
  readonly [more: string]: unknown;
}

/** All cases of all `.json` files below a folder, in the order of their names. */
export function conformanceCases(folder: string): readonly ConformanceCase[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return names.sort().flatMap((name) => casesOf(folder, name));
}

function casesOf(folder: string, name: string): readonly ConformanceCase[] {
  const path = join(folder, name);
  const file = JSON.parse(readFileSync(path, "utf8")) as CaseFile;
  const subject = file.plugin ?? file.function;
  if (subject === undefined || !Array.isArray(file.cases))
    throw new Error(`${path}: a case file names its "plugin" or "function" and has a list of "cases"`);
  return file.cases.map((one) => ({
    file: relative(folder, path),
    id: one.id,
    title: one.title ?? "",
    subject,
    skip: one.skip,
    run: () => (file.plugin === undefined ? runFunction(file, one) : schedulerPhase(file)(one)),
  }));
}

const FILE_FIELDS = ["function", "source", "rule", "note", "notes", "title", "licence", "license", "cases"];
const CASE_FIELDS = ["id", "title", "input", "expect", "note", "notes", "skip"];

function runFunction(file: CaseFile, one: CaseJson): readonly string[] {
  const run = CONTROLLER_FUNCTIONS.get(file.function ?? "");
  if (run === undefined) throw new Error(`unknown function "${file.function}"`);
  const unknown = [
    ...Object.keys(file).filter((name) => !FILE_FIELDS.includes(name)),
    ...Object.keys(one).filter((name) => !CASE_FIELDS.includes(name)),
  ];
  if (unknown.length > 0) throw new Error(`unknown field ${unknown.map((name) => JSON.stringify(name)).join(", ")}`);
  const actual = run(one.input);
  return [...unheardOf(actual, one.expect), ...disagreements(actual, anyError(one.expect))];
}

/** Nothing is expected of a field that the function has never heard of: it is not passed over because nothing is nothing. */
function unheardOf(actual: unknown, expected: unknown): readonly string[] {
  if (typeof expected !== "object" || expected === null || typeof actual !== "object" || actual === null) return [];
  const nothing = Object.entries(expected).filter(([name, value]) => value === null && !(name in actual));
  return nothing.map(([name]) => `result.${name} is not known`);
}

/** The wording of an error is upstream's own: that there is one is what counts. */
function anyError(expected: unknown): unknown {
  if (typeof expected !== "object" || expected === null || !("error" in expected)) return expected;
  return typeof expected.error === "string" ? { ...expected, error: true } : expected;
}
