import { EventHeap } from "./eventHeap.ts";
import { grownFloats, grownInts } from "./grown.ts";

const NONE = -1;
/** Above this many pending entries the heap alone is slower than sorting the far future into buckets first. */
const HEAP_ALONE = 384;
const SAMPLE = 65;

/**
 * Slots in order of (time, rank); what a slot stands for is not known here.
 *
 * Few live in a heap alone. Many are kept as a ladder of one rung (after Tang, Goh and Thng, "Ladder queue", ACM TOMACS 2005): the near
 * future in the heap, the next stretch in unsorted buckets of equal width, the rest in one unsorted list. A bucket is poured into
 * the heap when its time comes, so the heap stays small whatever is pending. The order is the heap's, so the buckets change the
 * speed and nothing else.
 */
export class Ladder {
  /** What comes next, once `settle` was true. All entries of its earliest time are in it. */
  readonly heap: EventHeap;
  /** Entries before this time are in the heap; Infinity: all are. */
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
  #keys: Float64Array = new Float64Array(0);
  #next: Int32Array = new Int32Array(0);
  #capacity: number;

  /** `capacity`: slots that there is room for. */
  constructor(capacity: number) {
    this.heap = new EventHeap(capacity);
    this.#capacity = capacity;
  }

  /** Makes room for slots up to a capacity. */
  grow(capacity: number): void {
    this.#capacity = capacity;
    if (this.#next.length > 0) this.#makeRoom();
  }

  push(time: number, rank: number, slot: number): void {
    if (time < this.#nearEnd) this.heap.push(time, rank, slot);
    else this.#putAway(time, rank, slot);
  }

  /** True when the heap's root is the earliest entry; false when there is none. */
  settle(): boolean {
    return this.heap.settle() || this.#pour();
  }

  /** Goes over to buckets where the heap alone has grown too large; `settle` again after it. */
  spread(): boolean {
    if (this.#nearEnd !== Number.POSITIVE_INFINITY || this.heap.size <= HEAP_ALONE) return false;
    this.#openLists();
    this.heap.drain((time, rank, slot) => this.#toFar(time, rank, slot));
    this.#buildRung();
    return true;
  }

  /** All entries, in no order; they stay. */
  entries(): { readonly times: Float64Array; readonly ranks: Float64Array; readonly slots: Int32Array } {
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
    return { times, ranks, slots };
  }

  clear(): void {
    this.#gather();
    this.#farHead = NONE;
    this.#farCount = 0;
  }

  /** A small run never leaves its heap: the columns of buckets and lists are made when something goes there. */
  #openLists(): void {
    if (this.#next.length === 0) this.#makeRoom();
  }

  #makeRoom(): void {
    this.#next = grownInts(this.#next, this.#capacity);
    this.#keys = grownFloats(this.#keys, 2 * this.#capacity);
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
        if (this.heap.settle()) return true;
      }
      while (this.#buckets[this.#nextBucket] === NONE) this.#nextBucket++;
      this.#pourBucket(this.#nextBucket++);
      if (this.heap.settle()) return true;
    }
  }

  #pourBucket(bucket: number): void {
    let slot = this.#buckets[bucket] as number;
    this.#buckets[bucket] = NONE;
    this.#nearEnd = Math.min(this.#rungEnd, this.#rungStart + (bucket + 1) * this.#width);
    while (slot !== NONE) {
      this.heap.push(this.#keys[2 * slot] as number, this.#keys[2 * slot + 1] as number, slot);
      this.#inBuckets--;
      slot = this.#next[slot] as number;
    }
  }

  /** Everything pending back into the far list: what a copy is made of. */
  #gather(): void {
    this.#openLists();
    this.heap.drain((time, rank, slot) => this.#toFar(time, rank, slot));
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
      this.push(time, this.#keys[2 * slot + 1] as number, slot);
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
}
