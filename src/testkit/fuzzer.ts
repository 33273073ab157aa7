import fc from "fast-check";
import type { Scenario } from "../cluster/spec.ts";
import type { Ties } from "../kernel/ties.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { anyScenario, type ScenarioChoices } from "./arbitraries/anyScenario.ts";
import { type CheckOptions, checkScenario } from "./checkScenario.ts";
import { Coverage } from "./coverage.ts";
import type { Invariant, Violation } from "./invariant.ts";
import { type Race, raceBehind } from "./race.ts";

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
  /** Where a search goes on; its beginning if left out. */
  readonly from?: SearchPlace | undefined;
  /** Is told of each scenario before it runs. */
  readonly onRun?: ((isShrinking: boolean) => void) | undefined;
  /** Is told of a find when it is made, and each time that it got smaller. */
  readonly onBroken?: ((broken: Broken) => void) | undefined;
}

/** A place in a search: batches are numbered, and a batch's scenarios depend on the seed and its number alone. */
export interface SearchPlace {
  /** The number of the next batch, from 0. */
  readonly batch: number;
  /** Scenarios run before it. */
  readonly runs: number;
  /** What is not looked for any more. */
  readonly found: readonly string[];
}

/** A find before it is as small as it gets. */
export interface Broken {
  readonly invariant: string;
  readonly scenario: Scenario;
  readonly run: number;
  readonly tried: number;
}

/** A broken invariant, in the smallest scenario that was found to break it. */
export interface Find {
  readonly violation: Violation;
  readonly scenario: Scenario;
  /** Which run broke it first, counted from 1. */
  readonly run: number;
  /** Smaller scenarios that were tried. */
  readonly tried: number;
  /** The order of simultaneous events that shows it; left out: that of scheduling. */
  readonly ties?: Ties;
  /** The two events whose order decides, where it breaks in another order only. */
  readonly race?: Race;
}

/** What is left of a scenario after others have shrunk it. */
export interface Shrunk {
  readonly scenario: Scenario;
  readonly tried: number;
}

/** Scenarios that are tried to make a find smaller, at most. */
const MOST_TRIED = 3000;

/**
 * Runs scenario after scenario until an invariant breaks, then makes the scenario smaller while the same one still breaks.
 *
 * Invariants that need further runs are asked in turn, one of them in two of seven scenarios; all others always. Found
 * ones are not looked for again, so that the search can go on.
 */
export class Fuzzer {
  readonly coverage = new Coverage();
  readonly #plan: FuzzPlan;
  readonly #light: readonly Invariant[];
  /** One is asked at a time; undefined: none. */
  readonly #turnsOf: readonly (Invariant | undefined)[];
  readonly #scenarios: fc.Arbitrary<Scenario>;
  /** Which of the costly invariants is asked too; each as often as the next, where fast-check prefers the first and the last. */
  readonly #turns: fc.Arbitrary<number>;
  readonly #found: Set<string>;
  #runs: number;
  #batches: number;

  constructor(plan: FuzzPlan) {
    this.#plan = plan;
    this.#light = plan.invariants.filter(({ needsRuns }) => needsRuns !== true);
    const costly = plan.invariants.filter(({ needsRuns }) => needsRuns === true);
    const again = costly.filter(({ saysLittle }) => saysLittle === true);
    const spared = this.#light.length > 0 ? 4 * Math.max(0, costly.length - again.length) : 0;
    const none = Array.from({ length: spared }, () => undefined);
    this.#turnsOf = [...costly, ...again, ...none];
    this.#scenarios = anyScenario(plan.choices);
    this.#turns = fc.noBias(fc.nat(Math.max(0, this.#turnsOf.length - 1)));
    this.#found = new Set(plan.from?.found);
    this.#runs = plan.from?.runs ?? 0;
    this.#batches = plan.from?.batch ?? 0;
  }

  /** Scenarios run so far, those of shrinking left out. */
  get runs(): number {
    return this.#runs;
  }

