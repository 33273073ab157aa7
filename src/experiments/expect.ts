import type { Scenario } from "../cluster/spec.ts";
import type { RunSummary } from "../metrics/result.ts";
import { evaluate } from "./checkEvaluator.ts";
import { exampleSummary } from "./checkExample.ts";
import { parseCheckText } from "./checkParser.ts";
import { type Check, CheckError } from "./checkSyntax.ts";
import { type CheckValue, kindOf } from "./checkValues.ts";

/** How one check of a scenario's `expect` ended. */
export interface CheckOutcome {
  readonly holds: boolean;
  /** What the run had where the check looked: `services.shop.requests.failed was 12`. */
  readonly found: string;
}

/**
 * Reads one check, such as `services.shop.requests.failed == 0`.
 *
 * @throws CheckError with the position of the first mistake.
 */
export function parseCheck(text: string): Check {
  return parseCheckText(text);
}

/**
 * Holds a check against a run's results.
 *
 * @throws CheckError where a name is not in the results, or the kinds of values do not fit.
 */
export function evaluateCheck(check: Check, summary: RunSummary): CheckOutcome {
  const { value, found } = evaluate(check, { summary, isExample: false });
  return {
    holds: truthOf(check, value),
    found: [...found].map(([path, was]) => `${path} was ${shown(was)}`).join(", "),
  };
}

/**
 * The first mistake in a check, found without a run: in its grammar, in a name that this scenario's results will not have, or in
 * the kinds of values. Undefined where it can be evaluated whatever the run brings.
 */
export function mistakeInCheck(text: string, scenario: Scenario): CheckError | undefined {
  try {
    const check = parseCheck(text);
    const { value } = evaluate(check, { summary: exampleSummary(scenario), isExample: true });
    truthOf(check, value);
    return undefined;
  } catch (error) {
    if (error instanceof CheckError) return error;
    throw error;
  }
}

function truthOf(check: Check, value: CheckValue): boolean {
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  const advice = typeof value === "number" ? "compare it, as in … < 30" : "compare it with something";
  throw new CheckError(
    check.text,
    check.root.from,
    `a check is true or false, but this is ${kindOf(value)}: ${advice}`,
  );
}

const LONGEST_SHOWN = 120;

function shown(value: CheckValue): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "missing (null)";
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  const text = JSON.stringify(value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}
