import { formatPath, type Path } from "./path.ts";

/** One thing wrong with a scenario, and where. */
export interface Problem {
  /** The file as the user named it; or the override, as `--set a.b=1`. */
  readonly file: string;
  /** From 1; undefined where the place has none, as in an override. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `services.shop.replicas`; empty: the whole file. */
  readonly path: string;
  /** What was found and what was expected: one sentence without the place. */
  readonly message: string;
}

/** `shop.yaml:14:7 services.shop.replicas: found "many", expected a whole number from 0 to 100000`. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message } = problem;
  const position = line === undefined ? "" : `:${line}:${column ?? 1}`;
  return `${file}${position}${path === "" ? "" : ` ${path}`}: ${message}`;
}

/** The user's scenario cannot be run: every problem found, in the file's order; the message has one line for each. Exit code 2. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
  }
}

/** A message about one place, not yet looked up in the text. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** True: the key itself is meant, not its value. */
  readonly isKey: boolean;
}

/** Gathers what is wrong (and what is only worth a warning) while a scenario is read. */
export class Findings {
  readonly problems: Finding[] = [];
  readonly warnings: Finding[] = [];

  problem(path: Path, message: string): void {
    this.problems.push({ path, message, isKey: false });
  }

  /** A problem with the last key of the path itself. */
  keyProblem(path: Path, message: string): void {
    this.problems.push({ path, message, isKey: true });
  }

  warn(path: Path, message: string): void {
    this.warnings.push({ path, message, isKey: true });
  }
}

/** The finding with its place, for a reader's eye. */
export function placed(finding: Finding, place: Pick<Problem, "file" | "line" | "column">): Problem {
  return { ...place, path: formatPath(finding.path), message: finding.message };
}
