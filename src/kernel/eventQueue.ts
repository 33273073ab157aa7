import { EventHeap } from "./eventHeap.ts";

/** Names one scheduled event, to cancel it. Stale handles are recognised: cancelling twice, or after the event, does nothing. */
export type EventHandle = number;

/** Sequence numbers below this settle ties inside one band: 2^40, exact together with the band in a double. */
export const SEQUENCE_LIMIT = 2 ** 40;

const SLOT_LIMIT = 2 ** 24;
const GENERATION_MASK = 2 ** 28 - 1;
const CANCELLED = -1;
const NONE = -1;
/** Above this many pending events the heap alone is slower than sorting the far future into buckets first. */
const HEAP_ALONE = 384;
const SAMPLE = 65;

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
 * Few events live in a heap alone. Many are kept as a ladder of one rung (after Tang, Goh and Thng, "Ladder queue", ACM TOMACS
 * 2005): the near future in the heap, the next stretch in unsorted buckets of equal width, the rest in one unsorted list. A
 * bucket is poured into the heap when its time comes, so the heap stays small whatever is pending. The order is the heap's, so
 * the buckets change the speed and nothing else. Cancelling is lazy: the entry stays, marked, and is dropped when it comes up.
 * Holds at most 2^24 pending events.
 */
export class EventQueue {
  /** The event that `pop` took last. */
  time = 0;
  kind = 0;
  a = 0;
  b = 0;

  readonly #heap: EventHeap;
  #sequence = 0;
  /** Slot s: kind, a, b and generation at 4s … 4s + 3, so that one event is one cache line. */
  #events: Int32Array;
  #free: Int32Array;
  #freeCount = 0;
  #used = 0;

  /** Events before this time are in the heap; Infinity: all are. */
  #nearEnd = Number.POSITIVE_INFINITY;
  #rungStart = 0;
  #rungEnd = 0;
  #width = 1;
  #bucketCount = 0;
  #nextBucket = 0;
  #buckets = new Int32Array(0);
  #farHead = NONE;
  #farCount = 0;
  #inBuckets = 0;
  /** Of slots in a bucket or in the far list: time and rank, and the next slot of the same list. */
  #keys: Float64Array;
  #next: Int32Array;

