import { describe, expect, test } from "vitest";
import type { ImageSpec } from "../../src/cluster/spec.ts";
import { STRATEGIES } from "../../src/rollout/strategies.ts";
import { DriverWorld, named } from "./driverWorld.ts";

const analysed = (metric: object, rest: object = {}) =>
  named({
    name: "blue-green",
    settings: { verification: "none", prePromotionAnalysis: { metrics: [metric] }, ...rest },
  });

function worldOf(errors: number, strategy: ReturnType<typeof named>, image: Partial<ImageSpec> = {}): DriverWorld {
  return new DriverWorld({ strategy, images: [{ name: "app:v1" }, { name: "app:v2", errors, ...image }] });
}

function last(world: DriverWorld) {
  return world.driver.rolloutsOf(world.service).at(-1);
}

const notes = (world: DriverWorld) => last(world)?.steps.map(({ note }) => note) ?? [];
const switches = (world: DriverWorld) => notes(world).filter((note) => note.startsWith("switches"));

describe("blue-green's analysis before the switch", () => {
  test("lets a good version pass, after as many measurements as it was told", () => {
    const world = worldOf(0, analysed({ interval: "10s", count: 3 }));
    world.deploy("app:v2");
    world.run(20);
    expect(switches(world)).toEqual([]);
    world.run(100);
    expect(last(world)?.outcome).toBe("completed");
    expect(notes(world)).toContain("errors of app:v2, look 3: 0 of 20 answers failed, successful");
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("gives a bad version up before any switch, and keeps the preview for abortScaleDownDelay", () => {
    const world = worldOf(1, analysed({}, { abortScaleDownDelay: "60s" }));
    world.deploy("app:v2");
    world.run(40);
    expect(notes(world)).toContain("errors of app:v2, look 1: 20 of 20 answers failed, failed");
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 5 });
    world.run(40);
    expect(last(world)?.outcome).toBe("aborted");
    expect(world.counts()).toEqual({ "app:v1": 5 });
    expect(switches(world)).toEqual([]);
    const served = world.facts.flatMap(({ fact }) =>
      fact.kind === "receiving-changed" ? [fact.service.receiving] : [],
    );
    expect(served.every((releases) => releases?.includes(0) ?? true)).toBe(true);
  });

  test("waits for a person when it is inconclusive, and goes on when told", () => {
    const world = worldOf(0.5, analysed({ errors: "10%", failAbove: "95%" }));
    world.deploy("app:v2");
    world.run(300);
    expect(switches(world)).toEqual([]);
    expect(notes(world)).toContain("inconclusive; waits for a person to promote it");
    world.driver.promote(world.service);
    world.run(100);
    expect(last(world)?.outcome).toBe("completed");
  });

  test("fails where no container of the preview is ready any more", () => {
    const world = worldOf(0, analysed({ interval: "4s", count: 100 }));
    world.deploy("app:v2");
    world.run(20);
    const preview = world.cluster.state.containers.filter(
      ({ release }) => world.cluster.release(release).image.name === "app:v2",
    );
    // The first restart comes at once, the second after 10 s: a look falls into that.
    for (const container of preview) world.agent.crash(container, 0);
    world.run(5);
    for (const container of preview) world.agent.crash(container, 0);
    world.run(9);
    expect(notes(world).some((note) => note.endsWith("20 of 20 answers failed, failed"))).toBe(true);
    world.run(60);
    expect(last(world)?.outcome).toBe("aborted");
    expect(switches(world)).toEqual([]);
  });

  test("draws from a stream of its own, so many as it was told, and none without it", () => {
    const world = worldOf(0.5, analysed({ failureLimit: -1 }));
    world.deploy("app:v2");
    world.run(100);
    expect([...world.cluster.streams.save().keys()].filter((name) => name.startsWith("analysis/"))).toEqual([
      "analysis/app",
    ]);
    const plain = worldOf(0.5, named({ name: "blue-green", settings: { verification: "none" } }));
    plain.deploy("app:v2");
    plain.run(100);
    expect(last(plain)?.outcome).toBe("completed");
    expect([...plain.cluster.streams.save().keys()].some((name) => name.startsWith("analysis/"))).toBe(false);
  });

  test("is skipped by a promotion in full", () => {
    const world = worldOf(1, analysed({ initialDelay: "10m" }));
    world.deploy("app:v2");
    world.run(30);
    expect(switches(world)).toEqual([]);
    world.driver.promote(world.service, "full");
    world.run(100);
    expect(last(world)?.outcome).toBe("completed");
  });

  test.each([
    { metric: { interval: "10s" }, says: "expected a count beside the interval" },
    { metric: { latency: "10ms" }, says: "expected no latency" },
  ])("refuses $metric", ({ metric, says }) => {
    const strategy = STRATEGIES.find(({ name }) => name === "blue-green");
    const result = strategy?.settings?.safeParse({ prePromotionAnalysis: { metrics: [metric] } });
    expect(result?.error?.issues.map(({ message }) => message).join()).toContain(says);
  });
});
