import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BAND, Engine, type SeenEvent } from "../../src/kernel/engine.ts";

/** An engine whose one event says its number and, while the number lasts, schedules two more. */
function branching() {
  const engine = new Engine();
  const seen: number[] = [];
  const branch = engine.define("branch", BAND.traffic, (a, b) => {
    seen.push(a);
    if (b <= 0) return;
    engine.after(3 * b, branch, 2 * a, b - 1);
    engine.after(2 * b, branch, 2 * a + 1, b - 1);
  });
  return { engine, seen, branch };
}

describe("the engine", () => {
  test("runs one instant's events by band and then by order of scheduling", () => {
    const engine = new Engine();
    const order: string[] = [];
    const kinds = (["observation", "traffic", "control", "lifecycle", "failures"] as const).map((name) =>
      engine.define(name, BAND[name], (a) => order.push(`${name} ${a}`)),
    );
    for (const round of [1, 2]) for (const kind of kinds) engine.at(10, kind, round);
    engine.run(10);
    expect(order).toEqual([
      ...["failures 1", "failures 2", "lifecycle 1", "lifecycle 2", "control 1", "control 2"],
      ...["traffic 1", "traffic 2", "observation 1", "observation 2"],
    ]);
  });

  test("lets an earlier band that is scheduled within the instant go first", () => {
    const engine = new Engine();
    const order: string[] = [];
    const urgent = engine.define("urgent", BAND.failures, () => order.push("urgent"));
    const first = engine.define("first", BAND.traffic, () => {
      order.push("first");
      engine.after(0, urgent);
    });
    const second = engine.define("second", BAND.traffic, () => order.push("second"));
    engine.at(5, first);
    engine.at(5, second);
    engine.run(5);
    expect(order).toEqual(["first", "urgent", "second"]);
  });

  test("stands at the end of the run, and runs what is due then", () => {
    const { engine, seen, branch } = branching();
    engine.at(10, branch, 1);
    engine.at(11, branch, 2);
    engine.run(10);
    expect(seen).toEqual([1]);
    expect(engine.now).toBe(10);
    engine.run(20);
    expect(engine.now).toBe(20);
    expect(engine.step()).toBe(false);
  });

  test("stops at its limit of events, at the time of the last", () => {
    const { engine, seen, branch } = branching();
    for (const time of [1, 2, 3]) engine.at(time, branch, time);
    engine.run(100, 2);
    expect(seen).toEqual([1, 2]);
    expect(engine.now).toBe(2);
    expect(engine.nextTime()).toBe(3);
  });

  test("refuses the past", () => {
    const { engine, branch } = branching();
    engine.at(5, branch, 1);
    engine.run(5);
    expect(() => engine.at(4, branch, 1)).toThrow("no event is scheduled in the past (branch at 4, now 5)");
    expect(() => engine.after(-1, branch, 1)).toThrow("in the past");
  });

  test("never runs a cancelled event", () => {
    const { engine, seen, branch } = branching();
    const handle = engine.at(5, branch, 1);
    engine.at(6, branch, 2);
    expect(engine.cancel(handle)).toBe(true);
    engine.run(10);
    expect(seen).toEqual([2]);
    expect(engine.events).toBe(1);
  });

  test("is not changed by an observer, who sees all", () => {
    const plain = branching();
    const watched = branching();
    const told: SeenEvent[] = [];
    watched.engine.observe((event) => told.push(event));
    for (const { engine, branch } of [plain, watched]) {
      engine.at(0, branch, 1, 6);
      engine.run(1000);
    }
    expect(watched.engine.digest()).toBe(plain.engine.digest());
    expect(told.map((event) => event.a)).toEqual(plain.seen);
    expect(told[0]).toEqual({ time: 0, kind: "branch", a: 1, b: 6 });
  });
});

describe("a digest", () => {
  const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer(), fc.integer({ min: -3, max: 0 })), {
    minLength: 1,
    maxLength: 20,
  });
  const digestOf = (events: readonly (readonly [number, number, number])[]) => {
    const { engine, branch } = branching();
    for (const [time, a, b] of events) engine.at(time, branch, a, b);
    engine.run(1000);
    return engine.digest();
  };

  test("is 16 hexadecimal digits, the same for the same history", () => {
    fc.assert(
      fc.property(history, (events) => {
        expect(digestOf(events)).toMatch(/^[0-9a-f]{16}$/);
        expect(digestOf(events)).toBe(digestOf([...events]));
      }),
    );
  });

  test("changes with any one event's time or numbers", () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.constantFrom(0, 1, 2), (events, pick, part) => {
        const changed = events.map((event) => [...event] as [number, number, number]);
        const victim = changed[pick % changed.length];
        if (victim === undefined) return;
        victim[part] = (victim[part] ?? 0) + (part === 2 ? -1 : 1);
        // The order may change with the time, and two such histories are different too.
        expect(digestOf(changed)).not.toBe(digestOf(events));
      }),
    );
  });

  test("changes with the order of two events of one instant", () => {
    expect(
      digestOf([
        [5, 1, 0],
        [5, 2, 0],
      ]),
    ).not.toBe(
      digestOf([
        [5, 2, 0],
        [5, 1, 0],
      ]),
    );
  });

  test("stays what it was when this was written: old results can be told from new ones", () => {
    const { engine, branch } = branching();
    engine.at(0, branch, 1, 10);
    engine.run(1000);
    expect(engine.events).toBe(2047);
    expect(engine.digest()).toBe("0bcdb477d3f36443");
  });
});

describe("a checkpoint", () => {
  test("at any event leads to the same end as no checkpoint", () => {
    const whole = branching();
    whole.engine.at(0, whole.branch, 1, 7);
    whole.engine.run(1000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 254 }), (cut) => {
        const before = branching();
        before.engine.at(0, before.branch, 1, 7);
        before.engine.run(1000, cut);
        const state = before.engine.save();
        const after = branching();
        after.engine.restore(state);
        after.engine.run(1000);
        expect([...before.seen, ...after.seen]).toEqual(whole.seen);
        expect(after.engine.digest()).toBe(whole.engine.digest());
        expect(after.engine.events).toBe(whole.engine.events);
        // The original goes on as if nobody had copied it.
        before.engine.run(1000);
        expect(before.engine.digest()).toBe(whole.engine.digest());
      }),
    );
  });
});
