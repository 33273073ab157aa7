import { describe, expect, test } from "vitest";
import type { Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { BAND } from "../../src/kernel/engine.ts";
import { MILLISECOND, type Micros, SECOND } from "../../src/kernel/time.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import { BUILT_IN, withPlugins } from "../../src/simulation/catalogue.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import type { Invariant } from "../../src/testkit/invariant.ts";
import { checkAllWorlds, type WorldsOptions } from "../../src/testkit/worlds.ts";
import { deploy, host, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const quiet = { ...service().traffic, arrivals: { kind: "none" } } as const;

/** So many hosts and containers for 40 ms, in which containers begin, all at once, and nothing else happens. */
function beginning(count: number): Scenario {
  return scenario({
    duration: 40 * MILLISECOND,
    cluster: { ...scenario().cluster, hosts: hosts(count) },
    services: [service({ replicas: count, traffic: quiet })],
  });
}

/** Writes down the history of each world, and finds nothing wrong. */
function diary(): { readonly digests: string[]; readonly invariant: Invariant } {
  const digests: string[] = [];
  const invariant: Invariant = {
    name: "diary",
    statement: "",
    appliesTo: "engine",
    start: (simulation) => ({
      atEnd: () => {
        digests.push(simulation.digest);
        return undefined;
      },
    }),
  };
  return { digests, invariant };
}

function all(one: Scenario, options: WorldsOptions) {
  const worlds = checkAllWorlds(one, options);
  worlds.next(Number.POSITIVE_INFINITY);
  return worlds;
}

describe("the worlds of a scenario", () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 6],
  ])("with %i containers that begin at once are %i, each met once", (count, orders) => {
    const { digests, invariant } = diary();
    const worlds = all(beginning(count), { faults: ["none"], invariants: [invariant] });
    expect(worlds).toMatchObject({ counted: orders, isCut: false, isOver: true, found: undefined });
    expect(new Set(digests).size).toBe(orders);
    expect(digests).toHaveLength(orders);
  });

  test("are as many again for each fault at each instant of the grid", () => {
    const grid = 15 * MILLISECOND;
    const count = (...faults: NonNullable<WorldsOptions["faults"]>) =>
      all(beginning(2), { faults, grid, invariants: [] }).counted;
    // Two orders at the beginning, two instants, two hosts and two containers.
    expect(count("none")).toBe(2);
    expect(count("crash")).toBe(2 * 2 * 2);
    expect(count("kill")).toBe(2 * 2 * 2);
    expect(count("partition")).toBe(2 * 2 * 2);
    expect(count("control-plane")).toBe(2 * 2);
    expect(count("none", "crash", "kill", "partition", "control-plane")).toBe(30);
  });

  test("are those of the bands that are asked for", () => {
    expect(all(beginning(3), { faults: ["none"], bands: [BAND.control], invariants: [] }).counted).toBe(1);
  });

  test("end at the bound, and say so; in steps they are the same", () => {
    const cut = all(beginning(3), { faults: ["none"], most: 5, invariants: [] });
    expect(cut).toMatchObject({ counted: 5, isCut: true });
    expect(all(beginning(3), { faults: ["none"], most: 6, invariants: [] })).toMatchObject({
      counted: 6,
      isCut: false,
    });
    const steps = checkAllWorlds(beginning(3), { faults: ["none"], invariants: [] });
    const counts: number[] = [];
    while (!steps.isOver) {
      steps.next(4);
      counts.push(steps.counted);
    }
    expect(counts).toEqual([4, 6]);
  });

  test.each([
    ["found 4 hosts; expected at most 3", { ...beginning(1), cluster: beginning(4).cluster }],
    ["found 4 wanted replicas in all", { ...beginning(3), services: beginning(4).services }],
    [
      "found 5 wanted replicas in all",
      { ...beginning(3), timeline: timeline([1, { kind: "scale", service: "shop", replicas: 5 }]) },
    ],
  ])("are refused where there are too many: %s", (message, one) => {
    expect(() => checkAllWorlds(one)).toThrow(message);
  });
});

