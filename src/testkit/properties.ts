import fc from "fast-check";
import type { Scenario } from "../cluster/spec.ts";
import { formatDuration } from "../kernel/time.ts";
import type { Strategy } from "../rollout/strategy.ts";
import { writeScenario } from "../scenario/writeScenario.ts";
import type { Scheduler, SchedulerPlugin } from "../scheduling/framework.ts";
import { BUILT_IN, type Catalogue, type Plugin, withPlugins } from "../simulation/catalogue.ts";
import { anyScenario } from "./arbitraries/anyScenario.ts";
import type { Feature } from "./arbitraries/features.ts";
import { checkScenario } from "./checkScenario.ts";
import { choicesForPlugin } from "./choices.ts";
import type { Invariant, Violation } from "./invariant.ts";
import { INVARIANTS } from "./invariants.ts";

/** What a property asks, and of what. */
export interface PropertyOptions {
  /** All that make sense for the plug-in if left out. */
  readonly invariants?: readonly Invariant[] | undefined;
  readonly features?: readonly Feature[] | undefined;
}

/**
 * A fast-check property of a scheduler, or of one filter or score among the usual ones: no invariant breaks in any scenario.
 *
 * `fc.assert(schedulerProperty(mine))` shrinks a find and prints it as a scenario file with its story.
 */
export function schedulerProperty(
  scheduler: Scheduler | SchedulerPlugin,
  options: PropertyOptions = {},
): fc.IProperty<[Scenario]> {
  return pluginProperty(scheduler as Plugin, options);
}

/** A fast-check property of a strategy: no invariant breaks in any scenario that it releases in. */
export function strategyProperty<Settings, State>(
  strategy: Strategy<Settings, State>,
  options: PropertyOptions = {},
): fc.IProperty<[Scenario]> {
  // Which settings and state a strategy has is its own affair: the simulator hands it back what it made.
  return pluginProperty(strategy as unknown as Strategy, options);
}

/** The invariants that a plug-in is held to where nothing else is said: a filter of one's own may refuse what would fit. */
export function invariantsFor({ kind }: Pick<Plugin, "kind">): readonly Invariant[] {
  return kind === "scheduler-plugin" ? INVARIANTS.filter(({ name }) => name !== "placed-when-it-fits") : INVARIANTS;
}

function pluginProperty(plugin: Plugin, options: PropertyOptions): fc.IProperty<[Scenario]> {
  const catalogue = withPlugins(BUILT_IN, [plugin]);
  const invariants = options.invariants ?? invariantsFor(plugin);
  const scenarios = anyScenario({ ...choicesForPlugin(plugin, catalogue), features: options.features });
  return fc.property(scenarios, (scenario) => {
    const violation = checkScenario(scenario, { catalogue, invariants, story: false });
    if (violation !== undefined) throw lazyError(violation.invariant, () => textOf(scenario, catalogue, invariants));
  });
}

function textOf(scenario: Scenario, catalogue: Catalogue, invariants: readonly Invariant[]): string {
  const violation = checkScenario(scenario, { catalogue, invariants });
  return violation === undefined ? "" : `${told(violation)}\n\n${writeScenario(scenario, catalogue)}`;
}

/** An error whose text is made when somebody reads it: shrinking throws hundreds of these, and shows one. */
export function lazyError(name: string, tell: () => string): Error {
  const error = new Error(name);
  let text: string | undefined;
  const get = () => {
    text ??= tell();
    return text;
  };
  return Object.defineProperties(error, { message: { get }, stack: { get } });
}

/** A violation as text: what broke, and the frames of its story. */
export function told({ invariant, statement, at, event, story }: Violation): string {
  const frames = story.map((frame, place) => `  ${place + 1}. ${formatDuration(frame.at)}  ${frame.text}`);
  return [`${invariant} at ${formatDuration(at)}, in ${event}: ${statement}`, ...frames].join("\n");
}
