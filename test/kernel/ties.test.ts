import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BAND, type Band, Engine } from "../../src/kernel/engine.ts";
import { EventQueue } from "../../src/kernel/eventQueue.ts";
import type { Tie, TieRule, Ties } from "../../src/kernel/ties.ts";

const SEED = 20_261_125;
const BANDS: readonly Band[] = Object.values(BAND);

/** An event of a random tree: how much later than its parent, in which band, and what it schedules itself. */
interface Sprout {
  readonly delay: number;
  readonly band: number;
  readonly children: readonly Sprout[];
}

const { sprout } = fc.letrec<{ sprout: Sprout }>((tie) => ({
  sprout: fc.record({
    delay: fc.nat(2),
    band: fc.nat(BANDS.length - 1),
    children: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant([]),
      fc.array(tie("sprout"), { maxLength: 3 }),
    ),
  }),
}));

interface Ran {
  readonly id: number;
  readonly parent: number;
  readonly time: number;
  readonly band: number;
}

/** Grows the trees under these ties and tells what ran, in order. */
function grow(roots: readonly Sprout[], ties?: Ties): { readonly ran: Ran[]; readonly digest: string } {
  const engine = new Engine(ties);
  const nodes: { sprout: Sprout; parent: number }[] = [];
  const ran: Ran[] = [];
  const kinds = BANDS.map((band) =>
    engine.define(`band ${band}`, band, (id) => {
      const { sprout: own, parent } = nodes[id] as (typeof nodes)[number];
      ran.push({ id, parent, time: engine.now, band });
      for (const child of own.children) plant(child, id);
    }),
  );
  const plant = (own: Sprout, parent: number) => {
    nodes.push({ sprout: own, parent });
    engine.after(own.delay, kinds[own.band] as number, nodes.length - 1);
  };
  for (const root of roots) plant(root, -1);
  engine.run(100);
  return { ran, digest: engine.digest() };
}

/** `count` events of one kind at one instant, under these ties: the order in which they ran. */
function orderOf(count: number, ties: Ties): number[] {
  const engine = new Engine(ties);
  const order: number[] = [];
  const kind = engine.define("one", BAND.control, (a) => order.push(a));
  for (let i = 0; i < count; i++) engine.at(5, kind, i);
  engine.run(5);
  return order;
}