describe("a world that breaks something", () => {
  const everythingFindsAPlace: Invariant = {
    name: "everything-finds-a-place",
    statement: "No container is ever left without a place.",
    appliesTo: "placement",
    start: () => ({
      onFact: (fact) => (fact.kind === "container-unschedulable" ? `${fact.container.name} finds no place` : undefined),
    }),
  };

  test("by its order only is found, with one change of order and its two events", () => {
    // The large one fits on the roomy host only, which the small one takes where its turn comes first.
    const part = { replicas: 0, memoryBytes: 2 ** 20, traffic: quiet };
    const crowded = scenario({
      duration: 3 * SECOND,
      cluster: {
        ...scenario().cluster,
        hosts: [host("tight", { cpuMillicores: 1000 }), host("roomy", { cpuMillicores: 2000 })],
      },
      services: [
        service({ ...part, name: "large", cpuMillicores: 2000 }),
        service({ ...part, name: "small", cpuMillicores: 1000 }),
      ],
      timeline: timeline(
        [1, { kind: "scale", service: "large", replicas: 1 }],
        [1, { kind: "scale", service: "small", replicas: 1 }],
      ),
    });
    const invariants = [everythingFindsAPlace];
    expect(checkScenario(crowded, { invariants })).toBeUndefined();
    const { found } = all(crowded, { invariants, faults: ["none"] });
    expect(found?.violation.message).toBe("large-1 finds no place");
    expect(found?.choices).toHaveLength(1);
    expect(found?.race?.late).toMatch(/^(rollout|replicas)-sync of /);
    expect(found?.violation.story.length).toBeLessThanOrEqual(7);
    const ties = { choices: found?.choices ?? [] };
    expect(checkScenario(crowded, { invariants, ties })?.message).toBe("large-1 finds no place");
  });

  test("at one instant of a fault only is found, with that fault in its timeline", () => {
    const catalogue = withPlugins(BUILT_IN, [hasty]);
    const one = small({ strategy: { name: "hasty", settings: {} } });
    expect(checkScenario(one, { catalogue })).toBeUndefined();
    const found = all(one, { catalogue, faults: ["crash", "kill"], grid: 250 * MILLISECOND }).found;
    expect(found?.violation.invariant).toBe("plug-in-throws");
    const [release, fault] = found?.scenario.timeline ?? [];
    expect(fault).toMatchObject({ at: 2 * SECOND, action: { kind: "crash", what: "container", name: "shop-2" } });
    if (found === undefined || release === undefined || fault === undefined) throw new Error("a find is expected");
    const crashAt = (at: Micros) => checkScenario({ ...one, timeline: [release, { ...fault, at }] }, { catalogue });
    expect(crashAt(2 * SECOND)?.at).toBe(found.violation.at);
    expect(crashAt(1.75 * SECOND)).toBeUndefined();
    expect(crashAt(2.25 * SECOND)).toBeUndefined();
  });

  test("loses a request: none of a rolling release with preStop, one without", () => {
    const options: WorldsOptions = { faults: ["none"], noRequestLost: true };
    const drained = all(small(), options);
    expect(drained).toMatchObject({ found: undefined, isCut: false });
    expect(drained.counted).toBeGreaterThan(50);
    const cut = all(small({ shutdown: { preStop: 0, gracePeriod: 5 * SECOND } }), options).found;
    expect(cut?.violation).toMatchObject({ invariant: "no-request-lost" });
    expect(cut?.violation.message).toMatch(/^shop: \d+ of \d+ requests failed$/);
  });
});

/** Breaks down when the new container, which it has seen running, is not there any more at its next look. */
const hasty: Strategy = {
  kind: "strategy",
  name: "hasty",
  describe: "takes for granted that who is available stays so",
  plan: ({ next, previous, replicas, state }) => {
    if (state === "seen" && next.available === 0) throw new Error("the new container was here a moment ago");
    const stop = previous.map(({ id }) => ({ release: id, desired: 0 }));
    const start = { release: next.id, desired: replicas };
    const seen = next.available >= replicas;
    return {
      scale: seen ? [start, ...stop] : [start],
      receiving: "all",
      state: seen ? "seen" : "waiting",
      ...(seen && previous.every(({ existing }) => existing === 0) ? { outcome: "completed" } : {}),
    };
  },
};

/** One container on two hosts, and a release at 1 s. */
function small(part: Partial<ServiceSpec> = {}): Scenario {
  const quick = { startup: { kind: "constant", value: SECOND / 2 }, sizeBytes: 10 * 2 ** 20 } as const;
  const answer = { kind: "constant", value: 50 * MILLISECOND } as const;
  return scenario({
    duration: 6 * SECOND,
    cluster: { ...scenario().cluster, hosts: hosts(2) },
    images: [image("shop:v1", { ...quick, service: answer }), image("shop:v2", { ...quick, service: answer })],
    services: [
      service({
        replicas: 1,
        readiness: { ...service().readiness, period: SECOND / 2 },
        shutdown: { preStop: SECOND, gracePeriod: 5 * SECOND },
        routing: { ...service().routing, propagation: { kind: "constant", value: 300 * MILLISECOND } },
        traffic: { ...service().traffic, arrivals: { kind: "constant", perSecond: 4 }, timeout: SECOND },
        ...part,
      }),
    ],
    timeline: timeline([1, deploy("shop:v2")]),
  });
}
