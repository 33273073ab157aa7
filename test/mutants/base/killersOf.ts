import fc from "fast-check";
import { BUILT_IN, withPlugins } from "../../../src/simulation/catalogue.ts";
import { anyScenario } from "../../../src/testkit/arbitraries/anyScenario.ts";
import { checkScenario } from "../../../src/testkit/checkScenario.ts";
import { choicesForPlugin } from "../../../src/testkit/choices.ts";
import type { Invariant } from "../../../src/testkit/invariant.ts";
import { INVARIANTS } from "../../../src/testkit/invariants.ts";
import type { Mutant } from "./mutant.ts";

/** Invariants that need further runs are asked of one scenario in so many. */
const COSTLY_EVERY = 3;

/**
 * Every invariant that kills a mutant when it is asked alone, with the scenario (counted from 1) in which it first did.
 *
 * All are asked of the same scenarios: what one finds does not hide what another would have found. A misdeed ends a run, so
 * that in its scenario nothing else is learnt. No find is made smaller.
 */
export function killersOf({ plugin, patch }: Mutant, seed: number, scenarios: number): ReadonlyMap<string, number> {
  const catalogue = plugin === undefined ? BUILT_IN : withPlugins(BUILT_IN, [plugin]);
  const choices = plugin === undefined ? {} : choicesForPlugin(plugin, catalogue);
  const killers = new Map<string, number>();
  const mend = patch?.();
  try {
    for (const [place, scenario] of fc.sample(anyScenario(choices), { numRuns: scenarios, seed }).entries()) {
      let asked = INVARIANTS.filter((one) => !killers.has(one.name) && (place % COSTLY_EVERY === 0 || isLight(one)));
      for (;;) {
        const violation = checkScenario(scenario, { catalogue, invariants: asked, stepBudget: 200_000, story: false });
        if (violation === undefined) break;
        const { invariant } = violation;
        if (!killers.has(invariant)) killers.set(invariant, place + 1);
        if (!asked.some(({ name }) => name === invariant)) break;
        asked = asked.filter(({ name }) => name !== invariant);
      }
    }
    return killers;
  } finally {
    mend?.();
  }
}

function isLight({ needsRuns }: Invariant): boolean {
  return needsRuns !== true;
}