describe("reordered ties", () => {
  test("never run an event before its time, its band's turn, or the event that scheduled it", () => {
    fc.assert(
      fc.property(fc.array(sprout, { maxLength: 6 }), fc.nat(), (roots, seed) => {
        const { ran } = grow(roots, { seed });
        expect(ran).toHaveLength(grow(roots).ran.length);
        ran.forEach(({ time, band, parent }, place) => {
          const before = ran[place - 1];
          if (parent >= 0) expect(ran.findIndex(({ id }) => id === parent)).toBeLessThan(place);
          if (before === undefined) return;
          expect(time).toBeGreaterThanOrEqual(before.time);
          // Out of turn only where the event before has just scheduled it.
          if (time === before.time && band < before.band) expect(parent).toBe(before.id);
        });
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("with no choice made are the order of scheduling, to the bit", () => {
    fc.assert(
      fc.property(fc.array(sprout, { maxLength: 6 }), (roots) => {
        expect(grow(roots, { choices: [] })).toEqual(grow(roots));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("reach every order, and the same one under the same seed", () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      orders.add(orderOf(3, { seed }).join());
      expect(orderOf(3, { seed })).toEqual(orderOf(3, { seed }));
    }
    expect([...orders].sort()).toEqual(["0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"]);
  });

  test.each([
    { choices: [{ point: 0, choice: 2 }], order: [2, 0, 1, 3] },
    { choices: [{ point: 1, choice: 1 }], order: [0, 2, 1, 3] },
    { choices: [{ point: 2, choice: 9 }], order: [0, 1, 3, 2] },
    { choices: [{ point: 3, choice: 1 }], order: [0, 1, 2, 3] },
  ])("follow the choices $choices", ({ choices, order }) => {
    expect(orderOf(4, { choices })).toEqual(order);
  });

  test("keep the orders that a kind promises", () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const engine = new Engine({ seed });
      const order: string[] = [];
      const define = (name: string, rule: TieRule) =>
        engine.define(name, BAND.control, (a) => order.push(`${name}${a}`), rule);
      const free = define("free", "free");
      const inOrder = define("in-order", "in-order");
      const after = define("after", "after-earlier");
      engine.at(1, inOrder, 1);
      engine.at(1, free, 1);
      engine.at(1, inOrder, 2);
      engine.at(1, after, 1);
      engine.at(1, free, 2);
      engine.run(1);
      orders.add(order.join(" "));
      expect(order.indexOf("in-order1")).toBeLessThan(order.indexOf("in-order2"));
      for (const earlier of ["in-order1", "in-order2", "free1"]) {
        expect(order.indexOf(earlier)).toBeLessThan(order.indexOf("after1"));
      }
    }
    // Three orders of the first three; the fifth, which promises nothing, in any of five places.
    expect(orders.size).toBe(15);
  });

  test("leave out what was cancelled, also by one of the tied events", () => {
    const engine = new Engine({ choices: [{ point: 0, choice: 1 }] });
    const order: number[] = [];
    const kind = engine.define("one", BAND.control, (a) => {
      order.push(a);
      engine.cancel(handles[0] as number);
    });
    const handles = [0, 1, 2, 3].map((a) => engine.at(1, kind, a));
    engine.cancel(handles[3] as number);
    engine.run(1);
    expect(order).toEqual([1, 2]);
  });

  test("go on after a restore as if nothing had been", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(5), (seed, steps) => {
        const build = () => {
          const engine = new Engine({ seed });
          const kind = engine.define("one", BAND.control, (a) => {
            if (a < 20) engine.after(a % 2, kind, a + 6);
          });
          for (let a = 0; a < 6; a++) engine.at(1, kind, a);
          return engine;
        };
        const undisturbed = build();
        undisturbed.run(10);
        const stopped = build();
        for (let i = 0; i < steps; i++) stopped.step();
        const twin = build();
        twin.restore(stopped.save());
        twin.run(10);
        stopped.run(10);
        expect([twin.digest(), stopped.digest()]).toEqual([undisturbed.digest(), undisturbed.digest()]);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  test("tell an onlooker, who may save the run, what there is to choose from", () => {
    const engine = new Engine({ choices: [{ point: 1, choice: 1 }] });
    const order: number[] = [];
    const kind = engine.define("one", BAND.control, (a) => order.push(a));
    for (const a of [0, 1, 2]) engine.at(7, kind, a);
    const seen: Tie[] = [];
    engine.observeTies((tie) => {
      seen.push(tie);
      engine.save();
    });
    engine.run(7);
    expect(order).toEqual([0, 2, 1]);
    expect(seen).toMatchObject([
      { time: 7, band: BAND.control, point: 0, choice: 0, events: [{ a: 0 }, { a: 1 }, { a: 2 }] },
      { time: 7, band: BAND.control, point: 1, choice: 1, events: [{ kind: "one", a: 1 }, { a: 2 }] },
    ]);
  });
});

test("a queue tells the same ties whether its events lie in the heap or in buckets", () => {
  const queue = new EventQueue(4);
  for (let i = 0; i < 3000; i++) queue.push(i % 100, i % 3, 7, i, 0);
  for (let left = 3000; left > 0; left--) {
    const tied = queue.tied();
    const places = tied.map(({ a }) => a);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const entry = tied.at(-1);
    if (entry === undefined) throw new Error("the queue is empty too early");
    queue.popTied(entry);
    expect(queue.a).toBe(places.at(-1));
    if (left % 500 === 0) queue.restore(queue.save());
  }
  expect(queue.tied()).toEqual([]);
});
