import { approvalHolds, budgetStatus } from "../../src/controllers/disruptionBudget.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { AUTOSCALER_CASES } from "./autoscalerCases.ts";
import { BLUE_GREEN_CASES } from "./blueGreenCases.ts";
import { CANARY_CASES } from "./canaryCases.ts";
import { CaseInput } from "./caseInput.ts";
import { DEPLOYMENT_CASES, limitOf } from "./deploymentCases.ts";

type Case = (input: CaseInput) => unknown;

const BUDGET_CASES: readonly (readonly [string, Case])[] = [
  ["pdbStatus", pdbStatus],
  ["pdbDisruptedPods", disruptedPods],
];

/**
 * What a case's `input` gives, by the file's `function`: to be compared with the fields that its `expect` names.
 *
 * @throws naming the fields of the input that the function does not know: none is passed over.
 */
export const CONTROLLER_FUNCTIONS: ReadonlyMap<string, (input: unknown) => unknown> = new Map(
  [...DEPLOYMENT_CASES, ...AUTOSCALER_CASES, ...BUDGET_CASES, ...BLUE_GREEN_CASES, ...CANARY_CASES].map(
    ([name, run]) => [name, (input: unknown) => readWhole(run, new CaseInput(input))],
  ),
);

function readWhole(run: Case, input: CaseInput): unknown {
  const result = run(input);
  const unread = input.unread();
  if (unread.length > 0) throw new Error(`unknown input ${unread.map((name) => JSON.stringify(name)).join(", ")}`);
  return result;
}

function pdbStatus(input: CaseInput): unknown {
  const count = (name: string) => input.numberOr(name) ?? 0;
  const scales = input.raw("controllerScales");
  const status = budgetStatus(limitsOf(input), {
    scales: input.numbers("controllerScales"),
    healthy: count("managedReady") + count("unmanagedReady"),
    total: count("managedReady") + count("managedUnready") + count("unmanagedReady") + count("unmanagedUnready"),
    scaleless: Array.isArray(scales) && scales.includes(null),
  });
  return { ...status, expectedPods: status.expected };
}

function limitsOf(input: CaseInput) {
  const limit = (name: string) => (input.has(name) ? limitOf(input.raw(name)) : undefined);
  return { minAvailable: limit("minAvailable"), maxUnavailable: limit("maxUnavailable") };
}

/** One container's mark or, where `pods` are listed, which of the approvals written down stay, and the budget then. */
function disruptedPods(input: CaseInput): unknown {
  if (!input.names("pods")) {
    const age = input.number("markedSecondsAgo") * SECOND;
    return { mark: approvalHolds({ age, deleting: input.flag("deleting") }) };
  }
  const ages = approvalAges(input);
  const pods = input.parts("pods").map((pod) => {
    const name = pod.text("name") ?? "";
    const age = agesOf(pod) ?? ages.get(name);
    const deleting = pod.flag("deleting");
    const approved = age !== undefined && !deleting && approvalHolds({ age: age * SECOND, deleting });
    return { name, approved, healthy: pod.raw("ready") !== false && !deleting && !approved };
  });
  const status = budgetStatus(limitsOf(input), {
    scales: input.numbers("controllerScales"),
    healthy: pods.filter(({ healthy }) => healthy).length,
    total: pods.length,
  });
  const disrupted = pods.filter(({ approved }) => approved).map(({ name }) => name);
  return { ...status, expectedPods: status.expected, disruptedPods: disrupted };
}

/** By name, in seconds: written as a map, or as a list of entries. */
function approvalAges(input: CaseInput): ReadonlyMap<string, number> {
  if (Array.isArray(input.raw("disruptedPods"))) {
    const entries = input.parts("disruptedPods");
    return new Map(entries.map((entry) => [entry.text("name") ?? entry.text("pod") ?? "", agesOf(entry) ?? 0]));
  }
  const map = input.part("disruptedPods");
  return new Map((map?.namesLike(/./) ?? []).map((name) => [name, map?.number(name) ?? 0]));
}

function agesOf(entry: CaseInput): number | undefined {
  return entry.firstNumber("approvedSecondsAgo", "disruptedSecondsAgo", "markedSecondsAgo", "secondsAgo", "ageSeconds");
}
