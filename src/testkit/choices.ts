import type { NamedSettings } from "../cluster/spec.ts";
import type { Catalogue, Plugin } from "../simulation/catalogue.ts";
import { BUILT_IN_SCHEDULERS, type ScenarioChoices } from "./arbitraries/anyScenario.ts";
import { BUILT_IN_STRATEGIES } from "./arbitraries/anyServices.ts";

const KNOWN_SETTINGS: readonly NamedSettings["settings"][] = [
  {},
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: "34%", maxUnavailable: "34%" },
  { maxSurge: 2, maxUnavailable: 2 },
  { minReadySeconds: "2s" },
  { scaleDownDelay: "5s" },
  // Of 20 and of 25, binary fractions just above a whole number: what is rounded up must be cleared of dust before.
  { maxSurge: "55%", maxUnavailable: "28%" },
  { maxSurge: "28%", maxUnavailable: "0%" },
];

/** Releases that try a scheduler well: a few at a time, and all at once. */
const PLAIN_RELEASES = BUILT_IN_STRATEGIES.filter(({ name }) => name === "rolling" || name === "recreate");

/** Scenarios in which one scheduler of the catalogue places everything. */
export function choicesForScheduler(name: string): ScenarioChoices {
  return { schedulers: [{ name, settings: {} }], strategies: PLAIN_RELEASES };
}

/** Scenarios in which a scheduler plug-in decides together with the usual ones, at double weight. */
export function choicesForSchedulerPlugin(name: string): ScenarioChoices {
  const plugins = { spread: 2, "least-allocated": 1, [name]: 2 };
  return { schedulers: [{ name: "profile", settings: { plugins } }], strategies: PLAIN_RELEASES };
}

/**
 * Scenarios in which one strategy of the catalogue releases everything, with its defaults and, where its settings have
 * Kubernetes' or Argo's names (maxSurge, maxUnavailable, minReadySeconds, scaleDownDelay), with several of those.
 */
export function choicesForStrategy(name: string, catalogue: Catalogue): ScenarioChoices {
  const known = BUILT_IN_STRATEGIES.filter((one) => one.name === name);
  if (known.length > 0) return { strategies: known, schedulers: BUILT_IN_SCHEDULERS };
  const schema = catalogue.strategies.get(name)?.settings;
  const accepted = KNOWN_SETTINGS.filter(
    (settings, place) => place === 0 || schema?.safeParse(settings).success === true,
  );
  return { strategies: accepted.map((settings) => ({ name, settings })), schedulers: BUILT_IN_SCHEDULERS };
}

/** Scenarios that try a plug-in, whichever kind it is. */
export function choicesForPlugin({ kind, name }: Pick<Plugin, "kind" | "name">, catalogue: Catalogue): ScenarioChoices {
  switch (kind) {
    case "strategy":
      return choicesForStrategy(name, catalogue);
    case "scheduler":
      return choicesForScheduler(name);
    case "scheduler-plugin":
      return choicesForSchedulerPlugin(name);
  }
}
