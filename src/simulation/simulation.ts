import type { Scenario, TimelineAction, TimelineEntry } from "../cluster/spec.ts";
import { copy } from "../kernel/copy.ts";
import type { EngineState, SeenEvent } from "../kernel/engine.ts";
import type { StreamState } from "../kernel/random.ts";
import type { Tie, Ties } from "../kernel/ties.ts";
import type { Micros } from "../kernel/time.ts";
import type { RunResult, RunSummary } from "../metrics/result.ts";
import { rounded } from "../metrics/rounded.ts";
import { figuresOf, seriesOfRun } from "../metrics/summary.ts";
import { unknownNameIn } from "./actionNames.ts";
import { BUILT_IN, type Catalogue } from "./catalogue.ts";
import type { FactListener } from "./eventLog.ts";
import { World } from "./world.ts";

/** How a run may differ from what its scenario says. */
export interface SimulationOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  /** Built-in names, and users' own. */
  readonly catalogue?: Catalogue | undefined;
  /** Hears every fact; costs nothing where it is left out. A fork has none. */
  readonly listen?: FactListener | undefined;
  /** Another order of simultaneous events than that of scheduling: one that breaks something is a race. */
  readonly ties?: Ties | undefined;
}

/** A run at one moment: tables, queue and streams, copied. Good for any number of returns and forks. */
export interface Checkpoint {
  readonly engine: EngineState;
  readonly streams: ReadonlyMap<string, StreamState>;
  readonly parts: ReadonlyMap<string, object>;
}

/** One run, to be stepped, stopped, watched, saved and forked. */
export class Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly #catalogue: Catalogue;
  /** The order of simultaneous events; undefined: that of scheduling. */
  readonly ties: Ties | undefined;
  readonly #world: World;

  /** @throws PluginError for a plug-in that is not there, or misbehaves at the start. */
  constructor(scenario: Scenario, options: SimulationOptions = {}) {
    this.scenario = scenario;
    this.seed = options.seed ?? scenario.seed;
    this.#catalogue = options.catalogue ?? BUILT_IN;
    this.ties = options.ties;
    this.#world = new World(scenario, {
      seed: this.seed,
      catalogue: this.#catalogue,
      listen: options.listen,
      ties: options.ties,
    });
  }

  /** Simulated time, in µs. */
  get now(): Micros {
    return this.#world.engine.now;
  }

  get events(): number {
    return this.#world.engine.events;
  }

  /** A hash over the history so far. */
  get digest(): string {
    return this.#world.engine.digest();
  }

  /** Read only: whoever changes it changes the run. */
  get world(): World {
    return this.#world;
  }

  /**
   * Adds an entry to the timeline while the run is under way: `action` happens at `at`, in µs, or else now, once what was
   * scheduled for now has happened. Added before its time has come, it gives the run that the same entry of a file gives.
   *
   * @throws RangeError for a time that is past or after the end, and for a name that the scenario does not have.
   */
  act(action: TimelineAction, at: Micros = this.now): TimelineEntry {
    if (!Number.isInteger(at) || at < this.now || at > this.scenario.duration)
      throw new RangeError(
        `act at ${at}: expected whole µs from now (${this.now}) to the end (${this.scenario.duration})`,
      );
    const unknown = unknownNameIn(action, this.scenario);
    if (unknown !== undefined) throw new RangeError(`act ${action.kind}: ${unknown}`);
    return this.#world.timeline.add(action, at);
  }

  /** Runs the next event; false when the scenario's time is over. */
  step(): boolean {
    const { engine } = this.#world;
    return engine.nextTime() <= this.scenario.duration && engine.step();
  }

  /** Runs up to and including `time`, at most to the scenario's end, and at most `limit` events; true when it came that far. */
  runUntil(time: Micros, limit?: number): boolean {
    const { engine } = this.#world;
    const until = Math.min(time, this.scenario.duration);
    engine.run(until, limit);
    return engine.now >= until && engine.nextTime() > until;
  }

  /** Runs to the scenario's end. */
  run(): RunResult {
    this.runUntil(this.scenario.duration);
    return this.result();
  }

  /** What was measured up to now. */
  result(): RunResult {
    const { cluster, recorder } = this.#world;
    return { summary: this.summary(), series: seriesOfRun(cluster, recorder) };
  }

  /** The figures of `result` alone: cheaper, where nobody looks at how they came about over time. */
  summary(): RunSummary {
    return rounded(this.figures());
  }

  /** The same to the last bit, where `summary` rounds to 12 digits: good to compare runs that should be equal. */
  figures(): RunSummary {
    const { cluster, recorder, driver, timeline, drains } = this.#world;
    const summary = figuresOf(cluster, recorder, (id) => driver.rolloutsOf(cluster.service(id)));
    summary.warnings.push(...timeline.state.warnings);
    for (const id of drains.state.under.keys()) {
      const host = cluster.host(id).spec.name;
      summary.warnings.push(`the drain of ${host} is not over: budgets, or missing places elsewhere, hold it back`);
    }
    return summary;
  }

  /** Is told of every event after it has run; changes nothing. */
  observe(observer: ((event: SeenEvent) => void) | undefined): void {
    this.#world.engine.observe(observer);
  }

  /** Is told of each choice among simultaneous events, just before it is followed; changes nothing. Only with `ties`. */
  observeTies(observer: ((tie: Tie) => void) | undefined): void {
    this.#world.engine.observeTies(observer);
  }

  checkpoint(): Checkpoint {
    const { engine, streams, parts } = this.#world;
    return {
      engine: engine.save(),
      streams: streams.save(),
      parts: copy(new Map(parts.map(({ name, get }) => [name, get()]))),
    };
  }

  /** Puts the run back to a checkpoint of it, or of a run of the same scenario. */
  restore(checkpoint: Checkpoint): void {
    const { engine, streams, parts } = this.#world;
    engine.restore(checkpoint.engine);
    streams.restore(checkpoint.streams);
    const saved = copy(checkpoint.parts);
    for (const { name, put } of parts) {
      const rows = saved.get(name);
      if (rows !== undefined) put(rows);
    }
    this.#world.rebind();
  }

  /** Another run that stands where this one does, and goes its own way from here. */
  fork(): Simulation {
    const twin = new Simulation(this.scenario, { seed: this.seed, catalogue: this.#catalogue, ties: this.ties });
    twin.restore(this.checkpoint());
    return twin;
  }
}

/** One whole run. The same scenario and seed give the same result, bit for bit. */
export function simulate(scenario: Scenario, options: SimulationOptions = {}): RunResult {
  return new Simulation(scenario, options).run();
}
