import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/readScenario.ts";
import { writeScenario } from "../../src/scenario/writeScenario.ts";
import { BUILT_IN } from "../../src/simulation/catalogue.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { anyScenario } from "../../src/testkit/arbitraries/anyScenario.ts";
import { FEATURES } from "../../src/testkit/arbitraries/features.ts";

const read = (text: string) =>
  readScenario(text, { file: "written.yaml", catalog: BUILT_IN, readFile: () => new Uint8Array() }).scenario;

describe("any scenario", () => {
  test("is one that the reader would make: written and read it is the same", () => {
    fc.assert(
      fc.property(anyScenario(), (scenario) => {
        expect(read(writeScenario(scenario, BUILT_IN))).toEqual(scenario);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("written and read gives the same run, bit for bit", () => {
    fc.assert(
      fc.property(anyScenario(), (scenario) => {
        const again = read(writeScenario(scenario, BUILT_IN));
        expect(simulate(again).summary.digest).toBe(simulate(scenario).summary.digest);
      }),
      { numRuns: 6, seed: 8 },
    );
  });

  test("without features is calm: one service on equal hosts, nothing but releases", () => {
    fc.assert(
      fc.property(anyScenario({ features: [] }), ({ services, timeline, hazards, cluster }) => {
        expect(services).toHaveLength(1);
        expect(hazards).toHaveLength(0);
        expect(timeline.every(({ action }) => action.kind === "deploy")).toBe(true);
        expect(new Set(cluster.hosts.map(({ cpuMillicores }) => cpuMillicores)).size).toBe(1);
      }),
      { numRuns: 100, seed: 9 },
    );
  });

  test("makes use of every kind of timeline entry", () => {
    const kinds = new Set(
      fc
        .sample(anyScenario(), { numRuns: 400, seed: 10 })
        .flatMap(({ timeline }) => timeline.map(({ action }) => action.kind)),
    );
    expect([...kinds].sort()).toEqual(
      [
        "abort",
        "control-plane",
        "cordon",
        "crash",
        "deploy",
        "drain",
        "kill",
        "partition",
        "pause",
        "promote",
        "registry",
        "resume",
        "rollback",
        "scale",
        "slow",
        "traffic",
        "uncordon",
        "upgrade",
      ].sort(),
    );
  });

  test("has three services, shared budgets, probes that kill, hanging images and held releases now and then", () => {
    const made = fc.sample(anyScenario(), { numRuns: 400, seed: 12 });
    const services = made.flatMap((one) => one.services);
    expect(made.some((one) => one.services.length === 3)).toBe(true);
    expect(made.some(({ budgets }) => (budgets?.[0]?.services.length ?? 0) > 1)).toBe(true);
    expect(services.some(({ liveness, startupProbe }) => liveness !== undefined && startupProbe !== undefined)).toBe(
      true,
    );
    expect(services.some(({ readiness }) => readiness.absent === true)).toBe(true);
    expect(services.some(({ paused }) => paused === true)).toBe(true);
    expect(made.some(({ images }) => images.some(({ hang }) => hang !== undefined))).toBe(true);
  });

  test("where hosts are tight, and only there, a container of one service is larger than one of another", () => {
    const made = fc.sample(anyScenario({ features: ["tight-hosts", "several-services"] }), { numRuns: 100, seed: 15 });
    const sizesOf = ({ services }: (typeof made)[number]) => services.map(({ cpuMillicores }) => cpuMillicores);
    expect(made.some((one) => new Set(sizesOf(one)).size > 1)).toBe(true);
    const leavesRest = ({ cluster, services }: (typeof made)[number]) =>
      services.some(({ memoryBytes }) => (cluster.hosts[0]?.memoryBytes ?? 0) % memoryBytes !== 0);
    expect(made.some(leavesRest)).toBe(true);
    const others = FEATURES.filter((feature) => feature !== "tight-hosts");
    fc.assert(
      fc.property(anyScenario({ features: others }), (one) => sizesOf(one).every((millicores) => millicores === 500)),
      { numRuns: 100, seed: 16 },
    );
  });

  test("begins without a container now and then, mostly to get some later, and not without the feature", () => {
    const made = fc.sample(anyScenario(), { numRuns: 400, seed: 13 });
    const empty = made.filter(({ services }) => services[0]?.replicas === 0);
    const isWoken = ({ timeline }: (typeof made)[number]) =>
      timeline.some(({ action }) => action.kind === "scale" && action.service === "shop" && action.replicas > 0);
    expect(empty.length).toBeGreaterThan(20);
    expect(empty.filter(isWoken).length).toBeGreaterThan(empty.length / 2);
    expect(empty.some(({ timeline }) => timeline.some(({ action }) => action.kind === "deploy"))).toBe(true);
    const others = FEATURES.filter((feature) => feature !== "from-zero");
    fc.assert(
      fc.property(anyScenario({ features: others }), ({ services }) => services.every(({ replicas }) => replicas > 0)),
      { numRuns: 100, seed: 14 },
    );
  });

  test("shrinks to the least that is needed: one crash on one host, and nothing else", () => {
    const hasCrash = fc.property(
      anyScenario({ features: FEATURES }),
      ({ timeline }) => !timeline.some(({ action }) => action.kind === "crash" && action.what === "host"),
    );
    const { counterexample } = fc.check(hasCrash, { numRuns: 500, seed: 11 });
    const [smallest] = counterexample ?? [];
    expect(smallest?.timeline).toEqual([
      {
        index: 0,
        at: 1_000_000,
        every: undefined,
        action: { kind: "crash", what: "host", name: "host", for: 20_000_000 },
      },
    ]);
    expect(smallest?.cluster.hosts).toHaveLength(1);
    expect(smallest?.services.map(({ replicas }) => replicas)).toEqual([1]);
  });
});

describe("a written scenario", () => {
  test("names no default, and fits on a screen when little is special", () => {
    const [scenario] = fc.sample(anyScenario({ features: [] }), { numRuns: 1, seed: 3 });
    const text = scenario === undefined ? "" : writeScenario(scenario, BUILT_IN);
    expect(text).toContain("services:");
    expect(text).not.toContain("gracePeriod");
    expect(text).not.toContain("heartbeat");
    expect(text.split("\n").length).toBeLessThan(30);
  });

  test("is refused where a trace would be needed beside it", () => {
    const [scenario] = fc.sample(anyScenario({ features: [] }), { numRuns: 1, seed: 3 });
    if (scenario === undefined) throw new Error("a sample is made");
    const arrivals = { kind: "replay" as const, times: [1], serviceTimes: undefined };
    const services = scenario.services.map((one) => ({ ...one, traffic: { ...one.traffic, arrivals } }));
    expect(() => writeScenario({ ...scenario, services }, BUILT_IN)).toThrow("arrivals from a file");
  });
});
