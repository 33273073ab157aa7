import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Container, isActive } from "../../../src/cluster/containers.ts";
import { MINUTE, SECOND } from "../../../src/kernel/time.ts";
import { daemonSet } from "../../../src/rollout/strategies/daemonSet.ts";
import { statefulSet } from "../../../src/rollout/strategies/statefulSet.ts";
import type { Strategy } from "../../../src/rollout/strategy.ts";
import { DriverWorld, named, type WorldPart } from "../driverWorld.ts";
import { FakeWorld } from "../fakeWorld.ts";

/** Containers that are not gone. */
function left(world: DriverWorld): Container[] {
  return world.cluster.state.containers.filter(({ phase }) => phase !== "gone");
}

/** `app-0 v1, app-1 v2`: by name. */
function versions(world: DriverWorld): string {
  return left(world)
    .map((container) => `${container.name} ${world.cluster.release(container.release).image.name.slice(4)}`)
    .sort()
    .join(", ");
}

function outcome(world: DriverWorld): string | undefined {
  return world.driver.rolloutsOf(world.service).at(-1)?.outcome;
}

/** Is told after every event of the engine. */
function always(world: DriverWorld, check: () => void): void {
  world.engine.observe(check);
}

describe("a StatefulSet", () => {
  const ordered = (settings: object = {}, part: WorldPart = {}) =>
    new DriverWorld({
      replicas: 4,
      strategy: named({ name: "stateful-set", settings: { ...settings } }),
      ...part,
      service: { workload: "StatefulSet", ...part.service },
    });

  test("numbers its containers from 0", () => {
    expect(versions(ordered())).toBe("app-0 v1, app-1 v1, app-2 v1, app-3 v1");
  });

  test("starts them one after another, each when the one before is ready", () => {
    const world = ordered({}, { initially: "cold" });
    always(world, () => {
      const unready = left(world).filter(({ ready }) => !ready);
      expect(unready.length).toBeLessThanOrEqual(1);
    });
    world.run(60);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v1, app-3 v1");
  });

  test("starts them all at once under Parallel", () => {
    const world = ordered({}, { initially: "cold", service: { podManagement: "Parallel" } });
    world.run(1);
    expect(left(world)).toHaveLength(4);
  });

  test("is updated from the highest ordinal down, one at a time, stopped before started", () => {
    const world = ordered();
    const order: string[] = [];
    world.deploy("app:v2");
    always(world, () => {
      expect(left(world).length).toBeLessThanOrEqual(4);
      expect(left(world).filter(({ ready, deleted }) => ready && !deleted).length).toBeGreaterThanOrEqual(3);
      const names = left(world).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    });
    world.cluster.journal.subscribe((fact) => {
      if (fact.kind === "container-deleted") order.push(fact.container.name);
    });
    world.run(120);
    expect(order).toEqual(["app-3", "app-2", "app-1", "app-0"]);
    expect(outcome(world)).toBe("completed");
    expect(versions(world)).toBe("app-0 v2, app-1 v2, app-2 v2, app-3 v2");
  });

  test("updates only the ordinals from the partition on, and keeps the others' version when they are replaced", () => {
    const world = ordered({ partition: 2 });
    world.deploy("app:v2");
    world.run(120);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v2, app-3 v2");
    expect(outcome(world)).toBe("in-progress");
    const first = left(world).find(({ name }) => name === "app-0");
    if (first !== undefined) world.cluster.deleteContainer(first, 1, "by hand");
    world.run(60);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v2, app-3 v2");
  });

  test("stops at the first container of a version that never gets ready, and the version after that does too", () => {
    const world = ordered({}, { images: [{}, { ready: false }, {}] });
    world.deploy("app:v2");
    world.run(300);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v1, app-3 v2");
    world.deploy("app:v3");
    world.run(300);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v1, app-3 v2");
    const broken = left(world).find(({ name }) => name === "app-3");
    if (broken !== undefined) world.cluster.deleteContainer(broken, 1, "by hand");
    world.run(120);
    expect(versions(world)).toBe("app-0 v3, app-1 v3, app-2 v3, app-3 v3");
    expect(outcome(world)).toBe("completed");
  });

  test("grows at the top and shrinks from the top", () => {
    const world = ordered();
    world.driver.scale(world.service, 6, 1);
    world.run(60);
    expect(left(world).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5]);
    world.driver.scale(world.service, 2, 1);
    world.run(120);
    expect(left(world).map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  });

  test("does not replace a container on a lost host until that is back", () => {
    const world = ordered({}, { hosts: 4 });
    const lost = left(world).find(({ name }) => name === "app-1");
    world.troubles.crashHost(world.cluster.host(lost?.host ?? 0), 1, 20 * MINUTE);
    if (lost !== undefined) world.cluster.deleteContainer(lost, 1, "evicted");
    world.run(10 * 60);
    expect(left(world).filter(({ deleted }) => !deleted)).toHaveLength(3);
    world.run(12 * 60);
    expect(versions(world)).toBe("app-0 v1, app-1 v1, app-2 v1, app-3 v1");
  });
});

