import fc from "fast-check";
import type { Scenario } from "../cluster/spec.ts";
import type { Ties } from "../kernel/ties.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { anyScenario, type ScenarioChoices } from "./arbitraries/anyScenario.ts";
import { type CheckOptions, checkScenario } from "./checkScenario.ts";
import { Coverage } from "./coverage.ts";
import type { Invariant, Violation } from "./invariant.ts";
import { type FoundRace, raceBehind } from "./race.ts";

/** What is searched, and for what. */
export interface FuzzPlan {
  readonly catalogue: Catalogue;
  readonly choices: ScenarioChoices;
  readonly invariants: readonly Invariant[];
  /** A whole number; the same one makes the same scenarios in the same order. */
  readonly seed: number;
  /** Events after which a run is taken to hang. */
  readonly stepBudget?: number | undefined;
  /** Another order of simultaneous events, in every run. */
  readonly ties?: Ties | undefined;
}

/** A broken invariant, in the smallest scenario that was found to break it. */
export interface Find {
  readonly violation: Violation;
  readonly scenario: Scenario;
  /** Which run broke it first, counted from 1. */
  readonly run: number;
  /** Smaller scenarios that were tried. */
  readonly tried: number;
}

/** Scenarios that are tried to make a find smaller, at most. */
const MOST_TRIED = 3000;

/**
 * Runs scenario after scenario until an invariant breaks, then makes the scenario smaller while the same one still breaks.
 *
 * Invariants that need further runs are asked in turn, one per scenario; all others always. Found ones are not looked for
 * again, so that the search can go on.
 */
export class Fuzzer {
  readonly coverage = new Coverage();
  readonly #plan: FuzzPlan;
  readonly #light: readonly Invariant[];
  readonly #costly: readonly Invariant[];
  readonly #found = new Set<string>();
  #runs = 0;
  #batches = 0;

  constructor(plan: FuzzPlan) {
    this.#plan = plan;
    this.#light = plan.invariants.filter(({ needsRuns }) => needsRuns !== true);
    this.#costly = plan.invariants.filter(({ needsRuns }) => needsRuns === true);
  }

  /** Scenarios run so far, those of shrinking left out. */
  get runs(): number {
    return this.#runs;
  }

  /** Runs up to `count` more scenarios; what was found ends them early. */
  search(count: number): Find | undefined {
    let target: string | undefined;
    let first = 0;
    let tried = 0;
    const holds = (scenario: Scenario, turn: number): boolean => {
      if (target !== undefined && ++tried > MOST_TRIED) return true;
      if (target === undefined) this.#runs++;
      const violation = this.#check(scenario, turn, target);
      if (violation === undefined || this.#found.has(violation.invariant)) return true;
      if (target === undefined) {
        target = violation.invariant;
        first = this.#runs;
      }
      return violation.invariant !== target;
    };
    const turns = fc.nat(Math.max(0, this.#costly.length - 1));
    const details = fc.check(fc.property(anyScenario(this.#plan.choices), turns, holds), {
      numRuns: count,
      // Odd steps between batches, so that two seeds do not walk in each other's footsteps.
      seed: (Math.imul(this.#plan.seed, 0x9e3779b1) + Math.imul(this.#batches++, 0x85ebca6b)) | 0,
    });
    if (details.counterexample === null || target === undefined) return undefined;
    const [scenario] = details.counterexample;
    this.#found.add(target);
    const violation = this.replay(scenario, target);
    return violation && { violation, scenario, run: first, tried };
  }

  /** Checks one scenario for one invariant or misdeed only, or (undefined) for all. */
  replay(scenario: Scenario, only?: string, how: Pick<CheckOptions, "story" | "ties"> = {}): Violation | undefined {
    const { invariants } = this.#plan;
    const asked = only === undefined ? invariants : invariants.filter(({ name }) => name === only);
    return checkScenario(scenario, { ...this.#checking, invariants: asked, ...how });
  }

  /** The race behind a find, if it breaks only in another order of simultaneous events. */
  race({ scenario, violation }: Find): FoundRace | undefined {
    return raceBehind(scenario, violation, { ...this.#checking, invariants: this.#plan.invariants });
  }

  get #checking(): CheckOptions {
    const { catalogue, stepBudget, ties } = this.#plan;
    return { catalogue, stepBudget, ties };
  }

  #check(scenario: Scenario, turn: number, target: string | undefined): Violation | undefined {
    if (target !== undefined) return this.replay(scenario, target, { story: false });
    const costly = this.#costly[turn];
    const invariants = costly === undefined ? this.#light : [...this.#light, costly];
    const asked = invariants.filter(({ name }) => !this.#found.has(name));
    return checkScenario(scenario, { ...this.#checking, invariants: asked, coverage: this.coverage, story: false });
  }
}
