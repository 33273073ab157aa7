import { assert } from "./errors.ts";
import { type EventHandle, EventQueue, type QueueState, type TiedEntry } from "./eventQueue.ts";
import { eligible, type Tie, type TieChoice, TieOrder, type TieRule, type TieState, type Ties } from "./ties.ts";
import type { Micros } from "./time.ts";

/** Who acts first within one instant. */
export const BAND = { failures: 0, lifecycle: 1, control: 2, traffic: 3, observation: 4 } as const;
export type Band = (typeof BAND)[keyof typeof BAND];

/** A kind of event; its number comes from `Engine.define`. */
export type EventKind = number;

/** What happens at an event: plain numbers in, so that a run can be copied, forked and replayed. */
export type Handler = (a: number, b: number) => void;

/** An event that has just run, as an observer sees it. */
export interface SeenEvent {
  readonly time: Micros;
  readonly kind: string;
  readonly a: number;
  readonly b: number;
}

/** The clock, the queue and the digest of a run: plain data. */
export interface EngineState {
  readonly now: Micros;
  readonly events: number;
  readonly high: number;
  readonly low: number;
  readonly queue: QueueState;
  /** Where the choices among simultaneous events stand; undefined where they run in order of scheduling. */
  readonly ties: TieState | undefined;
}

/**
 * The clock and the order of events.
 *
 * An event is a kind and two numbers, never a closure. Events run in order of (time, band, order of scheduling) and nothing else,
 * unless `ties` say that those of one time and band run in another order.
 */
export class Engine {
  now: Micros = 0;
  /** Events run so far. */
  events = 0;
  readonly #queue = new EventQueue();
  readonly #handlers: Handler[] = [];
  readonly #names: string[] = [];
  readonly #bands: number[] = [];
  readonly #rules: TieRule[] = [];
  readonly #ties: TieOrder | undefined;
  #high = 0x6a09e667;
  #low = 0x3c6ef372;
  #observer: ((event: SeenEvent) => void) | undefined;
  #onTie: ((tie: Tie) => void) | undefined;

  constructor(ties?: Ties) {
    this.#ties = ties && new TieOrder(ties);
  }

  /**
   * Names a kind of event, its band, and what it does. Kinds are numbered in order of definition. `rule`: which order among
   * simultaneous events the model promises; it matters only where ties are reordered.
   */
  define(name: string, band: Band, handler: Handler, rule: TieRule = "free"): EventKind {
    this.#handlers.push(handler);
    this.#names.push(name);
    this.#bands.push(band);
    this.#rules.push(rule);
    return this.#handlers.length - 1;
  }

  /** Schedules an event at `time`, not before now. */
  at(time: Micros, kind: EventKind, a = 0, b = 0): EventHandle {
    if (time < this.now)
      assert(false, `no event is scheduled in the past (${this.#names[kind]} at ${time}, now ${this.now})`);
    return this.#queue.push(time, this.#bands[kind] as number, kind, a, b);
  }

  /** Schedules an event `delay` from now. */
  after(delay: Micros, kind: EventKind, a = 0, b = 0): EventHandle {
    return this.at(this.now + delay, kind, a, b);
  }

  cancel(handle: EventHandle): boolean {
    return this.#queue.cancel(handle);
  }

  /** The kind of the event that runs now, or ran last; undefined: none did yet. */
  get running(): string | undefined {
    return this.events === 0 ? undefined : this.#names[this.#queue.kind];
  }

  /** The time of the next event, or Infinity. */
  nextTime(): Micros {
    return this.#queue.peekTime();
  }

  /** Runs the next event; false when none is left. */
  step(): boolean {
    const queue = this.#queue;
    if (this.#ties === undefined ? !queue.pop() : !this.#popChosen(this.#ties)) return false;
    const { time, kind, a, b } = queue;
    this.now = time;
    this.events++;
    this.#digest(time, kind, a, b);
    (this.#handlers[kind] as Handler)(a, b);
    this.#observer?.({ time, kind: this.#names[kind] as string, a, b });
    return true;
  }

  /** Runs every event up to and including `until`, at most `limit` of them; the clock then stands at `until` unless the limit cut in. */
  run(until: Micros, limit = Number.POSITIVE_INFINITY): void {
    let left = limit;
    while (left > 0 && this.#queue.peekTime() <= until) {
      this.step();
      left--;
    }
    if (left > 0 && until > this.now) this.now = until;
  }

  /** Is told of every event after it has run; must not change the run. */
  observe(observer: ((event: SeenEvent) => void) | undefined): void {
    this.#observer = observer;
  }

  /** Is told of each choice among simultaneous events just before the chosen one runs; must not change the run. */
  observeTies(observer: ((tie: Tie) => void) | undefined): void {
    this.#onTie = observer;
  }

  /** The name of a kind of event, and how ties of it are treated. */
  kindOf(kind: EventKind): { readonly name: string; readonly rule: TieRule } {
    return { name: this.#names[kind] as string, rule: this.#rules[kind] as TieRule };
  }

  /** 16 hexadecimal digits over the whole history of events so far, their order included. */
  digest(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, "0");
    return hex(this.#high) + hex(this.#low);
  }

  save(): EngineState {
    return {
      now: this.now,
      events: this.events,
      high: this.#high,
      low: this.#low,
      queue: this.#queue.save(),
      ties: this.#ties?.save(),
    };
  }

  restore(state: EngineState): void {
    this.now = state.now;
    this.events = state.events;
    this.#high = state.high;
    this.#low = state.low;
    this.#queue.restore(state.queue);
    if (state.ties !== undefined) this.#ties?.restore(state.ties);
  }

  /** Takes the event that the tie order chooses; false when none is left. */
  #popChosen(ties: TieOrder): boolean {
    const queue = this.#queue;
    const tied = queue.tied();
    const places = eligible(
      tied.map(({ kind }) => kind),
      this.#rules,
    );
    const [first = 0] = places;
    let entry = tied[first];
    if (entry === undefined) return false;
    if (places.length > 1) {
      const { point } = ties;
      const choice = ties.choose(places.length);
      entry = tied[places[choice] as number] as TiedEntry;
      if (this.#onTie !== undefined)
        this.#tellTie(
          { point, choice },
          places.map((place) => tied[place] as TiedEntry),
        );
    }
    queue.popTied(entry);
    return true;
  }

  #tellTie(made: TieChoice, among: readonly TiedEntry[]): void {
    const [{ time, kind }] = among as [TiedEntry];
    const events = among.map((entry) => ({ kind: this.#names[entry.kind] as string, a: entry.a, b: entry.b }));
    this.#onTie?.({ ...made, time, band: this.#bands[kind] as number, events });
  }

  /** Two multiply-and-fold lanes over 32-bit words: exact integer arithmetic, the same on every engine. */
  #digest(time: number, kind: number, a: number, b: number): void {
    let high = Math.imul(this.#high ^ (time | 0), 0x85ebca6b);
    high ^= high >>> 13;
    high = Math.imul(high ^ a, 0xc2b2ae35);
    this.#high = high ^ (high >>> 16);
    let low = Math.imul(this.#low ^ high, 0x27d4eb2f) ^ kind;
    low = Math.imul(low ^ (low >>> 15), 0x165667b1);
    this.#low = Math.imul(low ^ b, 0x9e3779b1) ^ (low >>> 14);
  }
}
