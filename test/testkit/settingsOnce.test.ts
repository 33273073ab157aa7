import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rolling } from "../../src/rollout/strategies/rolling.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { settingsOnce } from "../../src/testkit/settingsOnce.ts";

const parse = (catalogue: typeof BUILT_IN, name: string, raw: unknown): unknown =>
  settingsOnce(catalogue).strategies.get(name)?.settings?.safeParse(raw).data;

/** A strategy from outside that takes one setting. */
function outside(name: string): Strategy {
  const settings = z.strictObject({ a: z.number() });
  return { kind: "strategy", name, describe: "it waits", settings, plan: () => ({}) } as Strategy;
}

describe("settings read once", () => {
  test("of a built-in strategy are the schema's, shared by whoever gives the same object, and frozen", () => {
    const raw = { maxSurge: 1, maxUnavailable: 0 };
    const first = parse(BUILT_IN, "rolling", raw);
    expect(first).toEqual(rolling.settings?.safeParse(raw).data);
    expect(parse(BUILT_IN, "rolling", raw)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(parse(BUILT_IN, "rolling", { ...raw, maxSurge: 2 })).not.toEqual(first);
  });

  test("that are refused are refused again", () => {
    const raw = { maxSurge: "a lot" };
    const ask = () => settingsOnce(BUILT_IN).strategies.get("rolling")?.settings?.safeParse(raw).success;
    expect([ask(), ask()]).toEqual([false, false]);
  });

  test.each(["mine", "rolling"])(
    "of a strategy from outside called %s are new each time: it may keep something in them",
    (name) => {
      const catalogue = withPlugins(BUILT_IN, [outside(name)]);
      const raw = { a: 1 };
      const first = parse(catalogue, name, raw);
      expect(first).toEqual({ a: 1 });
      expect(parse(catalogue, name, raw)).not.toBe(first);
      expect(Object.isFrozen(first)).toBe(false);
    },
  );
});
