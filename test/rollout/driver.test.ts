import { describe, expect, test } from "vitest";
import { copy } from "../../src/kernel/copy.ts";
import { PluginError } from "../../src/kernel/errors.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { deploymentProgressing } from "../../src/rollout/deploymentStatus.ts";
import type { RolloutRow } from "../../src/rollout/rolloutState.ts";
import type { RolloutView, Signals, Strategy } from "../../src/rollout/strategy.ts";
import { DriverWorld } from "./driverWorld.ts";

function last(world: DriverWorld): RolloutRow {
  const row = world.driver.rolloutsOf(world.service).at(-1);
  if (row === undefined) throw new Error("there was a rollout");
  return row;
}

function notes(world: DriverWorld): string[] {
  return last(world).steps.map(({ note }) => note);
}

describe("RolloutDriver", () => {
  test.each([
    { strategy: "rolling", peak: 7, fewest: 4, within: 60 },
    { strategy: "recreate", peak: 5, fewest: 0, within: 30 },
    { strategy: "blue-green", peak: 10, fewest: 5, within: 90 },
    { strategy: "maintenance", peak: 5, fewest: 0, within: 90 },
    { strategy: "by-hand", peak: 5, fewest: 4, within: 700 },
  ])("$strategy brings 5 containers to the new version, peaking at $peak and never below $fewest available", (row) => {
    const world = new DriverWorld({ strategy: row.strategy });
    expect(world.deploy("app:v2")).toBe("begun");
    world.run(row.within);
    expect(last(world)).toMatchObject({
      from: "app:v1",
      to: "app:v2",
      strategy: row.strategy,
      reason: "deploy",
      outcome: "completed",
      peakContainers: row.peak,
      minAvailable: row.fewest,
    });
    expect(world.counts()).toEqual({ "app:v2": 5 });
    expect(world.serving()).toBe(5);
  });

  test.each([
    { strategy: "rolling", overlaps: true },
    { strategy: "by-hand", overlaps: true },
    { strategy: "recreate", overlaps: false },
    { strategy: "maintenance", overlaps: false },
    { strategy: "blue-green", overlaps: false },
  ])("with $strategy both versions serve at the same time: $overlaps", ({ strategy, overlaps }) => {
    const world = new DriverWorld({ strategy });
    world.deploy("app:v2");
    world.run(800);
    expect(last(world).outcome).toBe("completed");
    expect(last(world).overlap > 0).toBe(overlaps);
  });

  test("measures the overlap of a rollout from the first ready new container to the last receiving old one", () => {
    const world = new DriverWorld({ strategy: "rolling" });
    world.deploy("app:v2");
    world.run(120);
    const of = (kind: string, image: string) =>
      world.facts.flatMap(({ at, fact }) =>
        fact.kind === kind && "container" in fact && world.cluster.release(fact.container.release).image.name === image
          ? [at]
          : [],
      );
    const firstReady = Math.min(...of("container-ready", "app:v2"));
    const lastDeleted = Math.max(...of("container-deleted", "app:v1"));
    expect(last(world).overlap).toBe(lastDeleted - firstReady);
  });

  test("reacts after the controller's delay, not at once", () => {
    const world = new DriverWorld();
    const before = world.engine.now;
    world.deploy("app:v2");
    world.run(1);
    const scaled = world.facts.find(({ at, fact }) => at >= before && fact.kind === "desired-changed");
    expect(scaled?.at).toBe(before + 50_000);
  });

  test("does nothing when the image is already in force or on its way in", () => {
    const world = new DriverWorld();
    expect(world.deploy("app:v1")).toBe("already-current");
    world.deploy("app:v2");
    world.run(1);
    expect(world.deploy("app:v2")).toBe("already-current");
    expect(world.driver.rolloutsOf(world.service)).toHaveLength(1);
  });

  test.each(["rolling", "recreate", "blue-green", "maintenance", "by-hand"])(
    "%s: a deploy on top of another supersedes it, and the third version alone remains",
    (strategy) => {
      for (const after of [0.01, 0.2, 3, 5, 20]) {
        const world = new DriverWorld({ strategy });
        world.deploy("app:v2");
        world.run(after);
        world.deploy("app:v3");
        world.run(1200);
        const outcomes = world.driver.rolloutsOf(world.service).map(({ outcome }) => outcome);
        expect(outcomes.at(-1)).toBe("completed");
        if (outcomes[0] !== "completed") expect(outcomes).toEqual(["superseded", "completed"]);
        expect(world.counts()).toEqual({ "app:v3": 5 });
        expect(world.serving()).toBe(5);
      }
    },
  );

  test("rolls back to the image before, and takes up its release where that is still there", () => {
    const world = new DriverWorld({ strategy: { name: "blue-green", settings: { scaleDownDelay: "10m" } } });
    const first = world.service.current;
    world.deploy("app:v2");
    world.run(20);
    expect(world.service.receiving).toEqual([world.service.current]);
    expect(world.driver.rollback(world.service, world.root("rollback"))).toBe("begun");
    expect(world.service.current).toBe(first);
    world.run(1);
    expect(world.service.receiving).toEqual([first]);
    expect(world.cluster.release(first).revision).toBe(3);
    world.run(1200);
    expect(last(world)).toMatchObject({ from: "app:v2", to: "app:v1", reason: "rollback", outcome: "completed" });
    expect(world.counts()).toEqual({ "app:v1": 5 });
  });

  test("a second rollback undoes the first, as in Kubernetes", () => {
    const world = new DriverWorld();
    world.deploy("app:v2");
    world.run(120);
    world.driver.rollback(world.service, 0);
    world.run(120);
    world.driver.rollback(world.service, 0);
    world.run(120);
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("has nothing to roll back to before the first deploy", () => {
    const world = new DriverWorld();
    expect(world.driver.rollback(world.service, 0)).toBe("nothing-to-roll-back-to");
  });

  test("blue-green goes back by itself when too many answers fail, and the old release is in force again", () => {
    const signals = new Map<number, Signals>();
    const world = new DriverWorld({ strategy: "blue-green", signals });
    world.deploy("app:v2");
    world.run(10);
    signals.set(1, { succeeded: 80, failed: 20 });
    world.run(6);
    expect(world.service.receiving).toEqual([0]);
    world.run(60);
    expect(last(world).outcome).toBe("rolled-back");
    expect(notes(world)).toContain("app:v2 is bad: 20 of 100 answers failed");
    expect(world.counts()).toEqual({ "app:v1": 5 });
    expect(world.cluster.release(world.service.current).image.name).toBe("app:v1");
    world.driver.scale(world.service, 7, 0);
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 7 });
    expect(world.driver.rollback(world.service, 0)).toBe("nothing-to-roll-back-to");
    expect(world.deploy("app:v2")).toBe("begun");
  });

  test("a version that never gets ready leaves the old one serving, is stuck, and yields to the next deploy", () => {
    const world = new DriverWorld({ images: [{}, { ready: false }] });
    world.deploy("app:v2");
    world.run(599);
    expect(last(world).outcome).toBe("in-progress");
    world.run(60);
    expect(last(world)).toMatchObject({ outcome: "stuck", endedAt: undefined });
    expect(notes(world).at(-1)).toBe("stuck: no progress for 10m");
    expect(world.serving()).toBe(4);
    world.deploy("app:v3");
    world.run(60);
    expect(last(world).outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v3": 5 });
  });

  test("a stuck rollout goes on by itself when what held it up is gone", () => {
    const strategy = { name: "rolling", settings: { progressDeadlineSeconds: 30 } };
    const world = new DriverWorld({ strategy, hosts: 5, cpuMillicores: 500 });
    world.troubles.registryDown(2 * MINUTE);
    world.deploy("app:v2");
    world.run(60);
    expect(last(world).outcome).toBe("stuck");
    world.run(600);
    expect(last(world).outcome).toBe("completed");
  });

  test("says that the surge has no place, and why, and goes on when there is one", () => {
    const strategy = { name: "rolling", settings: { maxSurge: 2, maxUnavailable: 0 } };
    const world = new DriverWorld({ strategy, hosts: 5, cpuMillicores: 600 });
    world.deploy("app:v2");
    world.run(300);
    expect(last(world).outcome).toBe("in-progress");
    expect(notes(world)).toContain("waits: 2 of app:v2 have no place (5 Insufficient cpu)");
    expect(notes(world).filter((note) => note.startsWith("waits: 2"))).toHaveLength(1);
    expect(world.serving()).toBe(5);
    world.driver.scale(world.service, 2, 0);
    world.run(300);
    expect(last(world).outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v2": 2 });
  });

  test("follows a change of the wanted number without a rollout, and in the middle of one", () => {
    const world = new DriverWorld();
    world.driver.scale(world.service, 8, world.root("scale"));
    world.run(30);
    expect(world.counts()).toEqual({ "app:v1": 8 });
    world.deploy("app:v2");
    world.run(2);
    world.driver.scale(world.service, 3, world.root("scale"));
    world.run(120);
    expect(last(world).outcome).toBe("completed");
    expect(world.counts()).toEqual({ "app:v2": 3 });
  });

  test("stands still while the control plane is down, and goes on when it is back", () => {
    const world = new DriverWorld();
    world.troubles.controlPlaneDown(undefined);
    world.deploy("app:v2");
    world.run(120);
    expect(world.counts()).toEqual({ "app:v1": 5 });
    const restored = new DriverWorld();
    restored.deploy("app:v2");
    restored.run(3);
    restored.troubles.controlPlaneDown(60 * SECOND);
    const before = restored.cluster.state.releases.map(({ desired }) => desired);
    restored.run(59);
    expect(restored.cluster.state.releases.map(({ desired }) => desired)).toEqual(before);
    restored.run(60);
    expect(last(restored).outcome).toBe("completed");
  });

  test("waits until containers have been ready for minReadySeconds before it goes on", () => {
    const strategy = { name: "rolling", settings: { minReadySeconds: 20 } };
    const world = new DriverWorld({ strategy });
    world.run(30);
    world.deploy("app:v2");
    world.run(20);
    expect(world.counts()["app:v1"]).toBe(4);
    world.run(200);
    expect(last(world)).toMatchObject({ outcome: "completed", minAvailable: 4, peakContainers: 7 });
  });

  test("remembers the fewest available containers, though they came back before the rollout ended", () => {
    const world = new DriverWorld({ strategy: "blue-green" });
    world.deploy("app:v2");
    world.run(1);
    for (const container of world.cluster.activeOf(world.cluster.release(0)).slice(0, 3))
      world.agent.crash(container, 0);
    world.run(120);
    expect(last(world)).toMatchObject({ outcome: "completed", minAvailable: 2 });
    expect(world.serving()).toBe(5);
  });

  test("announces when a rollout began, each step, and how it ended", () => {
    const world = new DriverWorld();
    world.deploy("app:v2");
    world.run(120);
    const kinds = world.facts.flatMap(({ fact }) => (fact.kind.startsWith("rollout-") ? [fact.kind] : []));
    expect(kinds[0]).toBe("rollout-began");
    expect(kinds.at(-1)).toBe("rollout-ended");
    expect(kinds.filter((kind) => kind === "rollout-step")).toHaveLength(last(world).steps.length);
    expect(notes(world)[0]).toBe("app:v2 0 → 2");
  });

  test("promote lets a rollout go on that waits for a person", () => {
    const world = new DriverWorld({ strategy: { name: "blue-green", settings: { autoPromotion: false } } });
    world.deploy("app:v2");
    world.run(900);
    expect(world.service.receiving).toEqual([0]);
    expect(last(world).outcome).toBe("in-progress");
    world.driver.promote(world.service);
    world.run(1);
    expect(world.service.receiving).toEqual([1]);
  });

  test("goes on to the same end from a copy of everything taken at any moment", () => {
    const world = new DriverWorld({ strategy: "blue-green" });
    world.deploy("app:v2");
    for (const moment of [0.02, 1, 3, 30]) {
      world.run(moment);
      const saved = copy(world.driver.state);
      expect(saved).toEqual(world.driver.state);
      expect(saved[0]?.active?.row).toBe(saved[0]?.history.at(-1));
      world.driver.state = saved;
    }
    world.run(120);
    expect(last(world).outcome).toBe("completed");
  });
});

describe("RolloutDriver with a person", () => {
  const strategy = { name: "by-hand", settings: { act: "1m", notice: "5m" } };

  test("does one thing a minute: five stops and five starts take at least ten", () => {
    const world = new DriverWorld({ strategy });
    const began = world.engine.now;
    world.deploy("app:v2");
    world.run(660);
    expect(world.counts()).toEqual({ "app:v2": 5 });
    world.run(30);
    expect((last(world).endedAt ?? 0) - began).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(last(world).steps).toHaveLength(10);
  });

  test("is not looked after by the orchestrator, and says how long the person takes", () => {
    const world = new DriverWorld({ strategy });
    expect(world.service.orchestrated).toBe(false);
    expect(world.driver.paceOf(world.service)).toEqual({ notice: 5 * MINUTE, act: MINUTE });
    expect(new DriverWorld().service.orchestrated).toBe(true);
  });

  test("starts a cold service one container after the other", () => {
    const world = new DriverWorld({ strategy, initially: "cold" });
    world.run(150);
    expect(world.counts()).toEqual({ "app:v1": 2 });
    world.run(600);
    expect(world.counts()).toEqual({ "app:v1": 5 });
    expect(last(world)).toMatchObject({ from: "(nothing)", to: "app:v1", outcome: "completed" });
  });

  test("grows and shrinks a service by one container a minute", () => {
    const world = new DriverWorld({ strategy });
    world.driver.scale(world.service, 8, 0);
    world.run(130);
    expect(world.counts()).toEqual({ "app:v1": 7 });
    world.driver.scale(world.service, 6, 0);
    world.run(300);
    expect(world.counts()).toEqual({ "app:v1": 6 });
  });

  test("has one pair of hands: who is busy elsewhere begins later", () => {
    const world = new DriverWorld({ strategy });
    world.cluster.state.personBusyUntil = world.engine.now + 5 * MINUTE;
    world.deploy("app:v2");
    world.run(359);
    expect(world.counts()).toEqual({ "app:v1": 5 });
    world.run(5);
    expect(world.counts()).toEqual({ "app:v1": 4 });
  });
});

describe("what a strategy sees", () => {
  function watching(): { strategy: Strategy; views: RolloutView[] } {
    const views: RolloutView[] = [];
    const plan: Strategy["plan"] = (view) => {
      views.push(view);
      return { scale: [{ release: view.next.id, desired: 3 }] };
    };
    return { strategy: { kind: "strategy", name: "mine", describe: "only watches", plan }, views };
  }

  test("containers without a place are pending and unschedulable", () => {
    const { strategy, views } = watching();
    const world = new DriverWorld({ strategy: "mine", plugins: [strategy], cpuMillicores: 1_000, hosts: 3 });
    world.deploy("app:v2");
    world.run(30);
    expect(views.at(-1)?.next).toMatchObject({ desired: 3, existing: 3, ready: 1, pending: 2, unschedulable: 2 });
    expect(views.at(-1)?.previous).toMatchObject([
      { image: "app:v1", desired: 5, existing: 5, ready: 5, receiving: true },
    ]);
  });

  test("a container that crashed exists, but is not ready", () => {
    const { strategy, views } = watching();
    const world = new DriverWorld({ strategy: "mine", plugins: [strategy] });
    world.deploy("app:v2");
    world.run(30);
    const [victim] = world.cluster.activeOf(world.cluster.release(1));
    if (victim === undefined) throw new Error("there is a new container");
    world.agent.crash(victim, 0);
    world.run(5);
    world.agent.crash(victim, 0);
    world.run(1);
    expect(views.at(-1)?.next).toMatchObject({ existing: 3, ready: 2, available: 2, crashing: 1 });
  });

  test("a container that was told to stop is terminating and no longer exists", () => {
    const { strategy, views } = watching();
    const world = new DriverWorld({ strategy: "mine", plugins: [strategy] });
    world.deploy("app:v2");
    world.run(30);
    const [victim] = world.cluster.activeOf(world.cluster.release(0));
    if (victim === undefined) throw new Error("there is an old container");
    world.cluster.deleteContainer(victim, 0, "test");
    world.run(1);
    expect(views.at(-1)?.previous[0]).toMatchObject({ existing: 5, terminating: 1 });
  });

  test("progress is more updated, ready or available containers, or fewer old ones; nothing else", () => {
    const before = { updated: 3, replicas: 7, ready: 6, available: 5 };
    expect(deploymentProgressing(before, before)).toBe(false);
    expect(deploymentProgressing(before, { updated: 2, replicas: 7, ready: 5, available: 4 })).toBe(false);
    expect(deploymentProgressing(before, { ...before, updated: 4, ready: 1 })).toBe(true);
    expect(deploymentProgressing(before, { ...before, replicas: 6 })).toBe(true);
    expect(deploymentProgressing(before, { ...before, ready: 7 })).toBe(true);
    expect(deploymentProgressing(before, { ...before, available: 6 })).toBe(true);
  });
});

describe("strategies from outside", () => {
  function plugin(plan: (view: Parameters<Strategy["plan"]>[0]) => unknown): Strategy {
    return { kind: "strategy", name: "mine", describe: "a test's own", plan: plan as Strategy["plan"] };
  }

  test("a plug-in of a few lines carries a rollout out", () => {
    const mine = plugin(({ next, previous, replicas }) => {
      const done = next.available >= replicas && previous.every(({ existing }) => existing === 0);
      const old = next.available >= replicas ? previous.map(({ id }) => ({ release: id, desired: 0 })) : [];
      return { scale: [{ release: next.id, desired: replicas }, ...old], outcome: done ? "completed" : undefined };
    });
    const world = new DriverWorld({ strategy: "mine", plugins: [mine] });
    world.deploy("app:v2");
    world.run(120);
    expect(last(world)).toMatchObject({ outcome: "completed", strategy: "mine" });
    expect(world.counts()).toEqual({ "app:v2": 5 });
  });

  test("one that never makes up its mind is named, instead of running for ever", () => {
    const mine = plugin(({ next }) => ({ scale: [{ release: next.id, desired: next.desired === 1 ? 2 : 1 }] }));
    const world = new DriverWorld({ strategy: "mine", plugins: [mine], reaction: 0 });
    world.deploy("app:v2");
    expect(() => world.run(10)).toThrow(/"mine" changes its plan for ever/);
  });

  test.each([
    { wrong: "throws", plan: () => JSON.parse("{"), message: /strategy "mine" threw in plan: / },
    { wrong: "answers nothing", plan: () => undefined, message: /its plan is undefined; expected an object/ },
    { wrong: "answers a number", plan: () => 3, message: /its plan is 3/ },
    { wrong: "is async", plan: async () => ({}), message: /its plan is a promise; expected the plan itself/ },
    {
      wrong: "has a field of another name",
      plan: () => ({ recieving: "all" }),
      message: /its plan has "recieving", which no plan has; expected scale, receiving/,
    },
    {
      wrong: "wants NaN",
      plan: () => ({ scale: [{ release: 1, desired: Number.NaN }] }),
      message: /wants NaN containers/,
    },
    { wrong: "wants −1", plan: () => ({ scale: [{ release: 1, desired: -1 }] }), message: /wants -1 containers/ },
    { wrong: "wants a half", plan: () => ({ scale: [{ release: 1, desired: 0.5 }] }), message: /wants 0.5 containers/ },
    {
      wrong: "names no release",
      plan: () => ({ scale: [{ release: 9, desired: 1 }] }),
      message: /release 9, which is not in/,
    },
    { wrong: "gives a map", plan: () => ({ scale: { 1: 5 } }), message: /has scale an object; expected a list/ },
    { wrong: "gives a list of null", plan: () => ({ scale: [null] }), message: /scales release undefined/ },
    { wrong: "sends traffic nowhere known", plan: () => ({ receiving: [7] }), message: /has receiving \[7\]/ },
    { wrong: "invents an outcome", plan: () => ({ outcome: "done" }), message: /has outcome "done"/ },
    { wrong: "never sleeps", plan: () => ({ wakeAfter: 0 }), message: /has wakeAfter 0/ },
    {
      wrong: "sleeps for ever",
      plan: () => ({ wakeAfter: Number.POSITIVE_INFINITY }),
      message: /has wakeAfter Infinity/,
    },
    { wrong: "notes a number", plan: () => ({ note: 5 }), message: /has note 5; expected a text/ },
    { wrong: "keeps a function", plan: () => ({ state: { f: () => 1 } }), message: /state that is not plain data/ },
    {
      wrong: "completes too early",
      plan: () => ({ outcome: "completed" }),
      message: /leaves 5 containers of app:v1 wanted/,
    },
  ])("one that $wrong is named in a PluginError", ({ plan, message }) => {
    const world = new DriverWorld({ strategy: "mine", plugins: [plugin(plan)] });
    world.deploy("app:v2");
    expect(() => world.run(10)).toThrow(PluginError);
    const again = new DriverWorld({ strategy: "mine", plugins: [plugin(plan)] });
    again.deploy("app:v2");
    expect(() => again.run(10)).toThrow(message);
  });

  test("unknown names and refused settings are told with what was expected", () => {
    const world = new DriverWorld();
    expect(() => world.deploy("app:v2", "rollling")).toThrow(
      /no strategy "rollling"; expected one of rolling, recreate/,
    );
    expect(() => world.deploy("app:v2", { name: "rolling", settings: { maxSurge: "many" } })).toThrow(/maxSurge: /);
    const mine = new DriverWorld({ plugins: [plugin(() => ({}))] });
    expect(() => mine.deploy("app:v2", { name: "mine", settings: { x: 1 } })).toThrow(
      /"mine" takes no settings; found "x"/,
    );
    expect(world.driver.rolloutsOf(world.service)).toHaveLength(0);
  });

  test("a strategy operated by a person that wants everything at once is done one act at a time", () => {
    const mine: Strategy = {
      ...plugin(({ next, previous, replicas }) => ({
        scale: [{ release: next.id, desired: replicas }, ...previous.map(({ id }) => ({ release: id, desired: 0 }))],
      })),
      operatedBy: "person",
      pace: () => ({ notice: 0, act: 10 * SECOND }),
    };
    const world = new DriverWorld({ strategy: "mine", plugins: [mine] });
    world.deploy("app:v2");
    world.run(25);
    expect(world.counts()).toEqual({ "app:v1": 5, "app:v2": 2 });
  });
});