  /** Runs the next batch of up to `count` scenarios, and makes nothing smaller: the name of what broke first ends it early. */
  look(count: number): string | undefined {
    let broke: string | undefined;
    const fault = this.#play({ count, shrinks: false }, (scenario, turn) => {
      this.#runs++;
      broke = this.#broken(scenario, turn)?.invariant;
      return broke === undefined;
    }).fault;
    if (fault !== undefined) throw fault.error;
    return broke;
  }

  /**
   * Runs the next batch of up to `count` scenarios; what was found ends it early.
   *
   * @throws whatever a run throws that is neither a plug-in's fault nor a claim of the engine's: a fault of this program.
   */
  search(count: number): Find | undefined {
    let target: string | undefined;
    let first = 0;
    let tried = 0;
    const { counterexample, fault } = this.#play({ count, shrinks: true }, (scenario, turn) => {
      if (target !== undefined && ++tried > MOST_TRIED) return true;
      if (target === undefined) this.#runs++;
      const broken = this.#broken(scenario, turn, target);
      if (broken === undefined) return true;
      if (target === undefined) {
        target = broken.invariant;
        first = this.#runs;
      }
      if (broken.invariant !== target) return true;
      this.#plan.onBroken?.({ invariant: target, scenario, run: first, tried });
      return false;
    });
    if (target === undefined) {
      if (fault !== undefined) throw fault.error;
      return undefined;
    }
    if (counterexample === undefined) return undefined;
    this.#found.add(target);
    const violation = this.replay(counterexample, target);
    return violation && this.#inItsOrder({ violation, scenario: counterexample, run: first, tried });
  }

  /**
   * Makes the scenario at a place of the next batch smaller, for as long as somebody else says that it still breaks. Before
   * anything is tried, `breaks` is asked of the scenario itself; undefined where it says no.
   */
  async shrink(
    count: number,
    place: number,
    breaks: (scenario: Scenario, tried: number) => Promise<boolean>,
  ): Promise<Shrunk | undefined> {
    let at = -1;
    let smallest: Scenario | undefined;
    const property = fc.asyncProperty(this.#scenarios, this.#turns, async (scenario, _turn) => {
      at++;
      // A turn that gets smaller leaves the scenario as it is.
      if (at < place || scenario === smallest) return true;
      if (at > place && smallest === undefined) return true;
      if (!(await breaks(scenario, at - place))) return true;
      smallest = scenario;
      return false;
    });
    await fc.check(property, { numRuns: count, seed: this.#seed() });
    return smallest && { scenario: smallest, tried: at - place };
  }

  /** Checks one scenario for one invariant or misdeed only, or (undefined) for all. */
  replay(scenario: Scenario, only?: string, how: Pick<CheckOptions, "story" | "ties"> = {}): Violation | undefined {
    const { invariants } = this.#plan;
    const asked = only === undefined ? invariants : invariants.filter(({ name }) => name === only);
    return checkScenario(scenario, { ...this.#checking, invariants: asked, ...how });
  }

  get #checking(): CheckOptions {
    const { catalogue, stepBudget, ties } = this.#plan;
    return { catalogue, stepBudget, ties };
  }

  /** A find with the order of simultaneous events that shows it: that of scheduling, wherever that does. */
  #inItsOrder(find: Find): Find {
    const { ties, invariants } = this.#plan;
    if (ties === undefined) return find;
    const { scenario, violation } = find;
    const found = raceBehind(scenario, violation, { ...this.#checking, invariants });
    if (found !== undefined)
      return { ...find, violation: found.violation, race: found.race, ties: { choices: found.race.choices } };
    const plain = this.replay(scenario, violation.invariant, { ties: undefined });
    return plain === undefined ? { ...find, ties } : { ...find, violation: plain };
  }

  #play(
    { count, shrinks }: { readonly count: number; readonly shrinks: boolean },
    holds: (scenario: Scenario, turn: number) => boolean,
  ): { readonly counterexample: Scenario | undefined; readonly fault: { readonly error: unknown } | undefined } {
    let fault: { readonly error: unknown } | undefined;
    // A fault of ours ends a search, but is no smaller find of the same thing.
    const guarded = (scenario: Scenario, turn: number): boolean => {
      if (fault !== undefined) return true;
      try {
        return holds(scenario, turn);
      } catch (error) {
        fault = { error };
        return true;
      }
    };
    const seed = this.#seed();
    const property = fc.property(this.#scenarios, this.#turns, guarded);
    const { counterexample } = fc.check(property, { numRuns: count, seed, endOnFailure: !shrinks });
    return { counterexample: counterexample?.[0], fault };
  }

  /** Of the next batch: odd steps between batches, so that two seeds do not walk in each other's footsteps. */
  #seed(): number {
    return (Math.imul(this.#plan.seed, 0x9e3779b1) + Math.imul(this.#batches++, 0x85ebca6b)) | 0;
  }

  /** What is broken and looked for: anything that was not found before, or the target alone. */
  #broken(scenario: Scenario, turn: number, target?: string): Violation | undefined {
    this.#plan.onRun?.(target !== undefined);
    const violation = this.#violation(scenario, turn, target);
    return violation === undefined || this.#found.has(violation.invariant) ? undefined : violation;
  }

  #violation(scenario: Scenario, turn: number, target: string | undefined): Violation | undefined {
    if (target !== undefined) return this.replay(scenario, target, { story: false });
    const costly = this.#turnsOf[turn];
    const invariants = costly === undefined ? this.#light : [...this.#light, costly];
    const asked = invariants.filter(({ name }) => !this.#found.has(name));
    return checkScenario(scenario, { ...this.#checking, invariants: asked, coverage: this.coverage, story: false });
  }
}
