/**
 * The public door: read a scenario, simulate it, compare runs, and write one's own schedulers and strategies.
 *
 * @module
 */
export type { BudgetView } from "./cluster/policies.ts";
export type { TrafficWeight } from "./cluster/services.ts";
export type { HostSpec, NamedSettings, Scenario, ServiceSpec, SpreadSpec, Taint, Toleration } from "./cluster/spec.ts";
export {
  type ComparisonPlan,
  compare,
  type Run,
  type Variant,
  withScheduler,
  withStrategy,
} from "./experiments/compare.ts";
export type { ComparedStrategy, Comparison, MetricSummary } from "./experiments/comparison.ts";
export { evaluateCheck, parseCheck } from "./experiments/expect.ts";
export { InternalError, PluginError } from "./kernel/errors.ts";
export type { Tie, TieChoice, TiedEvent, Ties } from "./kernel/ties.ts";
export { formatDuration, type Micros, toMillis, toSeconds } from "./kernel/time.ts";
export { type ReadFileOptions, readScenarioFile } from "./manifests/readScenarioFile.ts";
export type { RunResult, RunSeries, RunSummary, ServiceSummary } from "./metrics/result.ts";
export type {
  Pace,
  Plan,
  PlannedOutcome,
  ReleaseView,
  RolloutReason,
  RolloutView,
  ScaleTo,
  Signals,
  Strategy,
} from "./rollout/strategy.ts";
export { type ReadResult, readScenario } from "./scenario/readScenario.ts";
export { ScenarioError } from "./scenario/scenarioError.ts";
export type {
  HostScore,
  HostView,
  PlacedContainer,
  PlacementRequest,
  QueueRules,
  Refusal,
  Scheduler,
  SchedulerPlugin,
  Snapshot,
  Verdict,
} from "./scheduling/framework.ts";
export { profileScheduler, type Weighted } from "./scheduling/profile.ts";
export { BUILT_IN, type Catalogue, type Plugin, withPlugins } from "./simulation/catalogue.ts";
export { type Checkpoint, Simulation, type SimulationOptions, simulate } from "./simulation/simulation.ts";