  /** `capacity`: events that there is room for at first. Small, because most runs are: it doubles as it must. */
  constructor(capacity = 64) {
    this.#heap = new EventHeap(capacity);
    this.#events = new Int32Array(4 * capacity);
    this.#free = new Int32Array(capacity);
    this.#keys = new Float64Array(2 * capacity);
    this.#next = new Int32Array(capacity);
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
    if (time < this.#nearEnd) this.#heap.push(time, rank, slot);
    else this.#putAway(time, rank, slot);
    return (events[at + 3] as number) * SLOT_LIMIT + slot;
  }

  /** Takes the earliest event into `time`, `kind`, `a`, `b`; false when none is left. */
  pop(): boolean {
    const heap = this.#heap;
    for (;;) {
      if (!heap.settle() && !this.#pour()) return false;
      if (this.#nearEnd === Number.POSITIVE_INFINITY && heap.size > HEAP_ALONE) {
        this.#spread();
        continue;
      }
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
    const heap = this.#heap;
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
    const heap = this.#heap;
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
    const heap = this.#heap;
    for (;;) {
      if (!heap.settle() && !this.#pour()) return Number.POSITIVE_INFINITY;
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
    this.#gather();
    const count = this.#farCount;
    const times = new Float64Array(count);
    const ranks = new Float64Array(count);
    const slots = new Int32Array(count);
    let slot = this.#farHead;
    for (let i = 0; i < count; i++) {
      times[i] = this.#keys[2 * slot] as number;
      ranks[i] = this.#keys[2 * slot + 1] as number;
      slots[i] = slot;
      slot = this.#next[slot] as number;
    }
    return {
      times,
      ranks,
      slots,
      events: this.#events.slice(0, 4 * this.#used),
      free: this.#free.slice(0, this.#freeCount),
      used: this.#used,
      sequence: this.#sequence,
    };
  }

  restore(state: QueueState): void {
    this.#gather();
    this.#farHead = NONE;
    this.#farCount = 0;
    while (this.#free.length < state.used) this.#grow();
    this.#events.set(state.events);
    this.#free.set(state.free);
    this.#freeCount = state.free.length;
    this.#used = state.used;
    this.#sequence = state.sequence;
    state.slots.forEach((slot, i) => {
      this.#toFar(state.times[i] as number, state.ranks[i] as number, slot);
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

  #putAway(time: number, rank: number, slot: number): void {
    if (time >= this.#rungEnd) {
      this.#toFar(time, rank, slot);
      return;
    }
    const bucket = Math.floor((time - this.#rungStart) / this.#width);
    this.#keys[2 * slot] = time;
    this.#keys[2 * slot + 1] = rank;
    this.#next[slot] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = slot;
    this.#inBuckets++;
  }

  #toFar(time: number, rank: number, slot: number): void {
    this.#keys[2 * slot] = time;
    this.#keys[2 * slot + 1] = rank;
    this.#next[slot] = this.#farHead;
    this.#farHead = slot;
    this.#farCount++;
  }

  /** Fills the empty heap with the next stretch of time; false when nothing is pending. */
  #pour(): boolean {
    for (;;) {
      if (this.#inBuckets === 0) {
        if (this.#farCount === 0) {
          this.#nearEnd = Number.POSITIVE_INFINITY;
          return false;
        }
        this.#buildRung();
        if (this.#heap.settle()) return true;
      }
      while (this.#buckets[this.#nextBucket] === NONE) this.#nextBucket++;
      this.#pourBucket(this.#nextBucket++);
      if (this.#heap.settle()) return true;
    }
  }

  #pourBucket(bucket: number): void {
    let slot = this.#buckets[bucket] as number;
    this.#buckets[bucket] = NONE;
    this.#nearEnd = Math.min(this.#rungEnd, this.#rungStart + (bucket + 1) * this.#width);
    while (slot !== NONE) {
      this.#heap.push(this.#keys[2 * slot] as number, this.#keys[2 * slot + 1] as number, slot);
      this.#inBuckets--;
      slot = this.#next[slot] as number;
    }
  }

  /** A heap grown too large goes over to buckets. */
  #spread(): void {
    this.#heap.drain((time, rank, slot) => this.#toFar(time, rank, slot));
    this.#buildRung();
    this.#heap.settle();
  }

  /** Everything pending back into the far list: what a copy is made of. */
  #gather(): void {
    this.#heap.drain((time, rank, slot) => this.#toFar(time, rank, slot));
    for (let bucket = 0; bucket < this.#bucketCount; bucket++) {
      let slot = this.#buckets[bucket] as number;
      this.#buckets[bucket] = NONE;
      while (slot !== NONE) {
        const next = this.#next[slot] as number;
        this.#toFar(this.#keys[2 * slot] as number, this.#keys[2 * slot + 1] as number, slot);
        slot = next;
      }
    }
    this.#inBuckets = 0;
    this.#nearEnd = Number.NEGATIVE_INFINITY;
    this.#rungEnd = Number.NEGATIVE_INFINITY;
  }

  /** Sorts the far list into buckets of about four events each, up to about four times its median; the rest stays far. */
  #buildRung(): void {
    const count = this.#farCount;
    if (count <= HEAP_ALONE / 2) {
      this.#nearEnd = Number.POSITIVE_INFINITY;
      this.#redistribute();
      return;
    }
    const { earliest, median } = this.#measureFar();
    this.#width = Math.max(1, Math.ceil((8 * (median - earliest)) / count));
    this.#bucketCount = Math.ceil(count / 2);
    if (this.#buckets.length < this.#bucketCount) this.#buckets = new Int32Array(2 * this.#bucketCount);
    this.#buckets.fill(NONE);
    this.#rungStart = earliest;
    this.#rungEnd = earliest + this.#bucketCount * this.#width;
    this.#nearEnd = earliest;
    this.#nextBucket = 0;
    this.#redistribute();
  }

  #redistribute(): void {
    let slot = this.#farHead;
    this.#farHead = NONE;
    this.#farCount = 0;
    while (slot !== NONE) {
      const next = this.#next[slot] as number;
      const time = this.#keys[2 * slot] as number;
      const rank = this.#keys[2 * slot + 1] as number;
      if (time < this.#nearEnd) this.#heap.push(time, rank, slot);
      else this.#putAway(time, rank, slot);
      slot = next;
    }
  }

  /** The earliest time of the far list, and the median of an evenly taken sample. */
  #measureFar(): { earliest: number; median: number } {
    const stride = Math.max(1, Math.floor(this.#farCount / SAMPLE));
    const sample: number[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    let index = 0;
    for (let slot = this.#farHead; slot !== NONE; slot = this.#next[slot] as number) {
      const time = this.#keys[2 * slot] as number;
      if (time < earliest) earliest = time;
      if (index++ % stride === 0) sample.push(time);
    }
    sample.sort((x, y) => x - y);
    return { earliest, median: sample[sample.length >> 1] ?? earliest };
  }

  #grow(): void {
    const capacity = 2 * this.#free.length;
    this.#events = grownInts(this.#events, 4 * capacity);
    this.#free = grownInts(this.#free, capacity);
    this.#next = grownInts(this.#next, capacity);
    const keys = new Float64Array(2 * capacity);
    keys.set(this.#keys);
    this.#keys = keys;
  }
}

function grownInts(column: Int32Array, capacity: number): Int32Array {
  const bigger = new Int32Array(capacity);
  bigger.set(column);
  return bigger;
}
