import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EventHandle, EventQueue } from "../../src/kernel/eventQueue.ts";
import { Streams } from "../../src/kernel/random.ts";

interface Entry {
  readonly time: number;
  readonly band: number;
  readonly order: number;
  readonly handle: EventHandle;
}

/** The reference: a list, sorted anew for each take. */
class SortedList {
  readonly entries: Entry[] = [];
  #order = 0;

  get nextOrder(): number {
    return this.#order;
  }

  push(time: number, band: number, handle: EventHandle): void {
    this.entries.push({ time, band, handle, order: this.#order++ });
  }

  pop(): Entry | undefined {
    this.entries.sort((x, y) => x.time - y.time || x.band - y.band || x.order - y.order);
    return this.entries.shift();
  }

  cancel(handle: EventHandle): boolean {
    const at = this.entries.findIndex((entry) => entry.handle === handle);
    if (at < 0) return false;
    this.entries.splice(at, 1);
    return true;
  }
}

/** The queue and the reference side by side; each command is checked as it is given. */
class Pair {
  queue = new EventQueue(4);
  readonly list = new SortedList();
  readonly handles: EventHandle[] = [];
  now = 0;

  push(delay: number, band: number): void {
    const order = this.list.nextOrder;
    const handle = this.queue.push(this.now + delay, band, band + 10, order, 1000 - order);
    this.list.push(this.now + delay, band, handle);
    this.handles.push(handle);
  }

  pop(): void {
    const expected = this.list.pop();
    expect(this.queue.pop()).toBe(expected !== undefined);
    if (expected === undefined) return;
    const { time, kind, a, b } = this.queue;
    expect({ time, kind, a, b }).toEqual({
      time: expected.time,
      kind: expected.band + 10,
      a: expected.order,
      b: 1000 - expected.order,
    });
    this.now = expected.time;
  }

  cancel(pick: number): void {
    const handle = this.handles[pick % Math.max(1, this.handles.length)];
    if (handle !== undefined) expect(this.queue.cancel(handle)).toBe(this.list.cancel(handle));
  }

  peek(): void {
    this.list.entries.sort((x, y) => x.time - y.time);
    expect(this.queue.peekTime()).toBe(this.list.entries[0]?.time ?? Number.POSITIVE_INFINITY);
  }

  moveOn(): void {
    const copy = new EventQueue();
    copy.restore(this.queue.save());
    expect(copy.size).toBe(this.queue.size);
    this.queue = copy;
  }
}

type Command = (pair: Pair) => void;

const delays = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 10_000 }),
  fc.integer({ min: 0, max: 1e12 }),
);
const push = fc.tuple(delays, fc.integer({ min: 0, max: 4 })).map(
  ([delay, band]): Command =>
    (pair) =>
      pair.push(delay, band),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: push },
  { weight: 4, arbitrary: fc.constant<Command>((pair) => pair.pop()) },
  {
    weight: 2,
    arbitrary: fc.nat(1e6).map(
      (pick): Command =>
        (pair) =>
          pair.cancel(pick),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Command>((pair) => pair.peek()) },
  { weight: 1, arbitrary: fc.constant<Command>((pair) => pair.moveOn()) },
);

describe("the event queue", () => {
  test("is a list sorted by (time, band, order of scheduling), whatever is pushed, taken, cancelled and copied", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const pair = new Pair();
        for (const run of commands) run(pair);
        while (pair.list.entries.length > 0) pair.pop();
        expect(pair.queue.pop()).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test.each([
    { name: "spread evenly", delay: (u: number) => Math.floor(u * 1_000_000) },
    { name: "all at one time", delay: () => 17 },
    { name: "in two far clusters", delay: (u: number) => (u < 0.5 ? Math.floor(u * 100) : 1e12 + Math.floor(u * 100)) },
    { name: "with a long tail", delay: (u: number) => Math.floor(1 / (u + 1e-9)) },
  ])("is the same list with thousands pending, $name", ({ delay }) => {
    const pair = new Pair();
    const stream = new Streams(3).named("bulk");
    const ranked: Entry[] = [];
    for (let i = 0; i < 5000; i++) pair.push(delay(stream.next()), Math.floor(stream.next() * 5));
    for (let i = 0; i < 5000; i += 3) pair.cancel(i);
    ranked.push(...pair.list.entries);
    ranked.sort((x, y) => x.time - y.time || x.band - y.band || x.order - y.order);
    const taken: number[] = [];
    while (pair.queue.pop()) taken.push(pair.queue.a);
    expect(taken).toEqual(ranked.map((entry) => entry.order));
  });

  test("stays in order under take-one-schedule-one with thousands pending", () => {
    const queue = new EventQueue();
    const stream = new Streams(5).named("hold");
    for (let i = 0; i < 3000; i++) queue.push(stream.below(1000), 0, 0, i, 0);
    let last = { time: -1, order: -1 };
    for (let order = 3000; order < 60_000; order++) {
      expect(queue.pop()).toBe(true);
      const { time, a } = queue;
      if (time < last.time || (time === last.time && a < last.order))
        expect.fail(`${time}/${a} came after ${last.time}/${last.order}`);
      last = { time, order: a };
      queue.push(time + stream.below(1000), 0, 0, order, 0);
    }
    expect(queue.size).toBe(3000);
  });

  test("does not let a stale handle cancel the event that took its place", () => {
    const queue = new EventQueue();
    const first = queue.push(1, 0, 0, 1, 0);
    queue.pop();
    const second = queue.push(2, 0, 0, 2, 0);
    expect(queue.cancel(first)).toBe(false);
    expect(queue.peekTime()).toBe(2);
    expect(queue.cancel(second)).toBe(true);
    expect(queue.cancel(second)).toBe(false);
    expect(queue.pop()).toBe(false);
  });

  test("goes on alike from a copy, old handles included, and the copy does not feel the original", () => {
    const queue = new EventQueue();
    const handles = Array.from({ length: 1000 }, (_, i) => queue.push((i * 7919) % 500, i % 5, 1, i, 0));
    const saved = queue.save();
    const rest = (from: EventQueue) => {
      from.cancel(handles[123] ?? -1);
      const order: number[] = [];
      while (from.pop()) order.push(from.a);
      return order;
    };
    const first = rest(queue);
    const copy = new EventQueue();
    copy.push(3, 0, 0, 0, 0);
    copy.restore(saved);
    expect(rest(copy)).toEqual(first);
    queue.restore(saved);
    expect(rest(queue)).toEqual(first);
    expect(first).toHaveLength(999);
  });

  test("is empty at the start and after the last event", () => {
    const queue = new EventQueue();
    expect(queue.pop()).toBe(false);
    expect(queue.peekTime()).toBe(Number.POSITIVE_INFINITY);
    queue.push(5, 0, 0, 0, 0);
    queue.pop();
    expect(queue.size).toBe(0);
    expect(queue.peekTime()).toBe(Number.POSITIVE_INFINITY);
  });
});
