import { mistakeInCheck } from "../experiments/expect.ts";
import type { ReadResult } from "../scenario/readScenario.ts";
import type { Problem } from "../scenario/scenarioError.ts";

/** What is wrong with a scenario's own checks, each at its line. */
export function mistakesInExpect({ scenario, expectPlaces }: ReadResult): Problem[] {
  return scenario.expect.flatMap((text, i) => {
    const mistake = mistakeInCheck(text, scenario);
    const place = expectPlaces[i] ?? { file: scenario.name, line: undefined, column: undefined };
    return mistake === undefined ? [] : [{ ...place, path: `expect[${i}]`, message: `${text}: ${mistake.message}` }];
  });
}
