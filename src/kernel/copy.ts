import { assert } from "./errors.ts";

/**
 * A deep copy of plain data: numbers, strings, arrays, maps, sets, typed arrays and objects without a class.
 *
 * A checkpoint is made of these. An object met twice is copied once, so that links between rows stay links. What is frozen is
 * a constant, and shared. Functions and class instances are refused: state that hides in one could not be put back.
 */
export function copy<T>(value: T): T {
  return copyInto(value, new Map()) as T;
}

function copyInto(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) {
    assert(typeof value !== "function", "saved state holds no functions");
    return value;
  }
  if (Object.isFrozen(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return copyArray(value, seen);
  if (value instanceof Map) {
    const twin = new Map();
    seen.set(value, twin);
    for (const [key, entry] of value) twin.set(copyInto(key, seen), copyInto(entry, seen));
    return twin;
  }
  if (value instanceof Set) {
    const twin = new Set();
    seen.set(value, twin);
    for (const entry of value) twin.add(copyInto(entry, seen));
    return twin;
  }
  if (
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint32Array ||
    value instanceof Uint8Array
  ) {
    const twin = value.slice();
    seen.set(value, twin);
    return twin;
  }
  return copyObject(value, seen);
}

function copyArray(value: readonly unknown[], seen: Map<object, unknown>): unknown[] {
  const twin: unknown[] = new Array(value.length);
  seen.set(value, twin);
  for (let i = 0; i < value.length; i++) twin[i] = copyInto(value[i], seen);
  return twin;
}

function copyObject(value: object, seen: Map<object, unknown>): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  assert(prototype === Object.prototype || prototype === null, "saved state holds plain objects only");
  // Spread, and not key by key: a table of many columns that is put together by names becomes a dictionary to V8, and every
  // run that goes on from it is several times slower. What follows writes over keys that are there.
  const twin: Record<string, unknown> = { ...value };
  seen.set(value, twin);
  for (const key in twin) {
    const entry = twin[key];
    if ((typeof entry === "object" && entry !== null) || typeof entry === "function") twin[key] = copyInto(entry, seen);
  }
  return twin;
}
