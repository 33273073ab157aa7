import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/cluster/spec.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import type { Invariant } from "../../src/testkit/invariant.ts";
import { raceBehind, raceInWords } from "../../src/testkit/race.ts";
import { host, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

/** What an owner of a full cluster may ask; the scheduler cannot promise it. */
const everythingFindsAPlace: Invariant = {
  name: "everything-finds-a-place",
  statement: "No container is ever left without a place.",
  appliesTo: "placement",
  start: () => ({
    onFact: (fact) => (fact.kind === "container-unschedulable" ? `${fact.container.name} finds no place` : undefined),
  }),
};

const quiet = { ...service().traffic, arrivals: { kind: "none" } } as const;

/**
 * Two services are scaled up in one moment. The large one fits only on the roomy host, and the small one is put there too,
 * as the emptiest, when its turn comes first.
 */
function crowded(more: readonly string[] = []): Scenario {
  const names = ["large", "small", ...more];
  return scenario({
    duration: 10 * SECOND,
    cluster: {
      ...scenario().cluster,
      hosts: [host("tight", { cpuMillicores: 1000 }), host("roomy", { cpuMillicores: 2000 })],
    },
    images: [image("shop:v1")],
    services: names.map((name) =>
      service({
        name,
        replicas: 0,
        cpuMillicores: name === "large" ? 2000 : name === "small" ? 1000 : 0,
        memoryBytes: 2 ** 20,
        traffic: quiet,
      }),
    ),
    timeline: timeline(...names.map((name) => [1, { kind: "scale", service: name, replicas: 1 }] as const)),
  });
}

describe("a race", () => {
  const invariants = [everythingFindsAPlace];

  test("is nothing that the order of scheduling shows, and some other order does", () => {
    expect(checkScenario(crowded(), { invariants })).toBeUndefined();
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const broken = seeds.filter((seed) => checkScenario(crowded(), { invariants, ties: { seed } }) !== undefined);
    expect(broken.length).toBeGreaterThan(3);
    expect(broken.length).toBeLessThan(20);
  });

  test("comes down to one pair of events, which it names, however many others changed places", () => {
    const one = crowded(["third", "fourth", "fifth"]);
    for (let seed = 0; seed < 8; seed++) {
      const options = { invariants, ties: { seed } };
      const violation = checkScenario(one, options);
      if (violation === undefined) continue;
      const found = raceBehind(one, violation, options);
      expect(found?.race.choices).toHaveLength(1);
      expect([found?.race.early, found?.race.late]).toEqual(
        found?.race.at === 1_050_000
          ? ["rollout-sync of small", "rollout-sync of large"]
          : ["replicas-sync of shop:v1", "replicas-sync of shop:v1"],
      );
      // The same again, from what is written down of it.
      const ties = { choices: found?.race.choices ?? [] };
      expect(checkScenario(one, { invariants, ties })?.message).toBe("large-1 finds no place");
    }
  });

  test("has its frame in the story, in its place", () => {
    const options = { invariants, ties: { seed: 0 } };
    const violation = checkScenario(crowded(), options);
    if (violation === undefined) throw new Error("seed 0 is expected to show it");
    const found = raceBehind(crowded(), violation, options);
    if (found === undefined) throw new Error("a race is expected");
    const { story } = found.violation;
    expect(story.length).toBeLessThanOrEqual(7);
    expect(story.map(({ text }) => text)).toContain(raceInWords(found.race));
    expect(story.at(-1)?.text).toBe("large-1 finds no place");
    const times = story.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test("is not blamed for what breaks in order of scheduling too", () => {
    const tooLarge = crowded();
    const full = { ...tooLarge, services: tooLarge.services.map((one) => ({ ...one, cpuMillicores: 2000 })) };
    const options = { invariants, ties: { seed: 1 } };
    const violation = checkScenario(full, options);
    expect(violation).toBeDefined();
    expect(violation && raceBehind(full, violation, options)).toBeUndefined();
  });
});
