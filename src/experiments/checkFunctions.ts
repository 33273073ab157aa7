import { nearest } from "../fields/nearest.ts";
import { CAUSES } from "../traffic/observer.ts";
import { type CheckSubject, type CheckValue, kindOf, missingKey, ownValue, plain } from "./checkValues.ts";

/** A value, or what is wrong with which operand (from 0). */
export type Outcome =
  | { readonly kind: "value"; readonly value: CheckValue }
  | { readonly kind: "problem"; readonly operand: number; readonly problem: string };

type Operands = readonly CheckValue[];

/**
 * The functions of a check:
 *
 * - `count(list)`: its entries; of a group of values, its keys.
 * - `sum(list, "key")`: of that number of every entry.
 * - `min(…)`, `max(…)`, `abs(x)`: of numbers.
 * - `contains(text, "part")`: whether the text has that part.
 * - `failures("shop", "host-down", "host-3")`: failed user requests of a service, of one cause, with such a part in their root;
 *   the last two may be left out, or `null` for any.
 * - `rollout("shop")`, `rollout("shop", 0)`: the last rollout of a service, or by its place from 0; null where there is none.
 *
 * A missing operand makes the result missing. The number of operands is the parser's to check.
 */
export function callFunction(name: string, operands: Operands, subject: CheckSubject): Outcome {
  switch (name) {
    case "count":
      return count(operands[0] ?? null);
    case "sum":
      return sum(operands);
    case "min":
      return numeric(operands, (numbers) => Math.min(...numbers));
    case "max":
      return numeric(operands, (numbers) => Math.max(...numbers));
    case "abs":
      return numeric(operands, (numbers) => Math.abs(numbers[0] ?? 0));
    case "contains":
      return contains(operands);
    case "failures":
      return failures(operands, subject.summary);
    case "rollout":
      return rollout(operands, subject);
    default:
      return problem(0, `there is no function "${name}"`);
  }
}

function count(list: CheckValue): Outcome {
  if (list === null) return value(null);
  if (Array.isArray(list)) return value(list.length);
  if (typeof list === "object") return value(Object.keys(list).length);
  return problem(0, `count needs a list, found ${kindOf(list)}`);
}

function sum([list = null, key = null]: Operands): Outcome {
  if (list === null) return value(null);
  if (!Array.isArray(list)) return problem(0, `sum needs a list, found ${kindOf(list)}`);
  if (typeof key !== "string") return problem(1, `sum needs the name of a number in quotes, found ${kindOf(key)}`);
  let total = 0;
  for (const entry of list) {
    if (typeof entry !== "object" || entry === null) return problem(0, "sum needs a list of groups of values");
    if (!Object.hasOwn(entry, key)) return problem(1, missingKey(entry, key, ""));
    const addend = ownValue(entry, key);
    if (typeof addend === "number") total += addend;
    else if (addend !== null) return problem(1, `sum adds numbers, found ${kindOf(addend)}`);
  }
  return value(total);
}

function numeric(operands: Operands, combine: (numbers: readonly number[]) => number): Outcome {
  const wrong = operands.findIndex((operand) => operand !== null && typeof operand !== "number");
  if (wrong >= 0) return problem(wrong, `expected a number, found ${kindOf(operands[wrong] ?? null)}`);
  const numbers = operands.filter((operand) => typeof operand === "number");
  return value(numbers.length === operands.length ? combine(numbers) : null);
}

function contains([text = null, part = null]: Operands): Outcome {
  if (typeof part !== "string") return problem(1, `expected a text in quotes, found ${kindOf(part)}`);
  if (text === null) return value(false);
  if (typeof text !== "string") return problem(0, `expected a text, found ${kindOf(text)}`);
  return value(text.includes(part));
}

function failures([name = null, cause = null, root = null]: Operands, summary: object): Outcome {
  const service = serviceNamed(name, summary);
  if (typeof service === "string") return problem(0, service);
  if (cause !== null && typeof cause !== "string")
    return problem(1, `expected a cause in quotes, found ${kindOf(cause)}`);
  if (cause !== null && !CAUSES.some((known) => known === cause)) return problem(1, unknownCause(cause));
  if (root !== null && typeof root !== "string")
    return problem(2, `expected a part of a root in quotes, found ${kindOf(root)}`);
  const requests = ownValue(service, "requests");
  const list = typeof requests === "object" && requests !== null ? ownValue(requests, "failures") : null;
  let total = 0;
  for (const entry of Array.isArray(list) ? list : []) {
    const hasCause = cause === null || ownValue(entry, "cause") === cause;
    const hasRoot = root === null || String(ownValue(entry, "root")).includes(root);
    if (hasCause && hasRoot) total += Number(ownValue(entry, "count"));
  }
  return value(total);
}

function rollout([name = null, index = null]: Operands, { summary, isExample }: CheckSubject): Outcome {
  const service = serviceNamed(name, summary);
  if (typeof service === "string") return problem(0, service);
  if (index !== null && !(typeof index === "number" && Number.isSafeInteger(index) && index >= 0))
    return problem(1, `expected the place of a rollout, a whole number from 0, found ${kindOf(index)}`);
  const list = ownValue(service, "rollouts");
  if (!Array.isArray(list)) return value(null);
  return value(plain(index === null || isExample ? list.at(-1) : list[index]));
}

/** The summary of a service, or what is wrong with its name. */
function serviceNamed(name: CheckValue, summary: object): object | string {
  if (typeof name !== "string") return `expected the name of a service in quotes, found ${kindOf(name)}`;
  const services = ownValue(summary, "services");
  if (typeof services !== "object" || services === null) return "there are no services";
  const service = ownValue(services, name);
  return typeof service === "object" && service !== null ? service : missingKey(services, name, "services");
}

function unknownCause(cause: string): string {
  const guess = nearest(cause, CAUSES);
  return `there is no cause "${cause}": ${guess === undefined ? `there is ${CAUSES.join(", ")}` : `did you mean "${guess}"?`}`;
}

function value(of: CheckValue): Outcome {
  return { kind: "value", value: of };
}

function problem(operand: number, text: string): Outcome {
  return { kind: "problem", operand, problem: text };
}
