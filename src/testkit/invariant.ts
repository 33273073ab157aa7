import type { Cluster } from "../cluster/cluster.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Scenario } from "../cluster/spec.ts";
import type { SeenEvent } from "../kernel/engine.ts";
import type { Micros } from "../kernel/time.ts";
import type { RunResult } from "../metrics/result.ts";
import type { Plan, RolloutView, Strategy } from "../rollout/strategy.ts";
import type { PlacementRequest, Snapshot, Verdict } from "../scheduling/framework.ts";
import type { Simulation } from "../simulation/simulation.ts";

/** One answer of a scheduler, with what it was asked. */
export interface Placement {
  readonly scheduler: string;
  readonly request: PlacementRequest;
  readonly snapshot: Snapshot;
  readonly verdict: Verdict;
}

/** One answer of a strategy, with what it was asked. */
export interface Planning {
  readonly strategy: Strategy;
  /** As the strategy's own schema gives them. */
  readonly settings: unknown;
  readonly view: RolloutView;
  readonly plan: Plan;
  /** The question and answer before, in the same rollout; undefined: this is its first. */
  readonly before: { readonly view: RolloutView; readonly plan: Plan } | undefined;
}

/** Runs another scenario, or the same again, with the same schedulers and strategies; `play` instead of straight through. */
export type Rerun = (scenario: Scenario, play?: (simulation: Simulation) => RunResult) => RunResult;

/** What looks on during one run. Each answers in words what is wrong, or undefined. It changes nothing. */
export interface Watch {
  /** At each fact, in the middle of the event that brought it. */
  readonly onFact?: ((fact: Fact, now: Micros, cluster: Cluster) => string | undefined) | undefined;
  /** Before the first event, and after each that changed anything but requests. */
  readonly afterEvent?: ((event: SeenEvent) => string | undefined) | undefined;
  /** At the end of the run. */
  readonly atEnd?: ((result: RunResult) => string | undefined) | undefined;
}

/** What a decision or a run must never break. */
export interface Invariant {
  /** Words joined by dashes, to be named on a command line. */
  readonly name: string;
  /** What holds, as one sentence. */
  readonly statement: string;
  readonly appliesTo: "placement" | "rollout" | "requests" | "engine" | "metamorphic";
  /** It needs further whole runs, so that `fuzz` asks it only of some scenarios. */
  readonly needsRuns?: true;
  /** Such a one that says something of few scenarios only, so that it gets two turns in place of one. */
  readonly saysLittle?: true;
  /** Judges one placement by itself; pure, so that a unit test can ask it too. */
  readonly onPlacement?: ((placement: Placement) => string | undefined) | undefined;
  /** Judges one plan by itself; pure. */
  readonly onPlan?: ((planning: Planning) => string | undefined) | undefined;
  /** Begins to watch a run that stands at its beginning. */
  readonly start?: ((simulation: Simulation, rerun: Rerun) => Watch) | undefined;
}

/** The first thing that went wrong in a run. */
export interface Violation {
  /** Name of the invariant, or of what a plug-in did: see `MISDEEDS`. */
  readonly invariant: string;
  readonly statement: string;
  readonly message: string;
  readonly at: Micros;
  /** The event in which it happened, as the engine names it. */
  readonly event: string;
  /** How it came about, at most seven moments, oldest first. */
  readonly story: readonly Frame[];
}

/** One picture of a storyboard. */
export interface Frame {
  readonly at: Micros;
  readonly text: string;
}
