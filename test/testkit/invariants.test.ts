import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { noRequestLost } from "../../src/testkit/invariants/noRequestLost.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";

describe("invariants", () => {
  test("have names of their own, and a sentence each", () => {
    const names = INVARIANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, statement } of INVARIANTS) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(statement).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("stand in a file each, and every file's invariant is asked, save the one that is asked on request", () => {
    const shared = ["calm.ts", "fits.ts", "knobs.ts", "outcome.ts", "podRules.ts", "quiet.ts"];
    const files = readdirSync("src/testkit/invariants").filter((file) => !shared.includes(file));
    const dashed = files.map((file) =>
      file.replace(".ts", "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    expect(dashed.sort()).toEqual([...INVARIANTS, noRequestLost].map(({ name }) => name).sort());
  });

  test("judge something each: a decision, or a run", () => {
    for (const { onPlacement, onPlan, start } of INVARIANTS) {
      expect([onPlacement, onPlan, start].some((asked) => asked !== undefined)).toBe(true);
    }
  });
});

test("the page on the testkit lists every invariant with its own sentence", () => {
  const page = readFileSync("docs/testkit.md", "utf8");
  for (const { name, appliesTo, statement } of INVARIANTS)
    expect(page).toContain(`| \`${name}\` | ${appliesTo} | ${statement} |`);
});
