import type { Scenario } from "../cluster/spec.ts";
import type { SeenEvent } from "../kernel/engine.ts";
import type { Tie, Ties } from "../kernel/ties.ts";
import { formatDuration, MILLISECOND, type Micros } from "../kernel/time.ts";
import { BUILT_IN, type Catalogue } from "../simulation/catalogue.ts";
import { Simulation } from "../simulation/simulation.ts";
import type { Coverage } from "./coverage.ts";
import type { Invariant, Planning, Rerun, Violation, Watch } from "./invariant.ts";
import { endOf } from "./invariants/outcome.ts";
import { INVARIANTS } from "./invariants.ts";
import { MISDEEDS, type Misdeed, misdeedOf } from "./misdeeds.ts";
import { settingsOnce } from "./settingsOnce.ts";
import { Story } from "./story.ts";
import { watchedCatalogue } from "./watchedCatalogue.ts";

/** How a scenario is checked. */
export interface CheckOptions {
  /** The built-in one if left out. */
  readonly catalogue?: Catalogue | undefined;
  /** All of `INVARIANTS` if left out. */
  readonly invariants?: readonly Invariant[] | undefined;
  /** Events after which a run is taken to hang; 2 million if left out. */
  readonly stepBudget?: number | undefined;
  /** False: no story is made, which saves a second run. */
  readonly story?: boolean | undefined;
  /** Counts the transitions of the run. */
  readonly coverage?: Coverage | undefined;
  /** Another order of simultaneous events. */
  readonly ties?: Ties | undefined;
  /** Sees each choice among simultaneous events before it is followed; true: the rest of the run is of no interest. */
  readonly atTie?: ((tie: Tie, simulation: Simulation) => boolean) | undefined;
}

const STEP_BUDGET = 2_000_000;
/** Events at one instant after which time is taken to stand still. */
const MOST_AT_ONCE = 50_000;
/** So many plans in so short a time while nothing happens: the strategy wakes itself for ever. */
const BUSY_PLANS = 1000;
const BUSY_TIME: Micros = 100 * MILLISECOND;

/**
 * Runs a scenario under its own seed and tells the first invariant that broke, with its story; undefined: all held.
 *
 * What a plug-in does wrong is a violation too, under a name of `MISDEEDS`. The same scenario gives the same answer.
 */
export function checkScenario(scenario: Scenario, options: CheckOptions = {}): Violation | undefined {
  const found = new Check(scenario, options, undefined).run();
  if (found === undefined) return undefined;
  if (options.story === false) return { ...found, story: [] };
  // Runs are repeatable, so that the story is only written down for the few that need one.
  const story = new Story();
  const again = new Check(scenario, options, story).run();
  const told = again?.invariant === found.invariant ? again : found;
  return { ...told, story: story.frames(told.at, told.message) };
}

type Found = Omit<Violation, "story">;

interface Look<Kind extends keyof Watch> {
  readonly invariant: Invariant;
  readonly look: NonNullable<Watch[Kind]>;
}

/** One run under watch. */
class Check {
  readonly #scenario: Scenario;
  readonly #options: CheckOptions;
  readonly #story: Story | undefined;
  readonly #onPlacement: readonly Invariant[];
  readonly #onPlan: readonly Invariant[];
  readonly #rerun: Rerun;
  // By what they look at: most look at one of the three, and facts are many.
  readonly #onFact: Look<"onFact">[] = [];
  readonly #afterEvent: Look<"afterEvent">[] = [];
  readonly #atEnd: Look<"atEnd">[] = [];
  #simulation: Simulation | undefined;
  #event = "beginning";
  #stirred = true;
  /** In a row, with nothing else in between; and when the first of them was made. */
  #plans = 0;
  #plansSince: Micros = 0;
  #abandoned = false;
  #found: Found | undefined;

  constructor(scenario: Scenario, options: CheckOptions, story: Story | undefined) {
    this.#scenario = scenario;
    this.#options = options;
    this.#story = story;
    const invariants = options.invariants ?? INVARIANTS;
    this.#onPlacement = invariants.filter((one) => one.onPlacement !== undefined);
    this.#onPlan = invariants.filter((one) => one.onPlan !== undefined);
    const catalogue = settingsOnce(options.catalogue ?? BUILT_IN);
    const rerun: Rerun = (other, play = endOf) => play(new Simulation(other, { catalogue, ties: options.ties }));
    this.#rerun = rerun;
  }

