import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogueWith } from "../../src/cli/plugins.ts";
import { choicesForPlugin } from "../../src/testkit/choices.ts";
import { Fuzzer } from "../../src/testkit/fuzzer.ts";
import { invariantsFor } from "../../src/testkit/properties.ts";
import { ROOT } from "../docs/pages.ts";

describe("the schedulers and strategies that the pages teach", () => {
  test.each([
    { file: "worstFit.ts", kind: "scheduler", name: "worst-fit" },
    { file: "oneByOne.ts", kind: "strategy", name: "one-by-one" },
  ] as const)("break no invariant: $name in 200 scenarios", async ({ file, kind, name }) => {
    const catalogue = await catalogueWith([join(ROOT, "examples", file)]);
    const choices = choicesForPlugin({ kind, name }, catalogue);
    const invariants = invariantsFor({ kind });
    const fuzzer = new Fuzzer({ catalogue, choices, invariants, seed: 1, stepBudget: 200_000 });
    expect(fuzzer.search(200)?.violation).toBeUndefined();
  });
});
