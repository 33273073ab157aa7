import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Strategy } from "../../src/rollout/strategy.ts";
import type { Scheduler } from "../../src/scheduling/framework.ts";
import { BUILT_IN, type Plugin, withPlugins } from "../../src/simulation/catalogue.ts";
import { anyScenario } from "../../src/testkit/arbitraries/anyScenario.ts";
import { checkScenario } from "../../src/testkit/checkScenario.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { schedulerProperty, strategyProperty } from "../../src/testkit/properties.ts";
import { deploy, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const strategy = (plan: Strategy["plan"]): Strategy => ({ kind: "strategy", name: "mine", describe: "", plan });
const scheduler = (place: Scheduler["place"]): Scheduler => ({ kind: "scheduler", name: "mine", describe: "", place });

/** Goes round the hosts, and keeps its place outside of the run. */
function counting(): Scheduler {
  let calls = 0;
  return scheduler((_request, { hosts }) => ({ kind: "fits", host: calls++ % hosts.length, scores: [] }));
}

/** A release by `mine`, on a cluster where `mine` places if it is a scheduler. */
function checkPlugin(plugin: Plugin) {
  const named = { name: "mine", settings: {} };
  const base = scenario({ duration: 60_000_000, timeline: timeline([10, deploy("shop:v2")]) });
  const run =
    plugin.kind === "strategy"
      ? { ...base, services: [service({ strategy: named })] }
      : { ...base, cluster: { ...base.cluster, scheduler: named } };
  return checkScenario(run, { catalogue: withPlugins(BUILT_IN, [plugin]), stepBudget: 30_000 });
}

describe("a check", () => {
  test("finds nothing wrong with the built-in parts", () => {
    fc.assert(
      fc.property(anyScenario(), (one) => {
        const violation = checkScenario(one, { invariants: INVARIANTS.filter(({ needsRuns }) => needsRuns !== true) });
        expect(violation?.message).toBeUndefined();
      }),
      { numRuns: 60, seed: 20_261_123 },
    );
  });

  test("does not change the run that it watches, and gives the same answer twice", () => {
    const one = scenario({ timeline: timeline([30, deploy("shop:v2")]) });
    expect(checkScenario(one)).toBeUndefined();
    const bad = strategy(({ previous }) => ({ scale: previous.map(({ id }) => ({ release: id, desired: 0 })) }));
    expect(checkPlugin(bad)).toEqual(checkPlugin(bad));
  });

  test("tells at most seven frames, in order of time, of which the last is the violation", () => {
    const bad = strategy(({ previous }) => ({ scale: previous.map(({ id }) => ({ release: id, desired: 0 })) }));
    const violation = checkPlugin(bad);
    expect(violation?.invariant).toBe("last-capacity-kept");
    expect(violation?.story.length).toBeLessThanOrEqual(7);
    const times = violation?.story.map(({ at }) => at) ?? [];
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(violation?.story.at(-1)?.text).toBe(violation?.message);
    expect(violation?.story.at(-2)?.text).toContain("mine saw 5 replicas wanted");
  });

  const counter = { calls: 0 };
  test.each([
    {
      what: "a strategy that throws",
      misdeed: "plug-in-throws",
      plugin: strategy(() => {
        throw new Error("no idea");
      }),
    },
    {
      what: "a scheduler that throws",
      misdeed: "plug-in-throws",
      plugin: scheduler(() => {
        throw new Error("no idea");
      }),
    },
    {
      what: "a strategy that changes its view",
      misdeed: "plug-in-mutates-its-view",
      plugin: strategy(({ next }) => {
        (next as { desired: number }).desired = 3;
        return {};
      }),
    },
    {
      what: "a scheduler that takes resources itself",
      misdeed: "plug-in-mutates-its-view",
      plugin: scheduler((_request, { hosts }) => {
        (hosts[0] as { freeMillicores: number }).freeMillicores -= 500;
        return { kind: "fits", host: 0, scores: [] };
      }),
    },
    {
      what: "a strategy that throws dice",
      misdeed: "plug-in-draws-ambient-chance",
      plugin: strategy(({ next }) => ({ scale: [{ release: next.id, desired: Math.floor(Math.random() * 5) }] })),
    },
    {
      what: "a strategy that looks at the clock on the wall",
      misdeed: "plug-in-draws-ambient-chance",
      plugin: strategy(() => ({ note: String(Date.now()) })),
    },
    {
      what: "a strategy that counts its calls",
      misdeed: "plug-in-draws-ambient-chance",
      plugin: strategy(() => ({ note: `call ${counter.calls++}` })),
    },
    {
      what: "a strategy that never settles",
      misdeed: "plug-in-hangs",
      plugin: strategy(({ next }) => ({
        scale: [{ release: next.id, desired: next.desired === 1 ? 2 : 1 }],
        wakeAfter: 1,
      })),
    },
    {
      what: "a strategy that names a release it was not shown",
      misdeed: "plug-in-answers-nonsense",
      plugin: strategy(() => ({ scale: [{ release: 99, desired: 1 }] })),
    },
    {
      what: "a strategy that wakes itself for ever while nothing changes",
      misdeed: "plug-in-hangs",
      plugin: strategy(() => ({ wakeAfter: 1 })),
    },
    {
      what: "a strategy whose state grows with every look",
      misdeed: "looks-do-not-count",
      plugin: strategy(({ now, state }) => ({ wakeAfter: 5_000_000, state: [...((state ?? []) as number[]), now] })),
    },
    {
      what: "a scheduler that counts its questions",
      misdeed: "plug-in-draws-ambient-chance",
      plugin: counting(),
    },
    {
      what: "a scheduler that changes a map of the snapshot",
      misdeed: "plug-in-mutates-its-view",
      plugin: scheduler(({ service }, snapshot) => {
        (snapshot.countsOf(service.name) as Map<number, number>).set(0, 1);
        return { kind: "fits", host: 0, scores: [] };
      }),
    },
    {
      what: "a strategy that is async, and fails",
      misdeed: "plug-in-answers-nonsense",
      plugin: strategy((async () => Promise.reject(new Error("late"))) as never),
    },
    {
      what: "a scheduler that is async, and fails",
      misdeed: "plug-in-answers-nonsense",
      plugin: scheduler((async () => Promise.reject(new Error("late"))) as never),
    },
    {
      what: "a scheduler that names a host that does not exist",
      misdeed: "plug-in-answers-nonsense",
      plugin: scheduler(() => ({ kind: "fits", host: 99, scores: [] })),
    },
  ])("names $what: $misdeed", ({ plugin, misdeed }) => {
    expect(checkPlugin(plugin)?.invariant).toBe(misdeed);
  });

  test("takes a strategy at its word that nobody is served for a while", () => {
    const stopsAll = strategy(({ previous, next, replicas }) => {
      const isEmpty = previous.every(({ existing, terminating }) => existing + terminating === 0);
      const old = previous.map(({ id }) => ({ release: id, desired: 0 }));
      const scale = [...old, { release: next.id, desired: isEmpty ? replicas : 0 }];
      return { receiving: "all", scale, ...(next.available >= replicas ? { outcome: "completed" as const } : {}) };
    });
    expect(checkPlugin(stopsAll)?.invariant).toBe("last-capacity-kept");
    expect(checkPlugin({ ...stopsAll, closes: true })?.message).toBeUndefined();
  });

  test("tells the event in which a plug-in threw, which nobody saw the end of", () => {
    const throws = strategy(() => {
      throw new Error("always");
    });
    expect(checkPlugin(throws)?.event).toBe("rollout-sync");
  });

  test("gives chance and clocks back when the plug-in has answered", () => {
    checkPlugin(strategy(() => ({ note: String(Date.now()) })));
    expect(Date.now()).toBeGreaterThan(0);
    expect(new Date(0).getTime()).toBe(0);
    expect(Math.random()).toBeLessThan(1);
    expect(performance.now()).toBeGreaterThan(0);
  });
});

describe("a property of one's own", () => {
  test("scheduler fails with a scenario file and the story", () => {
    const firstHost = scheduler((_request, _snapshot) => ({ kind: "fits", host: 0, scores: [] }));
    const details = fc.check(schedulerProperty(firstHost), { numRuns: 300, seed: 1 });
    expect(details.failed).toBe(true);
    expect(String(details.errorInstance)).toMatch(/capacity-never-exceeded|open-hosts-only|required-spread|taints/);
    expect(String(details.errorInstance)).toContain("scheduler: mine");
  });

  test("strategy holds where it only waits, and is not asked to end", () => {
    const waits = strategy(() => ({}));
    const invariants = INVARIANTS.filter(({ name }) => ["never-above-surge", "requests-conserved"].includes(name));
    fc.assert(strategyProperty(waits, { invariants }), { numRuns: 20, seed: 1 });
  });
});
