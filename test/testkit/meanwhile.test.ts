import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyScenario } from "../../src/testkit/arbitraries/anyScenario.ts";
import { meanwhileDraft, withMeanwhile } from "../../src/testkit/arbitraries/anyTimeline.ts";
import { ALL_FEATURES } from "../../src/testkit/arbitraries/features.ts";

const SECOND = 1_000_000;
const subjects = {
  hosts: ["host"],
  zones: ["zone-a"],
  services: ["shop"],
  empty: [],
  images: ["shop:v1", "shop:v2"],
};
const deploy = { kind: "deploy" as const, service: "shop", image: "shop:v2", strategy: undefined };
const entry = (index: number, at: number) => ({ index, at: at * SECOND, every: undefined, action: deploy });

describe("what is asked for in mid-release", () => {
  test("is there in half of the drafts, of every kind, and never without its feature", () => {
    const drafts = fc.sample(meanwhileDraft, { numRuns: 200, seed: 17 });
    const kinds = drafts.flatMap((make) => make(ALL_FEATURES, subjects).map(({ action }) => action.kind));
    expect(kinds.length).toBeGreaterThan(60);
    expect(new Set(kinds)).toEqual(new Set(["deploy", "scale", "rollback", "abort"]));
    expect(drafts.flatMap((make) => make(new Set(), subjects))).toEqual([]);
  });

  test("comes so long after the first release, before what is later, and not where nothing is released", () => {
    const scale = { kind: "scale" as const, service: "shop", replicas: 2 };
    const extra = [{ after: 3 * SECOND, action: scale }];
    const made = withMeanwhile([entry(0, 5), entry(1, 20)], extra);
    expect(made.map(({ index, at, action }) => [index, at / SECOND, action.kind])).toEqual([
      [0, 5, "deploy"],
      [1, 8, "scale"],
      [2, 20, "deploy"],
    ]);
    expect(withMeanwhile([], extra)).toEqual([]);
  });

  test("overtakes a release within eight seconds in at least one scenario of fifteen", () => {
    const made = fc.sample(anyScenario(), { numRuns: 400, seed: 18 });
    const overtaken = made.filter(({ timeline }) => {
      const [first, second] = timeline.filter(({ action }) => action.kind === "deploy");
      return first !== undefined && second !== undefined && second.at - first.at <= 8 * SECOND;
    });
    expect(overtaken.length).toBeGreaterThan(400 / 15);
  });
});
