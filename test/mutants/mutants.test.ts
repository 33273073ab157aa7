import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mutant as bothRoundedDown } from "./03-both-rounded-down.ts";
import { mutant as switchedBeforeReady } from "./13-switched-before-ready.ts";
import { mutant as terminatingForgotten } from "./24-terminating-forgotten.ts";
import { huntMutant } from "./base/huntMutant.ts";
import { rollingWith } from "./base/rollingBase.ts";
import { schedulerWith } from "./base/schedulerBase.ts";
import { switchWith } from "./base/switchBase.ts";

describe("a mutant", () => {
  test("is one of at least thirty", () => {
    const files = readdirSync("test/mutants").filter((file) => /^\d\d-/.test(file));
    expect(files.length).toBeGreaterThanOrEqual(30);
  });

  test.each([
    { name: "surge and unavailable both rounded down", mutant: bothRoundedDown, by: "rollouts-end" },
    { name: "traffic switched before ready", mutant: switchedBeforeReady, by: "traffic-only-to-ready" },
    { name: "terminating containers forgotten", mutant: terminatingForgotten, by: "capacity-never-exceeded" },
  ])("$name is caught by $by, and by the same at every repetition", ({ mutant, by }) => {
    const kill = huntMutant(mutant, 1);
    expect(kill?.invariant).toBe(by);
    expect(kill?.lines).toBeLessThanOrEqual(30);
    expect(huntMutant(mutant, 1)).toEqual(kill);
  });

  test.each([
    { name: "rolling update", plugin: rollingWith({}) },
    { name: "switch", plugin: switchWith({}) },
    { name: "scheduler", plugin: schedulerWith({}) },
  ])("without its bug is sound: the $name they are made from survives", ({ plugin }) => {
    expect(huntMutant({ bug: "", real: "", within: 120, plugin }, 2)).toBeUndefined();
  });
});
