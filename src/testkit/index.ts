/**
 * The second door: property-based tests of schedulers and strategies, on fast-check.
 *
 * @module
 */
export { anyHosts } from "./arbitraries/anyHosts.ts";
export { anyImages } from "./arbitraries/anyImages.ts";
export { anyScenario, BUILT_IN_SCHEDULERS, type ScenarioChoices } from "./arbitraries/anyScenario.ts";
export { anyService, BUILT_IN_STRATEGIES } from "./arbitraries/anyServices.ts";
export { anyTimeline } from "./arbitraries/anyTimeline.ts";
export { anyTraffic } from "./arbitraries/anyTraffic.ts";
export { FEATURES, type Feature } from "./arbitraries/features.ts";
export { type CheckOptions, checkScenario } from "./checkScenario.ts";
export { choicesForPlugin, choicesForScheduler, choicesForStrategy } from "./choices.ts";
export type { ClusterCommand } from "./commands/anyCommand.ts";
export { type CommandsOptions, commandsProperty } from "./commandsProperty.ts";
export { Coverage } from "./coverage.ts";
export { type Find, Fuzzer, type FuzzPlan } from "./fuzzer.ts";
export type { Frame, Invariant, Placement, Planning, Rerun, Violation, Watch } from "./invariant.ts";
export { noRequestLost } from "./invariants/noRequestLost.ts";
export { INVARIANTS } from "./invariants.ts";
export { MISDEEDS, type Misdeed } from "./misdeeds.ts";
export { invariantsFor, type PropertyOptions, schedulerProperty, strategyProperty, told } from "./properties.ts";
export { type FoundRace, type Race, raceBehind, raceInWords } from "./race.ts";
export { WORLD_FAULTS, type WorldFault } from "./worldFaults.ts";
export { checkAllWorlds, type FoundWorld, tooLargeForAllWorlds, type Worlds, type WorldsOptions } from "./worlds.ts";
