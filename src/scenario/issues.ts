/** Schema issues as findings in the reader's own words: what was found, what was expected. */
import type { z } from "zod";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import { knownKeys } from "./knownKeys.ts";
import type { Path } from "./path.ts";
import type { Findings } from "./scenarioError.ts";

type Issue = z.core.$ZodIssue;

/** Checks one part of the file; its problems go to `findings`, and undefined comes back where there is any. */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  at: { readonly path: Path; readonly findings: Findings },
): z.output<Schema> | undefined {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const reporter = new IssueReporter(schema, raw, at.path, at.findings);
  for (const issue of result.error.issues) reporter.report(issue, []);
  return undefined;
}

class IssueReporter {
  readonly #schema: z.ZodType;
  readonly #raw: unknown;
  readonly #base: Path;
  readonly #findings: Findings;

  constructor(schema: z.ZodType, raw: unknown, base: Path, findings: Findings) {
    this.#schema = schema;
    this.#raw = raw;
    this.#base = base;
    this.#findings = findings;
  }

  /** `above`: the path of the union that the issue lies in, since issues of its members are relative to it. */
  report(issue: Issue, above: Path): void {
    const path = [...above, ...stepsOf(issue.path)];
    if (issue.code === "invalid_union") this.#reportUnion(issue, path);
    else if (issue.code === "unrecognized_keys") this.#reportKeys(issue.keys, path);
    else this.#findings.problem([...this.#base, ...path], messageOf(issue, valueAt(this.#raw, path)));
  }

  /** The form that was meant is the one whose kind of value it is; where there is none, all forms are named. */
  #reportUnion({ errors: forms, message }: z.core.$ZodIssueInvalidUnion, path: Path): void {
    const [meant] = forms.filter((issues) => !issues.some(isAboutTheWhole)).sort((a, b) => weightOf(a) - weightOf(b));
    if (meant !== undefined) {
      for (const issue of meant) this.report(issue, path);
      return;
    }
    if (message.startsWith("found ")) {
      this.#findings.problem([...this.#base, ...path], message);
      return;
    }
    const found = valueAt(this.#raw, path);
    const sameKind = forms.filter((issues) => issues[0]?.code !== "invalid_type");
    const phrases = (sameKind.length > 0 ? sameKind : forms).map(([issue]) => (issue ? expectedOf(issue, found) : ""));
    this.#findings.problem([...this.#base, ...path], refusal(found, [...new Set(phrases)].join("; or ")));
  }

  #reportKeys(keys: readonly string[], path: Path): void {
    const known = knownKeys(this.#schema, path);
    for (const key of keys) {
      const expected = known.length === 0 ? ", expected none here" : suggestion(key, known);
      this.#findings.keyProblem([...this.#base, ...path, key], `unknown key ${JSON.stringify(key)}${expected}`);
    }
  }
}

/** True for an issue with the value itself, not with something inside it. */
function isAboutTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== "unrecognized_keys";
}

function weightOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
}

function stepsOf(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

/** The plain value at a path; undefined where there is none. Only own keys count. */
export function valueAt(raw: unknown, path: Path): unknown {
  let here = raw;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[step];
  }
  return here;
}

function messageOf(issue: Issue, found: unknown): string {
  const isOwn = issue.code === "custom" || /^found /.test(issue.message);
  return isOwn ? issue.message : refusal(found, expectedOf(issue, found));
}

/** What goes after "expected". */
function expectedOf(issue: Issue, found: unknown): string {
  const own = refusal(found, "");
  if (issue.message.startsWith(own)) return issue.message.slice(own.length);
  switch (issue.code) {
    case "invalid_type":
      return KINDS.get(issue.expected) ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map((value) => String(value)).join(", ")}`;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === "array") return `a list of ${relation} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return origin === "string" ? `a text of ${relation} ${limit} characters` : `${relation} ${limit}`;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["object", "a map of keys, as { key: value }"],
  ["record", "a map of names, as { name: value }"],
  ["array", "a list, as [a, b]"],
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
]);
