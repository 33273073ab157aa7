import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tie } from "../../src/kernel/ties.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { anyScenario } from "../../src/testkit/arbitraries/anyScenario.ts";
import { deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const SEED = 20_261_125;

describe("a run whose ties are reordered", () => {
  test("is the usual one, to the bit, where nothing changes place", () => {
    fc.assert(
      fc.property(anyScenario(), (one) => {
        const usual = new Simulation(one).run().summary.digest;
        expect(new Simulation(one, { ties: { choices: [] } }).run().summary.digest).toBe(usual);
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  test("forked at any event, goes on in both as if it had never been", () => {
    let moved = 0;
    fc.assert(
      fc.property(anyScenario(), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (one, seed, share) => {
        const ties = { seed };
        const undisturbed = new Simulation(one, { ties });
        undisturbed.observeTies(({ choice }) => {
          if (choice > 0) moved++;
        });
        const { digest } = undisturbed.run().summary;
        const forked = new Simulation(one, { ties });
        forked.runUntil(Math.floor(share * one.duration));
        const twin = forked.fork();
        expect(twin.run().summary.digest).toBe(digest);
        expect(forked.run().summary.digest).toBe(digest);
      }),
      { seed: SEED, numRuns: 25 },
    );
    expect(moved).toBeGreaterThan(100);
  });

  test("plays the timeline's entries of one moment as they were written", () => {
    const one = scenario({
      duration: 60_000_000,
      images: [image("shop:v1"), image("shop:v2"), image("shop:v3")],
      timeline: timeline([10, deploy("shop:v2")], [10, deploy("shop:v3")]),
    });
    for (let seed = 0; seed < 10; seed++) {
      const { rollouts } = new Simulation(one, { ties: { seed } }).run().summary.services.shop ?? {};
      expect(rollouts?.map(({ to, outcome }) => `${to} ${outcome}`)).toEqual([
        "shop:v2 superseded",
        "shop:v3 completed",
      ]);
    }
  });

  test("judges a zone's loss only when every host of it was looked at", () => {
    // Four of five hosts fall silent at once. One look gives all of them up, and only then is the zone judged.
    const crash = (name: string) => ({ kind: "crash", what: "host", name, for: undefined }) as const;
    const one = scenario({
      cluster: { ...scenario().cluster, hosts: hosts(5) },
      services: [service({ traffic: { ...service().traffic, arrivals: { kind: "none" } } })],
      timeline: timeline([12, crash("host-1")], [12, crash("host-2")], [12, crash("host-3")], [12, crash("host-4")]),
    });
    const evictions = (ties: { seed: number } | undefined) => {
      const simulation = new Simulation(one, { ties });
      const passes: Tie["events"][number]["kind"][] = [];
      simulation.observe(({ kind }) => {
        if (kind === "host-check" || kind === "eviction-pass") passes.push(kind);
      });
      simulation.run();
      return passes.slice(0, 10);
    };
    for (let seed = 0; seed < 10; seed++) expect(evictions({ seed })).toEqual(evictions(undefined));
  });
});
