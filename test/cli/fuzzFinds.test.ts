import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FuzzCrew } from "../../src/cli/fuzzCrew.ts";
import { keepFind } from "../../src/cli/fuzzFinds.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import type { Find, FuzzPlan } from "../../src/testkit/fuzzer.ts";
import { scenario } from "../support/scenarioBuilder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearse-finds-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps a find of which nothing is seen when its file is tried again. */
function keepUnrepeated(invariant: string) {
  const violation = { invariant, statement: "", message: "what was seen", at: 1_000_000, event: "schedule", story: [] };
  const find = { scenario: scenario({}), violation, run: 7, ties: undefined, race: undefined } as unknown as Find;
  const plan = { catalogue: BUILT_IN, seed: 1 } as unknown as FuzzPlan;
  const crew = { fresh: () => Promise.resolve(undefined) } as unknown as FuzzCrew;
  const out = join(folder, "find.yaml");
  return keepFind({ options: { out }, plan, crew }, find, true).then(() => readFileSync(out, "utf8"));
}

describe("a find that does not repeat itself", () => {
  test("is not kept: a plug-in keeps something between runs", async () => {
    await expect(keepUnrepeated("rollouts-end")).rejects.toThrow("does not repeat itself");
  });

  test("is kept where a plug-in's own chance is what was found: the next time it may fall out otherwise", async () => {
    expect(await keepUnrepeated("plug-in-draws-ambient-chance")).toContain(
      "# Breaks plug-in-draws-ambient-chance at 1s",
    );
  });
});
