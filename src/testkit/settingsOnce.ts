import type { ZodType } from "zod";
import { BUILT_IN, type Catalogue } from "../simulation/catalogue.ts";
import { freezeDeeply } from "./guardedCall.ts";

type Parsed = ReturnType<ZodType["safeParse"]>;

/** By schema and by settings, both as objects: generated scenarios share a few, and to read them for every run was a thirtieth of a search. */
const PARSED = new WeakMap<ZodType, WeakMap<object, Parsed>>();

/**
 * The same catalogue, in which the built-in strategies' settings are read once for each object that gives them, and frozen. Other
 * strategies may keep something with theirs, and get new ones each time.
 */
export function settingsOnce(catalogue: Catalogue): Catalogue {
  const strategies = [...catalogue.strategies].map(([name, strategy]) => {
    const { settings } = strategy;
    const isBuiltIn = BUILT_IN.strategies.get(name) === strategy;
    return [name, isBuiltIn && settings !== undefined ? { ...strategy, settings: once(settings) } : strategy] as const;
  });
  return { ...catalogue, strategies: new Map(strategies) };
}

function once(schema: ZodType): ZodType {
  const known = PARSED.get(schema) ?? new WeakMap<object, Parsed>();
  PARSED.set(schema, known);
  const safeParse = (raw: unknown): Parsed => {
    if (typeof raw !== "object" || raw === null) return schema.safeParse(raw);
    const before = known.get(raw);
    if (before !== undefined) return before;
    const parsed = schema.safeParse(raw);
    freezeDeeply(parsed.data);
    known.set(raw, parsed);
    return parsed;
  };
  return Object.assign(Object.create(schema) as ZodType, { safeParse });
}
