/** What a check means once its text is parsed; `from` and `to` are places in the text, in UTF-16 units. */
export type Expression = { readonly from: number; readonly to: number } & ExpressionBody;

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/";

type ExpressionBody =
  | { readonly kind: "literal"; readonly value: number | string | boolean | null }
  /** The first step is one of the summary's own keys; a step is a key or, of a list, an index. */
  | { readonly kind: "path"; readonly base: Call | undefined; readonly steps: readonly Step[] }
  | Call
  | { readonly kind: "not" | "negative"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** One step of a path. */
export interface Step {
  readonly key: string | number;
  readonly from: number;
  readonly to: number;
}

/** A function called by its name. */
export interface Call {
  readonly kind: "call";
  readonly from: number;
  readonly to: number;
  readonly callee: string;
  readonly operands: readonly Expression[];
}

/** A check as written, and what it means. */
export interface Check {
  readonly text: string;
  readonly root: Expression;
}

/** A check that cannot be read, or asks for what is not there: the user's doing, worded for the user. */
export class CheckError extends Error {
  override readonly name = "CheckError";
  /** Where in the text, from 0. */
  readonly position: number;

  constructor(text: string, position: number, problem: string) {
    super(`${problem} (at character ${position + 1} of ${JSON.stringify(text)})`);
    this.position = position;
  }
}

/** The names of the functions, and how many operands each takes: at least, at most. */
export const FUNCTIONS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ["count", [1, 1]],
  ["sum", [2, 2]],
  ["min", [1, 20]],
  ["max", [1, 20]],
  ["abs", [1, 1]],
  ["contains", [2, 2]],
  ["failures", [1, 3]],
  ["rollout", [1, 2]],
]);