describe("a StatefulSet under Parallel", () => {
  test("gets over a version that never gets ready with the next one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(), fc.nat(40), (replicas, seed, steps) => {
        const settings = { podManagementPolicy: "Parallel" };
        const world = new FakeWorld({ strategy: statefulSet as Strategy, settings, replicas, seed });
        world.deploy({ good: false });
        for (let i = 0; i < steps; i++) world.step();
        world.deploy();
        expect(world.play()).toBe("completed");
        expect(world.serving()).toBe(replicas);
      }),
    );
  });
});

describe("a DaemonSet", () => {
  const daemons = (settings: object = {}, part: WorldPart = {}) =>
    new DriverWorld({
      replicas: 1,
      hosts: 4,
      strategy: named({ name: "daemon-set", settings: { ...settings } }),
      ...part,
      service: { workload: "DaemonSet", ...part.service },
    });

  /** Containers by host. */
  const perHost = (world: DriverWorld): number[] =>
    world.cluster.state.hosts.map(({ id }) => left(world).filter((one) => isActive(one) && one.pinned === id).length);

  test("runs one container on every eligible host, whatever number is written", () => {
    expect(perHost(daemons())).toEqual([1, 1, 1, 1]);
    const none = daemons({}, { service: { nodeSelector: { disk: "ssd" } } });
    expect(perHost(none)).toEqual([0, 0, 0, 0]);
  });

  test("runs on a cordoned host too, and waits where there is no room", () => {
    const world = daemons({}, { initially: "cold" });
    world.cluster.setCordoned(world.cluster.host(0), true);
    world.run(30);
    expect(perHost(world)).toEqual([1, 1, 1, 1]);
    const small = daemons({}, { initially: "cold", cpuMillicores: 400 });
    small.run(30);
    expect(left(small).every(({ phase }) => phase === "pending")).toBe(true);
  });

  test("is updated one host after another, and never has two containers on one host", () => {
    const world = daemons();
    world.deploy("app:v2");
    always(world, () => {
      const ready = left(world).filter((one) => one.ready && isActive(one)).length;
      expect(ready).toBeGreaterThanOrEqual(3);
      const hosts = left(world).map(({ pinned }) => pinned);
      expect(new Set(hosts).size).toBe(hosts.length);
    });
    world.run(120);
    expect(outcome(world)).toBe("completed");
    expect(perHost(world)).toEqual([1, 1, 1, 1]);
  });

  test("with a surge never lacks a ready container on any host", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), (hosts, maxSurge) => {
        const world = daemons({ maxSurge, maxUnavailable: 0 }, { hosts });
        world.deploy("app:v2");
        always(world, () => {
          for (const { id } of world.cluster.state.hosts) {
            expect(left(world).some((one) => one.pinned === id && one.ready && isActive(one))).toBe(true);
          }
          expect(left(world).filter(isActive).length).toBeLessThanOrEqual(hosts + maxSurge);
        });
        world.run(180);
        expect(outcome(world)).toBe("completed");
        expect(perHost(world)).toEqual(Array.from({ length: hosts }, () => 1));
      }),
      { numRuns: 12 },
    );
  });

  test("stops at maxUnavailable hosts with a version that never gets ready", () => {
    const world = daemons({ maxUnavailable: 2 }, { images: [{}, { ready: false }] });
    world.deploy("app:v2");
    world.run(300);
    expect(world.counts()).toEqual({ "app:v1": 2, "app:v2": 2 });
    expect(world.serving()).toBe(2);
  });

  test("refuses limits that are both 0, or both above", () => {
    expect(() => daemonSet.settings?.parse({ maxUnavailable: 0 })).toThrow(/one of maxUnavailable and maxSurge/);
    expect(() => daemonSet.settings?.parse({ maxSurge: 1 })).toThrow(/one of maxUnavailable and maxSurge/);
  });
});

describe("updates that wait for a deletion", () => {
  test("replace nothing by themselves, and a lost container by the new version", () => {
    const world = new DriverWorld({ replicas: 3, strategy: "on-delete", service: { workload: "ReplicaSet" } });
    world.deploy("app:v2");
    world.run(60);
    expect(world.counts()).toEqual({ "app:v1": 3 });
    for (const [place, expected] of [
      { "app:v1": 2, "app:v2": 1 },
      { "app:v1": 1, "app:v2": 2 },
      { "app:v2": 3 },
    ].entries()) {
      const oldest = left(world).find(
        (one) => isActive(one) && world.cluster.release(one.release).image.name === "app:v1",
      );
      if (oldest !== undefined) world.cluster.deleteContainer(oldest, 1, "by hand");
      world.run(60);
      expect(world.counts(), `after ${place + 1}`).toEqual(expected);
    }
    expect(outcome(world)).toBe("completed");
  });
});

describe("a bare Pod", () => {
  test("is restarted where it is, but never replaced", () => {
    const world = new DriverWorld({ replicas: 1, strategy: "recreate", service: { workload: "Pod" } });
    const [pod] = left(world);
    if (pod === undefined) throw new Error("there is a container");
    world.agent.crash(pod, 1);
    world.run(30);
    expect(pod.ready).toBe(true);
    world.cluster.deleteContainer(pod, 1, "evicted");
    world.run((10 * MINUTE) / SECOND);
    expect(left(world)).toEqual([]);
  });
});
