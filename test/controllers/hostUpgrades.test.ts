import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUp } from "../../src/cluster/hosts.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { atLeast, DrainWorld } from "./drainWorld.ts";

function upgraded(part: { hosts: number; replicas: number; least: number; maxUnavailable: number; length: number }) {
  const budget = atLeast(part.least);
  const world = new DrainWorld({
    hosts: part.hosts,
    services: [{ replicas: part.replicas, budget, cpuMillicores: 100 }],
  });
  world.run(MINUTE);
  world.watch();
  world.at(2 * MINUTE, () =>
    world.upgrades.upgrade({
      hosts: world.cluster.state.hosts,
      maxUnavailable: part.maxUnavailable,
      length: part.length,
      root: 1,
    }),
  );
  return world;
}

describe("an upgrade of hosts", () => {
  test("drains, takes down, brings back and opens one after another", () => {
    const world = upgraded({ hosts: 2, replicas: 2, least: 1, maxUnavailable: 1, length: 30 * SECOND });
    world.run(30 * MINUTE);
    expect(world.upgrades.isUnderWay()).toBe(false);
    const kinds = (name: string) => world.storyOf(name).map((line) => line.split(" ")[1]);
    expect(kinds("host-1")).toEqual(["cordoned", "drained", "down", "up", "uncordoned"]);
    expect(kinds("host-2")).toEqual(["cordoned", "drained", "down", "up", "uncordoned"]);
    expect(world.ready()).toBe(2);
  });

  test("never has more hosts out at once than told, and never fewer ready containers than the budget says", () => {
    const anyUpgrade = fc.record({
      hosts: fc.integer({ min: 2, max: 5 }),
      replicas: fc.integer({ min: 2, max: 8 }),
      maxUnavailable: fc.integer({ min: 1, max: 3 }),
      length: fc.constantFrom(20 * SECOND, 3 * MINUTE),
    });
    fc.assert(
      fc.property(anyUpgrade, (part) => {
        const maxUnavailable = Math.min(part.maxUnavailable, part.hosts - 1);
        const least = part.replicas - 1;
        const world = upgraded({ ...part, least, maxUnavailable });
        let most = 0;
        world.cluster.journal.subscribe(() => {
          most = Math.max(most, world.cluster.state.hosts.filter((host) => host.cordoned || !isUp(host)).length);
        });
        world.run(120 * MINUTE);
        expect(world.upgrades.isUnderWay()).toBe(false);
        expect(most).toBeLessThanOrEqual(maxUnavailable);
        expect(world.fewestReady).toBeGreaterThanOrEqual(least);
        expect(world.ready()).toBe(part.replicas);
        expect(world.cluster.state.hosts.every((host) => !host.cordoned && isUp(host))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("opens a host that was down for long only when the control plane sees it again", () => {
    const world = upgraded({ hosts: 2, replicas: 1, least: 0, maxUnavailable: 1, length: 3 * MINUTE });
    world.run(6 * MINUTE);
    const story = world.storyOf("host-1").map((line) => line.split(" ")[1]);
    expect(story).toEqual(["cordoned", "drained", "down", "unreachable", "up", "reachable", "uncordoned"]);
  });

  test("is stopped by a budget that has none to spare", () => {
    const world = upgraded({ hosts: 3, replicas: 3, least: 3, maxUnavailable: 1, length: MINUTE });
    world.run(300 * MINUTE);
    expect(world.upgrades.isUnderWay()).toBe(true);
    expect(world.fewestReady).toBe(3);
    expect(world.cluster.state.hosts.filter(({ cordoned }) => cordoned)).toHaveLength(1);
  });
});
