import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { ScenarioError } from "../../src/scenario/scenarioError.ts";
import { scheduleAll } from "../../src/scheduling/kubernetes/scheduleAll.ts";
import { problemsOf, SETS, textOf } from "./manifestSets.ts";

const TEXTS = SETS.map(textOf);

/** Slips in one of the real sets: lines cut out, doubled, moved in, or with another value. */
const slips = fc.record({
  set: fc.nat(TEXTS.length - 1),
  edits: fc.array(
    fc.record({
      at: fc.nat(),
      how: fc.constantFrom("cut", "double", "replace", "shift"),
      value: fc.constantFrom(
        ...["", "null", "-1", "1.5", "many", "[]", "{}", "[{}]", "{ a: b }", "true", "1e9", '"', "*x", "~"],
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

function mutated({ set, edits }: typeof slips extends fc.Arbitrary<infer Slips> ? Slips : never): string {
  const lines = (TEXTS[set] ?? "").split("\n");
  for (const { at, how, value } of edits) {
    const place = at % lines.length;
    const line = lines[place] ?? "";
    if (how === "cut") lines.splice(place, 1);
    else if (how === "double") lines.splice(place, 0, line);
    else if (how === "shift") lines[place] = ` ${line}`;
    else lines[place] = line.replace(/:.*$/, `: ${value}`);
  }
  return lines.join("\n");
}

describe("a real manifest with a slip in it", () => {
  test("is read, or refused with what is wrong, and nothing else happens", () => {
    fc.assert(
      fc.property(slips, (given) => {
        const problems = problemsOf(mutated(given));
        for (const line of problems === "" ? [] : problems.split("\n"))
          expect(line).toMatch(/^app\.yaml(:\d+:\d+)?[: ]/);
      }),
      { numRuns: 150 },
    );
  });

  test("is placed, or refused with what is wrong, and nothing else happens", () => {
    fc.assert(
      fc.property(slips, (given) => {
        const text = mutated(given);
        try {
          const { input } = readSchedule([{ file: "app.yaml", text }], { nodes: "3x4cpu/8Gi" });
          if (input.pods.length < 1000) scheduleAll({ ...input, random: new Streams(1).named("scheduling").next });
        } catch (error) {
          expect(error).toBeInstanceOf(ScenarioError);
        }
      }),
      { numRuns: 100 },
    );
  });
});
