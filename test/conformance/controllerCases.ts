import { approvalHolds, budgetStatus } from "../../src/controllers/disruptionBudget.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { AUTOSCALER_CASES } from "./autoscalerCases.ts";
import { BLUE_GREEN_CASES } from "./blueGreenCases.ts";
import { CANARY_CASES } from "./canaryCases.ts";
import { CaseInput } from "./caseInput.ts";
import { amountOf, DEPLOYMENT_CASES } from "./deploymentCases.ts";

type Case = (input: CaseInput) => unknown;

const BUDGET_CASES: readonly (readonly [string, Case])[] = [
  ["pdbStatus", pdbStatus],
  ["pdbDisruptedPods", disruptedPods],
];

/** What a case's `input` gives, by the file's `function`: to be compared with the fields that its `expect` names. */
export const CONTROLLER_FUNCTIONS: ReadonlyMap<string, (input: unknown) => unknown> = new Map(
  [...DEPLOYMENT_CASES, ...AUTOSCALER_CASES, ...BUDGET_CASES, ...BLUE_GREEN_CASES, ...CANARY_CASES].map(
    ([name, run]) => [name, (input: unknown) => run(new CaseInput(input))],
  ),
);

function pdbStatus(input: CaseInput): unknown {
  const count = (name: string) => input.numberOr(name) ?? 0;
  const limit = (name: string) => (input.has(name) ? amountOf(input.raw(name)) : undefined);
  const status = budgetStatus(
    { minAvailable: limit("minAvailable"), maxUnavailable: limit("maxUnavailable") },
    {
      scales: input.numbers("controllerScales"),
      healthy: count("managedReady") + count("unmanagedReady"),
      total: count("managedReady") + count("managedUnready") + count("unmanagedReady") + count("unmanagedUnready"),
    },
  );
  return { ...status, expectedPods: status.expected };
}

function disruptedPods(input: CaseInput): unknown {
  const holds = (approval: CaseInput, age: string) =>
    approvalHolds({ age: approval.number(age) * SECOND, deleting: approval.flag("deleting") });
  return { mark: holds(input, "markedSecondsAgo") };
}
