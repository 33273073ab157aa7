import { describe, expect, test } from "vitest";
import type { TimelineAction } from "../../src/cluster/spec.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { rootInWords, rootPlace, rootWithPlace } from "../../src/reports/rootWords.ts";
import { labelOf } from "../../src/simulation/timeline.ts";

const ACTIONS: readonly (readonly [TimelineAction, string])[] = [
  [{ kind: "deploy", service: "shop", image: "shop:v2", strategy: undefined }, "the deploy of shop:v2"],
  [{ kind: "rollback", service: "shop" }, "the rollback of shop"],
  [{ kind: "promote", service: "shop", full: false }, "the promotion of shop"],
  [{ kind: "abort", service: "shop" }, "the abort of shop"],
  [{ kind: "pause", service: "shop" }, "the pause of shop"],
  [{ kind: "resume", service: "shop" }, "the resumption of shop"],
  [{ kind: "scale", service: "shop", replicas: 3 }, "the scaling of shop to 3"],
  [{ kind: "crash", what: "host", name: "host-1", for: undefined }, "the crash of host-1"],
  [{ kind: "partition", host: "host-1", from: "both", for: undefined }, "the partition of host-1"],
  [{ kind: "drain", host: "host-1" }, "the drain of host-1"],
  [{ kind: "cordon", host: "host-1" }, "the cordon of host-1"],
  [{ kind: "uncordon", host: "host-1" }, "the uncordon of host-1"],
  [{ kind: "upgrade", hosts: ["a", "b"], maxUnavailable: 1, length: SECOND }, "the upgrade of 2 hosts"],
  [{ kind: "slow", host: "host-1", factor: 4, for: undefined }, "the slowdown of host-1"],
  [{ kind: "kill", service: "shop", count: 1 }, "the kill of 1 container of shop"],
  [{ kind: "kill", service: "shop", count: 2 }, "the kill of 2 containers of shop"],
  [{ kind: "registry", for: undefined }, "the failure of the registry"],
  [{ kind: "control-plane", for: undefined }, "the failure of the control plane"],
  [{ kind: "traffic", service: "shop", factor: 3, for: undefined }, "traffic × 3 to shop"],
];

describe("the root of a failure", () => {
  test.each(ACTIONS)("%j is said in words, with its time", (action, words) => {
    const once = labelOf({ index: 1, at: 30 * SECOND, every: undefined, action });
    expect(rootInWords(once)).toBe(`${words} at 30s`);
    expect(rootWithPlace(once)).toBe(`${words} at 30s (timeline[1])`);
    const often = labelOf({ index: 0, at: 30 * SECOND, every: 60 * SECOND, action });
    expect(rootInWords(often)).toBe(`${words} every 1m`);
  });

  test.each([
    ["hazards[0] host-3", "failures of host-3", "hazards[0]"],
    ["hazards[2] containers of shop", "failures of containers of shop", "hazards[2]"],
    ["crashes of shop:v2", "crashes of shop:v2", undefined],
    ["image shop:v1", "the start of the run with shop:v1", undefined],
    ["liveness probe of shop:v1", "a failed liveness probe of shop:v1", undefined],
    ["start of the run", "the start of the run", undefined],
    ["overload", "overload", undefined],
  ])("%s is said as %s", (root, words, place) => {
    expect(rootInWords(root)).toBe(words);
    expect(rootPlace(root)).toBe(place);
  });
});
