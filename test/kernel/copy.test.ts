import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copy } from "../../src/kernel/copy.ts";

describe("a copy", () => {
  test("equals any plain data and shares none of it", () => {
    fc.assert(
      fc.property(
        fc.object({ withMap: true, withSet: true, withTypedArray: false, withNullPrototype: false }),
        (value) => {
          const twin = copy(value);
          expect(twin).toEqual(value);
          expect(sharedObjects(value, twin)).toBe(0);
        },
      ),
    );
  });

  test("keeps links: what was one object stays one", () => {
    const row = { id: 1 };
    const twin = copy({ rows: [row, row], byName: new Map([["a", row]]) });
    expect(twin.rows[0]).toBe(twin.rows[1]);
    expect(twin.byName.get("a")).toBe(twin.rows[0]);
    expect(twin.rows[0]).not.toBe(row);
  });

  test("keeps a cycle", () => {
    const ring: { next?: unknown } = {};
    ring.next = { next: ring };
    const twin = copy(ring) as { next: { next: unknown } };
    expect(twin.next.next).toBe(twin);
  });

  test.each([new Float64Array([1, 2]), new Int32Array([1, -2]), new Uint32Array([1, 2]), new Uint8Array([1, 2])])(
    "of %o has its own numbers",
    (column) => {
      const twin = copy(column);
      expect(twin).toEqual(column);
      twin[0] = 9;
      expect(column[0]).toBe(1);
    },
  );

  test("refuses what hides state", () => {
    expect(() => copy({ act: () => 1 })).toThrow("no functions");
    expect(() => copy({ at: new Date(0) })).toThrow("plain objects only");
    expect(() => copy(new (class Counter {})())).toThrow("plain objects only");
  });
});

/** Objects that both reach. */
function sharedObjects(left: unknown, right: unknown): number {
  const reached = reach(left);
  let shared = 0;
  for (const found of reach(right)) if (reached.has(found)) shared++;
  return shared;
}

function reach(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  const parts = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  for (const part of parts) reach(part, found);
  return found;
}
