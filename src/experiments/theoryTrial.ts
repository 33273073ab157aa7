import type { Scenario } from "../cluster/spec.ts";
import { assert } from "../kernel/errors.ts";
import type { RunSummary } from "../metrics/result.ts";
import type { Run } from "./compare.ts";
import { mean, standardError } from "./confidence.ts";

/** One law: a scenario, where to look, and what theory says is there. */
export interface TheoryCase {
  readonly law: string;
  /** What is compared, with its unit. */
  readonly quantity: string;
  readonly exact: number;
  readonly scenario: Scenario;
  readonly measure: (summary: RunSummary) => number;
}

/** What the simulator said, over independent replications. */
export interface TheoryOutcome {
  readonly law: string;
  readonly quantity: string;
  readonly exact: number;
  readonly simulated: number;
  readonly standardError: number;
  /** (simulated − exact) ÷ standard error: beyond ±3 by chance in fewer than 1 of 100 cases at 20 replications. */
  readonly z: number;
}

/** A z beyond this, either way, counts as a contradiction. */
export const GREATEST_Z = 3;

/** Runs a case under the seeds `seed`, `seed` + 1, …; at least two replications. */
export function tryLaw(
  law: TheoryCase,
  trial: { readonly replications: number; readonly seed: number; readonly run: Run },
): TheoryOutcome {
  const values: number[] = [];
  for (let i = 0; i < trial.replications; i++) {
    values.push(law.measure(trial.run(law.scenario, trial.seed + i).summary));
  }
  const simulated = mean(values);
  const error = standardError(values);
  assert(simulated !== null && error !== null, "a law is tried at least twice");
  const deviation = simulated - law.exact;
  // Without any spread the answer is right or wrong, and no multiple of nothing.
  const z = error > 0 ? deviation / error : deviation === 0 ? 0 : Math.sign(deviation) * Number.POSITIVE_INFINITY;
  return { law: law.law, quantity: law.quantity, exact: law.exact, simulated, standardError: error, z };
}
