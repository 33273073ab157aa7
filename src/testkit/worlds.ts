import type { Scenario } from "../cluster/spec.ts";
import { BAND, type Band } from "../kernel/engine.ts";
import type { Tie, TieChoice } from "../kernel/ties.ts";
import { type Micros, SECOND } from "../kernel/time.ts";
import type { Catalogue } from "../simulation/catalogue.ts";
import { type CheckOptions, checkScenario } from "./checkScenario.ts";
import type { Invariant, Violation } from "./invariant.ts";
import { noRequestLost } from "./invariants/noRequestLost.ts";
import { INVARIANTS } from "./invariants.ts";
import { type Race, raceBehind } from "./race.ts";
import { WORLD_FAULTS, type WorldFault, withOneFault } from "./worldFaults.ts";

/** What differs between the worlds of a scenario, and what is asked of each. */
export interface WorldsOptions {
  /** The built-in one if left out. */
  readonly catalogue?: Catalogue | undefined;
  /** All of `INVARIANTS` if left out; those that need further runs are not asked in any case. */
  readonly invariants?: readonly Invariant[] | undefined;
  /** True: besides, no request may fail (`no-request-lost`). */
  readonly noRequestLost?: boolean | undefined;
  /** Every one of them is tried at every instant; all of `WORLD_FAULTS` if left out. */
  readonly faults?: readonly WorldFault[] | undefined;
  /** µs between two instants of a fault; 500 ms if left out. */
  readonly grid?: Micros | undefined;
  /** How long a fault lasts, in µs; 2 s if left out. */
  readonly faultLength?: Micros | undefined;
  /** Simultaneous events of these bands change places; those of hosts and containers and of the control plane if left out. */
  readonly bands?: readonly Band[] | undefined;
  /** So many worlds at most; 50,000 if left out. */
  readonly most?: number | undefined;
}

/** The first world in which something broke. */
export interface FoundWorld {
  readonly violation: Violation;
  /** With the fault in its timeline. */
  readonly scenario: Scenario;
  /** The order of simultaneous events that shows it, as changes to the order of scheduling; empty: that order does. */
  readonly choices: readonly TieChoice[];
  /** The two events that it hangs on, where they could be told. */
  readonly race: Race | undefined;
  /** Its number, from 1. */
  readonly world: number;
}

/** Larger scenarios have more worlds than anybody can wait for. */
const MOST_HOSTS = 3;
const MOST_CONTAINERS = 3;
const MOST_WORLDS = 50_000;
const USUAL_GRID = SECOND / 2;
const USUAL_LENGTH = 2 * SECOND;

/** Why a scenario is too large for `checkAllWorlds`, for people; undefined: it is not. */
export function tooLargeForAllWorlds({ cluster, services, timeline }: Scenario): string | undefined {
  const hosts = cluster.hosts.length;
  if (hosts > MOST_HOSTS) return `found ${hosts} hosts; expected at most ${MOST_HOSTS} to try every order of events`;
  const wanted = services.map(({ name, replicas, autoscale }) => {
    const scaled = timeline.flatMap(({ action }) =>
      action.kind === "scale" && action.service === name ? [action.replicas] : [],
    );
    return Math.max(replicas, autoscale?.max ?? 0, ...scaled);
  });
  const containers = wanted.reduce((sum, count) => sum + count, 0);
  if (containers > MOST_CONTAINERS)
    return `found ${containers} wanted replicas in all; expected at most ${MOST_CONTAINERS} to try every order of events`;
  return undefined;
}

/**
 * Every world of a tiny scenario: every order of simultaneous events, with each fault at each instant of a grid. Nothing has run
 * yet; `next` runs them.
 *
 * @throws RangeError where `tooLargeForAllWorlds` says why
 */
export function checkAllWorlds(scenario: Scenario, options: WorldsOptions = {}): Worlds {
  const problem = tooLargeForAllWorlds(scenario);
  if (problem !== undefined) throw new RangeError(problem);
  return new Worlds(scenario, options);
}

