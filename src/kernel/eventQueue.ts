import { grownInts } from "./grown.ts";
import { Ladder } from "./ladder.ts";

/** Names one scheduled event, to cancel it. Stale handles are recognised: cancelling twice, or after the event, does nothing. */
export type EventHandle = number;

/** Sequence numbers below this settle ties inside one band: 2^40, exact together with the band in a double. */
export const SEQUENCE_LIMIT = 2 ** 40;

const SLOT_LIMIT = 2 ** 24;
const GENERATION_MASK = 2 ** 28 - 1;
const CANCELLED = -1;

/** A copy of a queue's whole state: plain data. Entries are in no order; (time, rank) orders them. */
export interface QueueState {
  readonly times: Float64Array;
  readonly ranks: Float64Array;
  readonly slots: Int32Array;
  readonly events: Int32Array;
  readonly free: Int32Array;
  readonly used: number;
  readonly sequence: number;
}

/** A pending event that could run next, and where it is kept. Good until the queue changes. */
export interface TiedEntry {
  readonly time: number;
  readonly rank: number;
  readonly slot: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/**
 * The pending-event set, totally ordered by (time, band, order of scheduling).
 *
 * Cancelling is lazy: the entry stays in the ladder, marked, and is dropped when it comes up.
 * Holds at most 2^24 pending events.
 */
export class EventQueue {
  /** The event that `pop` took last. */
  time = 0;
  kind = 0;
  a = 0;
  b = 0;

  readonly #ladder: Ladder;
  #sequence = 0;
  /** Slot s: kind, a, b and generation at 4s … 4s + 3, so that one event is one cache line. */
  #events: Int32Array;
  #free: Int32Array;
  #freeCount = 0;
  #used = 0;

  /** `capacity`: events that there is room for at first. Small, because most runs are: it doubles as it must. */
  constructor(capacity = 64) {
    this.#ladder = new Ladder(capacity);
    this.#events = new Int32Array(4 * capacity);
    this.#free = new Int32Array(capacity);
  }

  /** Entries held, cancelled ones not yet dropped included. */
  get size(): number {
    return this.#used - this.#freeCount;
  }

  /** Schedules an event; equal times and bands come out in the order of this call. `kind` is at least 0. */
  push(time: number, band: number, kind: number, a: number, b: number): EventHandle {
    const slot = this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : this.#newSlot();
    const events = this.#events;
    const at = 4 * slot;
    events[at] = kind;
    events[at + 1] = a;
    events[at + 2] = b;
    const rank = band * SEQUENCE_LIMIT + this.#sequence++;
    this.#ladder.push(time, rank, slot);
    return (events[at + 3] as number) * SLOT_LIMIT + slot;
  }

  /** Takes the earliest event into `time`, `kind`, `a`, `b`; false when none is left. */
  pop(): boolean {
    const ladder = this.#ladder;
    const { heap } = ladder;
    for (;;) {
      if (!ladder.settle()) return false;
      if (ladder.spread()) continue;
      const slot = heap.rootSlot();
      const events = this.#events;
      const at = 4 * slot;
      const kind = events[at] as number;
      this.time = heap.rootTime();
      heap.take();
      this.#release(slot);
      if (kind === CANCELLED) continue;
      this.kind = kind;
      this.a = events[at + 1] as number;
      this.b = events[at + 2] as number;
      return true;
    }
  }

  /**
   * The events that share the earliest time and its first band, in order of scheduling; for reordering ties, so that `pop` need not
   * know of it. They stay pending.
   */
  tied(): TiedEntry[] {
    const time = this.peekTime();
    const entries: TiedEntry[] = [];
    if (time === Number.POSITIVE_INFINITY) return entries;
    const { heap } = this.#ladder;
    let end = Number.POSITIVE_INFINITY;
    while (heap.settle() && heap.rootTime() === time && heap.rootRank() < end) {
      const slot = heap.rootSlot();
      const rank = heap.rootRank();
      heap.take();
      const kind = this.#events[4 * slot] as number;
      if (kind === CANCELLED) {
        this.#release(slot);
        continue;
      }
      end = (Math.floor(rank / SEQUENCE_LIMIT) + 1) * SEQUENCE_LIMIT;
      const a = this.#events[4 * slot + 1] as number;
      entries.push({ time, rank, slot, kind, a, b: this.#events[4 * slot + 2] as number });
    }
    for (const { rank, slot } of entries) heap.push(time, rank, slot);
    return entries;
  }

  /** Takes one of the events that `tied` has just told, as `pop` would; meanwhile the queue may have been saved, not changed. */
  popTied(entry: TiedEntry): void {
    this.peekTime();
    const { heap } = this.#ladder;
    const before: number[] = [];
    while (heap.settle() && heap.rootSlot() !== entry.slot) {
      before.push(heap.rootRank(), heap.rootSlot());
      heap.take();
    }
    heap.take();
    this.#release(entry.slot);
    for (let i = 0; i < before.length; i += 2) heap.push(entry.time, before[i] as number, before[i + 1] as number);
    this.time = entry.time;
    this.kind = entry.kind;
    this.a = entry.a;
    this.b = entry.b;
  }

  /** The time of the earliest event, or Infinity. Drops cancelled events on the way. */
  peekTime(): number {
    const { heap } = this.#ladder;
    for (;;) {
      if (!this.#ladder.settle()) return Number.POSITIVE_INFINITY;
      const slot = heap.rootSlot();
      if (this.#events[4 * slot] !== CANCELLED) return heap.rootTime();
      heap.take();
      this.#release(slot);
    }
  }

  /** True when the event was still pending and now never comes. */
  cancel(handle: EventHandle): boolean {
    const slot = handle % SLOT_LIMIT;
    if (slot >= this.#used) return false;
    if (this.#events[4 * slot + 3] !== (handle - slot) / SLOT_LIMIT) return false;
    if (this.#events[4 * slot] === CANCELLED) return false;
    this.#events[4 * slot] = CANCELLED;
    return true;
  }

  save(): QueueState {
    return {
      ...this.#ladder.entries(),
      events: this.#events.slice(0, 4 * this.#used),
      free: this.#free.slice(0, this.#freeCount),
      used: this.#used,
      sequence: this.#sequence,
    };
  }

  restore(state: QueueState): void {
    this.#ladder.clear();
    while (this.#free.length < state.used) this.#grow();
    this.#events.set(state.events);
    this.#free.set(state.free);
    this.#freeCount = state.free.length;
    this.#used = state.used;
    this.#sequence = state.sequence;
    state.slots.forEach((slot, i) => {
      this.#ladder.push(state.times[i] as number, state.ranks[i] as number, slot);
    });
  }

  #newSlot(): number {
    if (this.#used === this.#free.length) this.#grow();
    if (this.#used === SLOT_LIMIT) throw new RangeError(`more than ${SLOT_LIMIT} pending events`);
    return this.#used++;
  }

  /** Frees a slot; its generation moves on, so that old handles no longer fit. */
  #release(slot: number): void {
    const events = this.#events;
    events[4 * slot + 3] = ((events[4 * slot + 3] as number) + 1) & GENERATION_MASK;
    this.#free[this.#freeCount++] = slot;
  }

  #grow(): void {
    const capacity = 2 * this.#free.length;
    this.#events = grownInts(this.#events, 4 * capacity);
    this.#free = grownInts(this.#free, capacity);
    this.#ladder.grow(capacity);
  }
}
