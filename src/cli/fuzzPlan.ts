import type { Catalogue } from "../simulation/catalogue.ts";
import type { ScenarioChoices } from "../testkit/arbitraries/anyScenario.ts";
import { ownPlugins } from "../testkit/askedCatalogue.ts";
import { choicesForPlugin, choicesForScheduler, choicesForStrategy } from "../testkit/choices.ts";
import type { FuzzPlan } from "../testkit/fuzzer.ts";
import type { Invariant } from "../testkit/invariant.ts";
import { noRequestLost } from "../testkit/invariants/noRequestLost.ts";
import { INVARIANTS } from "../testkit/invariants.ts";
import { invariantsFor } from "../testkit/properties.ts";
import { checkKnown, type FuzzOptions, USUAL_SEED } from "./fuzzOptions.ts";
import { catalogueWith } from "./plugins.ts";
import { tiesOf } from "./ties.ts";

/** What the flags ask for, plug-ins loaded: the same here and in every worker. @throws UsageError, PluginError. */
export async function planOf(options: FuzzOptions): Promise<FuzzPlan> {
  const catalogue = await catalogueWith(options.plugin ?? []);
  return {
    catalogue,
    choices: choicesOf(options, catalogue),
    invariants: invariantsOf(options, catalogue),
    seed: options.seed ?? USUAL_SEED,
    ties: tiesOf(options),
  };
}

function choicesOf(options: FuzzOptions, catalogue: Catalogue): ScenarioChoices {
  const { scheduler, strategy } = options;
  const merged: { -readonly [Key in keyof ScenarioChoices]: ScenarioChoices[Key] } = {};
  const plugins = scheduler === undefined && strategy === undefined ? ownPlugins(catalogue) : [];
  for (const plugin of plugins) {
    const own = choicesForPlugin(plugin, catalogue);
    if (plugin.kind === "strategy") merged.strategies = [...(merged.strategies ?? []), ...(own.strategies ?? [])];
    else merged.schedulers = [...(merged.schedulers ?? []), ...(own.schedulers ?? [])];
  }
  if (scheduler !== undefined) {
    checkKnown("--scheduler", scheduler, [...catalogue.schedulers.keys()]);
    Object.assign(merged, choicesForScheduler(scheduler));
  }
  if (strategy !== undefined) {
    checkKnown("--strategy", strategy, [...catalogue.strategies.keys()]);
    merged.strategies = choicesForStrategy(strategy, catalogue).strategies;
  }
  return merged;
}

function invariantsOf({ invariants }: FuzzOptions, catalogue: Catalogue): readonly Invariant[] {
  if (invariants === undefined) {
    const hasFilters = ownPlugins(catalogue).some(({ kind }) => kind === "scheduler-plugin");
    return hasFilters ? invariantsFor({ kind: "scheduler-plugin" }) : INVARIANTS;
  }
  // One is asked on request only: faults lose requests, and so do most releases.
  const known = [...INVARIANTS, noRequestLost];
  const names = known.map(({ name }) => name);
  for (const name of invariants) checkKnown("--invariants", name, names);
  return known.filter(({ name }) => invariants.includes(name));
}
