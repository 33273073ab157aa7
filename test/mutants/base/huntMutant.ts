import { writeScenario } from "../../../src/scenario/writeScenario.ts";
import { BUILT_IN, withPlugins } from "../../../src/simulation/catalogue.ts";
import { choicesForPlugin } from "../../../src/testkit/choices.ts";
import { Fuzzer } from "../../../src/testkit/fuzzer.ts";
import { INVARIANTS } from "../../../src/testkit/invariants.ts";
import type { Mutant } from "./mutant.ts";

/** How a mutant was caught. */
export interface Kill {
  readonly invariant: string;
  readonly message: string;
  /** Runs up to and with the one that broke. */
  readonly runs: number;
  /** Of the smallest scenario, as a file. */
  readonly lines: number;
  readonly yaml: string;
}

/** Fuzzes one mutant with a seed until it is caught; undefined: it survived its number of runs. */
export function huntMutant({ plugin, patch, within }: Mutant, seed: number): Kill | undefined {
  const catalogue = plugin === undefined ? BUILT_IN : withPlugins(BUILT_IN, [plugin]);
  const choices = plugin === undefined ? {} : choicesForPlugin(plugin, catalogue);
  const fuzzer = new Fuzzer({ catalogue, choices, invariants: INVARIANTS, seed, stepBudget: 200_000 });
  const mend = patch?.();
  try {
    while (fuzzer.runs < within) {
      const find = fuzzer.search(Math.min(100, within - fuzzer.runs));
      if (find === undefined) continue;
      const yaml = writeScenario(find.scenario, catalogue);
      const { invariant, message } = find.violation;
      return { invariant, message, runs: find.run, lines: yaml.trimEnd().split("\n").length, yaml };
    }
    return undefined;
  } finally {
    mend?.();
  }
}
