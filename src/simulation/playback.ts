import type { Micros } from "../kernel/time.ts";
import type { EventLog, EventLogState } from "./eventLog.ts";
import type { Checkpoint, Simulation } from "./simulation.ts";

/** So many moments of a run are kept to return to, where nobody says otherwise. */
const CHECKPOINTS = 64;

interface Saved<Memory extends object> {
  readonly run: Checkpoint;
  readonly log: EventLogState<Memory>;
}

/**
 * A run that can be wound forward and back.
 *
 * Back is the nearest checkpoint before, and from there forward again: the same run to the bit, so whatever is seen twice is
 * the same twice. Checkpoints are taken at even distances, whenever the run comes by for the first time.
 */
export class Playback<Entry extends { readonly at: Micros }, Memory extends object> {
  readonly simulation: Simulation;
  readonly log: EventLog<Entry, Memory>;
  readonly #every: Micros;
  /** By how many such distances they stand from the beginning. */
  readonly #saved = new Map<number, Saved<Memory>>();

  /**
   * `simulation` stands at its beginning, and tells `log` its facts. Of `checkpoints` the first is the beginning: 1 is enough
   * for a run that only goes forward.
   */
  constructor(simulation: Simulation, log: EventLog<Entry, Memory>, checkpoints = CHECKPOINTS) {
    this.simulation = simulation;
    this.log = log;
    this.#every = Math.max(1, Math.ceil(simulation.scenario.duration / checkpoints));
    this.#save(0);
  }

  get now(): Micros {
    return this.simulation.now;
  }

  /** The end of what can be played. */
  get end(): Micros {
    return this.simulation.scenario.duration;
  }

  /** Winds to just after everything that happens at `time`, forward or back; at most to the end. At most `limit` events: true when it is there. */
  windTo(time: Micros, limit = Number.POSITIVE_INFINITY): boolean {
    const target = Math.max(0, Math.min(time, this.end));
    if (target < this.now) this.#goBack(target);
    let left = limit;
    while (left > 0) {
      const next = (Math.floor(this.now / this.#every) + 1) * this.#every;
      const before = this.simulation.events;
      if (!this.simulation.runUntil(Math.min(target, next), left)) return false;
      left -= this.simulation.events - before;
      if (this.now === next && next < this.end) this.#save(next / this.#every);
      if (this.now >= target) return true;
    }
    return false;
  }

  /**
   * Runs to the next event that leaves something in the log: what it left, or nothing at the run's end. Undefined where
   * `limit` events went by without any.
   */
  next(limit = Number.POSITIVE_INFINITY): readonly Entry[] | undefined {
    const { length } = this.log.entries;
    for (let left = limit; this.log.entries.length === length; left--) {
      if (left <= 0) return undefined;
      this.#save(Math.floor(this.now / this.#every));
      if (this.simulation.step()) continue;
      this.windTo(this.end);
      break;
    }
    return this.log.entries.slice(length);
  }

  /** The moment of the last entry that is older than now; 0 where there is none. */
  previousMoment(): Micros {
    return this.log.entries.findLast(({ at }) => at < this.now)?.at ?? 0;
  }

  #save(index: number): void {
    if (this.#saved.has(index)) return;
    this.#saved.set(index, { run: this.simulation.checkpoint(), log: this.log.save() });
  }

  /** A checkpoint inside one instant would miss what that instant had before: only those that are surely older count. */
  #goBack(target: Micros): void {
    const older = [...this.#saved.values()].filter(({ run }) => run.engine.now < target || run.engine.events === 0);
    let latest = older[0];
    for (const saved of older) if (latest === undefined || saved.run.engine.now > latest.run.engine.now) latest = saved;
    if (latest === undefined) return;
    this.simulation.restore(latest.run);
    this.log.restore(latest.log);
  }
}