/** A world that is to be run: a scenario, and the changes to its order of scheduling, in order of the choices. */
interface Waiting {
  readonly scenario: Scenario;
  readonly choices: readonly TieChoice[];
}

/**
 * Runs worlds, some at a time. Each begins at the beginning with its changes of order; the choices that come after its last change
 * are each other world that differs from it by one change more. So every world is met once, and those with few changes first (the
 * idea of delay bounding: Emmi, Qadeer and Rakamarić, POPL 2011): the first find has as few as any.
 */
export class Worlds {
  /** Worlds that were run. */
  counted = 0;
  /** What broke first; nothing runs any more. */
  found: FoundWorld | undefined;
  /** There are more worlds than the bound allows. */
  isCut = false;
  readonly #most: number;
  readonly #bands: readonly number[];
  readonly #checking: CheckOptions;
  /** From `#first` on, they wait; before, they are over. */
  #waiting: Waiting[] = [];
  #first = 0;

  constructor(scenario: Scenario, options: WorldsOptions) {
    this.#most = options.most ?? MOST_WORLDS;
    this.#bands = options.bands ?? [BAND.lifecycle, BAND.control];
    const asked = (options.invariants ?? INVARIANTS).filter(({ needsRuns }) => needsRuns !== true);
    const invariants = options.noRequestLost === true ? [...asked, noRequestLost] : asked;
    this.#checking = { catalogue: options.catalogue, invariants };
    const { faults = WORLD_FAULTS, grid = USUAL_GRID, faultLength = USUAL_LENGTH } = options;
    for (const one of withOneFault(scenario, { faults, grid, length: faultLength })) this.#add(one, []);
  }

  /** Worlds that are known to wait, none beyond the bound. */
  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** No world is left, the bound is reached, or something broke. */
  get isOver(): boolean {
    return this.found !== undefined || this.waiting === 0;
  }

  /** Runs `count` more worlds, or those that are left; what breaks ends it early. */
  next(count: number): FoundWorld | undefined {
    for (let left = count; left > 0 && !this.isOver; left--) {
      const world = this.#waiting[this.#first++];
      if (world !== undefined) this.#run(world);
    }
    // The worlds that are over are let go of from time to time, so that each is moved only a few times.
    if (this.#first > 1000 && 2 * this.#first > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return this.found;
  }

  #run({ scenario, choices }: Waiting): void {
    const last = choices.at(-1)?.point ?? -1;
    const open: Tie[] = [];
    this.counted++;
    const violation = checkScenario(scenario, {
      ...this.#checking,
      ties: { choices },
      story: false,
      atTie: (tie) => {
        if (tie.point > last && this.#bands.includes(tie.band)) open.push(tie);
        return false;
      },
    });
    if (violation !== undefined) this.found = this.#tell({ scenario, choices }, violation);
    for (const { point, events } of open) {
      for (let choice = 1; choice < events.length; choice++) this.#add(scenario, [...choices, { point, choice }]);
    }
  }

  #add(scenario: Scenario, choices: readonly TieChoice[]): void {
    if (this.counted + this.waiting < this.#most) this.#waiting.push({ scenario, choices });
    else this.isCut = true;
  }

  /** With its story; the changes of order are made fewer where they can be. */
  #tell({ scenario, choices }: Waiting, violation: Violation): FoundWorld {
    const options: CheckOptions = { ...this.#checking, ties: { choices } };
    const behind = choices.length === 0 ? undefined : raceBehind(scenario, violation, options);
    if (behind !== undefined) {
      const { race, violation: told } = behind;
      return { violation: told, scenario, choices: race.choices, race, world: this.counted };
    }
    const told = checkScenario(scenario, options) ?? violation;
    return { violation: told, scenario, choices, race: undefined, world: this.counted };
  }
}
