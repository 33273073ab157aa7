import { unreachable } from "../kernel/errors.ts";
import { CAUSES } from "../traffic/observer.ts";
import { callFunction } from "./checkFunctions.ts";
import { type BinaryOperator, type Call, type Check, CheckError, type Expression, type Step } from "./checkSyntax.ts";
import { type CheckSubject, type CheckValue, kindOf, missingKey, ownValue, plain } from "./checkValues.ts";

/** What a check came to, with the value of each path and call in it, in order of appearance. */
export interface Evaluation {
  readonly value: CheckValue;
  readonly found: ReadonlyMap<string, CheckValue>;
}

/** Groups that have only what happened, and what stands for the rest: `mistakeInCheck` tells it from a wrong name. */
const UNEVENTFUL: ReadonlyMap<string | number, object> = new Map([
  ["byVersion", { succeeded: 0, failed: 0 }],
  ["byHost", { downS: 0, outages: 0 }],
]);

/**
 * Evaluates a check in full: nothing is cut short, so that a wrong name is found whatever the numbers are.
 *
 * @throws CheckError where a name is not there or the kinds of values do not fit.
 */
export function evaluate(check: Check, subject: CheckSubject): Evaluation {
  const evaluator = new Evaluator(check.text, subject);
  const value = evaluator.value(check.root, true);
  return { value, found: evaluator.found };
}

class Evaluator {
  readonly found = new Map<string, CheckValue>();
  readonly #text: string;
  readonly #subject: CheckSubject;

  constructor(text: string, subject: CheckSubject) {
    this.#text = text;
    this.#subject = subject;
  }

  value(expression: Expression, isOutermost: boolean): CheckValue {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "path":
      case "call": {
        const value =
          expression.kind === "call" ? this.#call(expression) : this.#path(expression.base, expression.steps);
        if (isOutermost) this.found.set(this.#text.slice(expression.from, expression.to), value);
        return value;
      }
      case "not": {
        const operand = this.#truth(expression.operand, isOutermost);
        return !operand;
      }
      case "negative": {
        const operand = this.#number(expression.operand, isOutermost);
        return operand === null ? null : -operand;
      }
      case "binary":
        return this.#binary(expression.operator, expression.left, expression.right);
      default:
        return unreachable(expression);
    }
  }

  #binary(operator: BinaryOperator, left: Expression, right: Expression): CheckValue {
    switch (operator) {
      case "||":
      case "&&": {
        const first = this.#truth(left, true);
        const second = this.#truth(right, true);
        return operator === "||" ? first || second : first && second;
      }
      case "==":
      case "!=":
        return this.#equality(operator, left, right);
      default: {
        const first = this.#number(left, true);
        const second = this.#number(right, true);
        if (first === null || second === null) return isComparison(operator) ? false : null;
        return arithmetic(operator, first, second);
      }
    }
  }

  /** What is missing equals only `null` itself, and differs from nothing but `null`. */
  #equality(operator: "==" | "!=", left: Expression, right: Expression): boolean {
    const first = this.value(left, true);
    const second = this.value(right, true);
    if (isNullLiteral(left) || isNullLiteral(right)) return (first === second) === (operator === "==");
    if (first === null || second === null) return false;
    for (const [side, value] of [[left, first] as const, [right, second] as const])
      if (typeof value === "object") throw this.#wrong(side, `${kindOf(value)} cannot be compared`);
    if (typeof first !== typeof second)
      throw this.#wrong(right, `${kindOf(first)} is never equal to ${kindOf(second)}`);
    return (first === second) === (operator === "==");
  }

  #number(expression: Expression, isOutermost: boolean): number | null {
    const value = this.value(expression, isOutermost);
    if (value === null || typeof value === "number") return value;
    throw this.#wrong(expression, `expected a number, found ${kindOf(value)}`);
  }

  /** What is missing is not true. */
  #truth(expression: Expression, isOutermost: boolean): boolean {
    const value = this.value(expression, isOutermost);
    if (value === null) return false;
    if (typeof value === "boolean") return value;
    throw this.#wrong(expression, `expected a comparison or a truth, found ${kindOf(value)}`);
  }

  #call(call: Call): CheckValue {
    const operands = call.operands.map((operand) => this.value(operand, false));
    const outcome = callFunction(call.callee, operands, this.#subject);
    if (outcome.kind === "value") return outcome.value;
    const operand = call.operands[outcome.operand];
    throw this.#wrong(operand ?? call, outcome.problem);
  }

  #path(base: Call | undefined, steps: readonly Step[]): CheckValue {
    let value: CheckValue = base === undefined ? this.#subject.summary : this.#call(base);
    let parent: string | number = "";
    for (const step of steps) {
      value = this.#step(value, parent, step);
      parent = step.key;
    }
    return value;
  }

  #step(value: CheckValue, parent: string | number, step: Step): CheckValue {
    if (value === null) return null;
    if (typeof value !== "object") throw this.#wrong(step, `${kindOf(value)} has no parts`);
    if (Array.isArray(value)) return this.#entry(value, step);
    const key = String(step.key);
    // Own properties only: a check never reaches a prototype.
    if (Object.hasOwn(value, key)) return ownValue(value, key);
    if (parent === "failedAttempts" && isCause(key)) return 0;
    const uneventful = this.#subject.isExample ? undefined : UNEVENTFUL.get(parent);
    if (uneventful !== undefined) return uneventful;
    throw this.#wrong(step, missingKey(value, key, parent));
  }

  #entry(list: readonly unknown[], step: Step): CheckValue {
    if (typeof step.key !== "number")
      throw this.#wrong(step, `a list has entries by number, from [0], and count(…): found "${step.key}"`);
    return plain(list[this.#subject.isExample ? 0 : step.key]);
  }

  #wrong(at: { readonly from: number }, problem: string): CheckError {
    return new CheckError(this.#text, at.from, problem);
  }
}

function isCause(key: string): boolean {
  return CAUSES.some((cause) => cause === key);
}

function isNullLiteral(expression: Expression): boolean {
  return expression.kind === "literal" && expression.value === null;
}

function isComparison(operator: BinaryOperator): boolean {
  return operator === "<" || operator === "<=" || operator === ">" || operator === ">=";
}

function arithmetic(
  operator: Exclude<BinaryOperator, "||" | "&&" | "==" | "!=">,
  left: number,
  right: number,
): number | boolean | null {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      // A share of nothing is missing, not infinite.
      return right === 0 ? null : left / right;
    default:
      return unreachable(operator);
  }
}