  run(): Found | undefined {
    try {
      this.#play();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed === undefined) throw error;
      // Nobody is told of an event that was broken off.
      if (this.#event !== "end") this.#event = this.#simulation?.world.engine.running ?? this.#event;
      if (this.#found === undefined) this.#caught(misdeed, error instanceof Error ? error.message : String(error));
    }
    return this.#found;
  }

  #play(): void {
    const simulation = this.#begin();
    const budget = this.#options.stepBudget ?? STEP_BUDGET;
    let at: Micros = -1;
    let atOnce = 0;
    while (this.#found === undefined && !this.#abandoned && simulation.step()) {
      atOnce = simulation.now === at ? atOnce + 1 : 0;
      at = simulation.now;
      if (simulation.events > budget) this.#caught("plug-in-hangs", `more than ${budget} events, and no end`);
      if (atOnce > MOST_AT_ONCE) this.#caught("plug-in-hangs", `more than ${MOST_AT_ONCE} events at one instant`);
    }
    if (this.#found !== undefined || this.#abandoned) return;
    const result = endOf(simulation);
    this.#event = "end";
    for (const { invariant, look } of this.#atEnd) this.#judge(invariant, look(result));
  }

  #begin(): Simulation {
    const { coverage } = this.#options;
    const catalogue = watchedCatalogue(this.#options.catalogue ?? BUILT_IN, {
      onPlacement: (placement) => {
        this.#story?.placed(placement, this.#simulation?.now ?? 0);
        for (const invariant of this.#onPlacement) this.#judge(invariant, invariant.onPlacement?.(placement));
      },
      onPlan: (planning) => {
        this.#story?.planned(planning);
        this.#countPlan(planning);
        for (const invariant of this.#onPlan) this.#judge(invariant, invariant.onPlan?.(planning));
      },
    });
    const simulation = new Simulation(this.#scenario, {
      catalogue,
      ties: this.#options.ties,
      listen: (fact, now, cluster) => {
        this.#stirred = true;
        this.#plans = 0;
        coverage?.note(fact);
        this.#story?.fact(fact, now, cluster);
        for (const { invariant, look } of this.#onFact) this.#judge(invariant, look(fact, now, cluster));
      },
    });
    this.#simulation = simulation;
    for (const invariant of this.#options.invariants ?? INVARIANTS) {
      const { onFact, afterEvent, atEnd } = invariant.start?.(simulation, this.#rerun) ?? {};
      if (onFact !== undefined) this.#onFact.push({ invariant, look: onFact });
      if (afterEvent !== undefined) this.#afterEvent.push({ invariant, look: afterEvent });
      if (atEnd !== undefined) this.#atEnd.push({ invariant, look: atEnd });
    }
    simulation.observe((event) => this.#after(event));
    const { atTie } = this.#options;
    if (atTie !== undefined) {
      simulation.observeTies((tie) => {
        this.#abandoned ||= atTie(tie, simulation);
      });
    }
    this.#after({ time: 0, kind: this.#event, a: 0, b: 0 });
    return simulation;
  }

  #after(event: SeenEvent): void {
    this.#event = event.kind;
    // What was found in the middle of this event bears its name too.
    if (this.#found !== undefined) this.#found = { ...this.#found, event: event.kind };
    if (!this.#stirred) return;
    this.#stirred = false;
    for (const { invariant, look } of this.#afterEvent) this.#judge(invariant, look(event));
  }

  #countPlan({ strategy, view }: Planning): void {
    if (this.#plans++ === 0) this.#plansSince = view.now;
    if (this.#plans < BUSY_PLANS) return;
    const time = view.now - this.#plansSince;
    if (time < BUSY_TIME) {
      const often = `${BUSY_PLANS} plans within ${formatDuration(time)} while nothing changed`;
      this.#caught("plug-in-hangs", `strategy "${strategy.name}" keeps the control plane busy: ${often}`);
    }
    this.#plans = 0;
  }

  #judge({ name, statement }: Invariant, message: string | undefined): void {
    if (message === undefined || this.#found !== undefined) return;
    this.#found = { invariant: name, statement, message, at: this.#simulation?.now ?? 0, event: this.#event };
  }

  #caught(misdeed: Misdeed, message: string): void {
    this.#found ??= {
      invariant: misdeed,
      statement: MISDEEDS[misdeed],
      message,
      at: this.#simulation?.now ?? 0,
      event: this.#event,
    };
  }
}
