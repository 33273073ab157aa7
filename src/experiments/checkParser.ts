import { nearest } from "../fields/nearest.ts";
import type { Step } from "./checkSyntax.ts";
import { type BinaryOperator, type Call, type Check, CheckError, type Expression, FUNCTIONS } from "./checkSyntax.ts";
import { type Token, tokensOf } from "./checkTokens.ts";

/** What a path may begin with: the keys of a run's summary. */
const ROOTS: readonly string[] = [
  "scenario",
  "seed",
  "digest",
  "events",
  "simulatedS",
  "measuredS",
  "services",
  "hosts",
  "warnings",
];

/** Weakest first; operators of one row bind equally, from the left. Comparisons do not chain. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
];
const COMPARISON_LEVEL = 2;
const DEEPEST = 100;
/** A chain of operators is as deep as it is long when it is evaluated. */
const LONGEST_CHECK = 2000;

/**
 * Parses one check of a scenario's `expect`, such as `services.shop.requests.failed == 0`.
 *
 * Grammar: `||`, `&&`, `!`, one comparison, `+ - * /`, parentheses, paths (`services["my shop"].requests.failures[0].cause`),
 * numbers (`99.9%` is 0.999), texts in quotes, `true`, `false`, `null`, and the functions of `FUNCTIONS`.
 *
 * @throws CheckError with the position of the first thing that is wrong, and nothing else.
 */
export function parseCheckText(text: string): Check {
  if (text.length > LONGEST_CHECK)
    throw new CheckError(`${text.slice(0, 40)}…`, LONGEST_CHECK, `a check has at most ${LONGEST_CHECK} characters`);
  return { text, root: new CheckParser(text).whole() };
}

class CheckParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): Expression {
    if (this.#peek().kind === "end") throw this.#wrong(this.#peek(), "the check is empty: write a comparison");
    const root = this.#level(0);
    const rest = this.#peek();
    if (rest.kind !== "end") throw this.#wrong(rest, `found ${this.#shown(rest)} where the check should end`);
    return root;
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#level(level + 1);
    for (let compared = false; ; compared = true) {
      const token = this.#peek();
      const operator = operators.find((candidate) => token.kind === "sign" && token.value === candidate);
      if (operator === undefined) return left;
      if (compared && level === COMPARISON_LEVEL)
        throw this.#wrong(token, "comparisons do not chain: write a < b && b < c");
      this.#next++;
      const right = this.#level(level + 1);
      left = { kind: "binary", operator, left, right, from: left.from, to: right.to };
    }
  }

  #unary(): Expression {
    const token = this.#peek();
    if (!this.#isSign("!") && !this.#isSign("-")) return this.#primary();
    this.#next++;
    const operand = this.#deeper(token, () => this.#unary());
    return {
      kind: token.kind === "sign" && token.value === "!" ? "not" : "negative",
      operand,
      ...span(token, operand),
    };
  }

  #primary(): Expression {
    const token = this.#take();
    if (token.kind === "number" || token.kind === "string")
      return { kind: "literal", value: token.value, from: token.from, to: token.to };
    if (token.kind === "name") return this.#named(token, token.value);
    if (token.kind === "sign" && token.value === "(") {
      const inner = this.#deeper(token, () => this.#level(0));
      const close = this.#expect(")");
      return { ...inner, from: token.from, to: close.to };
    }
    throw this.#wrong(token, `expected a path, a number, a text or a parenthesis, found ${this.#shown(token)}`);
  }

  #named(token: Token, name: string): Expression {
    if (this.#isSign("(")) return this.#pathFrom(token, this.#call(token, name), []);
    if (name === "true" || name === "false" || name === "null") {
      const value = name === "null" ? null : name === "true";
      return { kind: "literal", value, from: token.from, to: token.to };
    }
    if (!ROOTS.includes(name)) throw this.#wrong(token, unknownRoot(name));
    return this.#pathFrom(token, undefined, [{ key: name, from: token.from, to: token.to }]);
  }

  #pathFrom(first: Token, base: Call | undefined, begun: readonly Step[]): Expression {
    const steps = [...begun];
    for (let step = this.#step(); step !== undefined; step = this.#step()) steps.push(step);
    if (base !== undefined && steps.length === 0) return base;
    return { kind: "path", base, steps, from: first.from, to: steps.at(-1)?.to ?? first.to };
  }

  #step(): Step | undefined {
    const open = this.#peek();
    if (this.#isSign(".")) {
      this.#next++;
      const key = this.#take();
      if (key.kind === "name") return { key: key.value, from: key.from, to: key.to };
      throw this.#wrong(
        key,
        `expected a name after the dot, found ${this.#shown(key)}: other keys go in brackets, ["…"]`,
      );
    }
    if (!this.#isSign("[")) return undefined;
    this.#next++;
    const key = this.#take();
    if (key.kind !== "string" && !(key.kind === "number" && Number.isSafeInteger(key.value)))
      throw this.#wrong(key, `expected a text in quotes or a whole number in brackets, found ${this.#shown(key)}`);
    const close = this.#expect("]");
    return { key: key.value, from: open.from, to: close.to };
  }

  #call(token: Token, callee: string): Call {
    const arity = FUNCTIONS.get(callee);
    if (arity === undefined) throw this.#wrong(token, unknownFunction(callee));
    const operands: Expression[] = [];
    const open = this.#expect("(");
    while (!this.#isSign(")")) {
      if (operands.length > 0) this.#expect(",");
      operands.push(this.#deeper(open, () => this.#level(0)));
    }
    const close = this.#expect(")");
    const [least, most] = arity;
    if (operands.length < least || operands.length > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`;
      throw this.#wrong(token, `${callee} takes ${wanted} values in its parentheses, found ${operands.length}`);
    }
    return { kind: "call", callee, operands, from: token.from, to: close.to };
  }

  /** Nesting is bounded, so that no text can exhaust the stack. */
  #deeper(at: Token, parse: () => Expression): Expression {
    if (++this.#depth > DEEPEST) throw this.#wrong(at, `a check nests at most ${DEEPEST} deep`);
    const expression = parse();
    this.#depth--;
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", from: this.#text.length, to: this.#text.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #isSign(sign: string): boolean {
    const token = this.#peek();
    return token.kind === "sign" && token.value === sign;
  }

  #expect(sign: string): Token {
    const token = this.#take();
    if (token.kind === "sign" && token.value === sign) return token;
    throw this.#wrong(token, `expected ${sign}, found ${this.#shown(token)}`);
  }

  #shown(token: Token): string {
    return token.kind === "end" ? "the end" : this.#text.slice(token.from, token.to);
  }

  #wrong(token: Token, problem: string): CheckError {
    return new CheckError(this.#text, token.from, problem);
  }
}

function span(first: Token, last: Expression): { from: number; to: number } {
  return { from: first.from, to: last.to };
}

function unknownRoot(name: string): string {
  const guess = nearest(name, ROOTS);
  return guess === undefined
    ? `nothing is called "${name}": a path begins with ${ROOTS.join(", ")}`
    : `nothing is called "${name}": did you mean "${guess}"?`;
}

function unknownFunction(name: string): string {
  const known = [...FUNCTIONS.keys()];
  const guess = nearest(name, known);
  return `there is no function "${name}": ${guess === undefined ? `known are ${known.join(", ")}` : `did you mean "${guess}"?`}`;
}
