import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { atLeast, DrainWorld } from "./drainWorld.ts";

describe("a drain", () => {
  test("cordons the host, moves everything elsewhere, and is over when the last one is gone", () => {
    const world = new DrainWorld({ hosts: 3, services: [{ replicas: 6 }] });
    world.run(MINUTE);
    expect(world.on("host-1")).toBe(2);
    world.busy = true;
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1));
    world.run(2 * MINUTE + 20 * SECOND);
    expect(world.on("host-1")).toBe(0);
    expect(world.drains.isDraining(world.host("host-1"))).toBe(true);
    world.run(3 * MINUTE);
    expect(world.storyOf("host-1")).toEqual(["120s cordoned", "150s drained"]);
    expect(world.ready()).toBe(6);
    expect(world.on("host-1")).toBe(0);
  });

  test("never takes more than the budget spares, and tries again every five seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), (replicas, least) => {
        const world = new DrainWorld({ hosts: 2, services: [{ replicas, budget: atLeast(least) }] });
        world.run(MINUTE);
        world.watch();
        const before = world.on("host-1");
        world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1));
        world.run(10 * MINUTE);
        expect(world.fewestReady).toBeGreaterThanOrEqual(Math.min(least, replicas));
        expect(world.on("host-1")).toBe(least < replicas ? 0 : before);
        expect(world.drains.isDraining(world.host("host-1"))).toBe(least >= replicas && before > 0);
      }),
      { numRuns: 40 },
    );
  });

  test("with one to spare moves one at a time, five seconds apart or more", () => {
    const world = new DrainWorld({ hosts: 2, services: [{ replicas: 4, budget: atLeast(3) }] });
    world.run(MINUTE).watch();
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(5 * MINUTE);
    const times = world.cluster.state.containers
      .filter(({ deleted }) => deleted)
      .map(({ deletedAt }) => deletedAt / SECOND);
    expect(times).toEqual([120, 125]);
    expect(world.refusals).toBe(1);
    expect(world.fewestReady).toBe(3);
  });

  test("counts all services of one budget together", () => {
    const budgets = [{ services: ["a", "b"], ...atLeast(5) }];
    const services = ["a", "b"].map((name) => ({ name, replicas: 3 }));
    const world = new DrainWorld({ hosts: 2, services, budgets });
    world.run(MINUTE).watch();
    const before = world.on("host-1");
    expect(before).toBeGreaterThan(1);
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(10 * MINUTE);
    expect(world.fewestReady).toBe(5);
    expect(world.on("host-1")).toBe(0);
    expect(world.refusals).toBeGreaterThan(0);
  });

  test("never moves what two budgets cover, nor asks again for it", () => {
    const budgets = [{ services: ["shop"], ...atLeast(0) }];
    const world = new DrainWorld({ hosts: 2, services: [{ name: "shop", replicas: 2, budget: atLeast(0) }], budgets });
    world.run(MINUTE).watch();
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(10 * MINUTE);
    expect(world.on("host-1")).toBe(1);
    expect(world.refusals).toBe(1);
    expect(world.drains.isDraining(world.host("host-1"))).toBe(true);
  });

  test("goes on for ever where the budget has none to spare, until the host is opened again", () => {
    const world = new DrainWorld({ hosts: 2, services: [{ replicas: 2, budget: atLeast(2) }] });
    world.run(MINUTE).watch();
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(60 * MINUTE);
    expect(world.drains.isDraining(world.host("host-1"))).toBe(true);
    expect(world.on("host-1")).toBe(1);
    world.drains.uncordon(world.host("host-1"));
    const before = world.refusals;
    world.run(70 * MINUTE);
    expect(world.refusals).toBe(before);
    expect(world.host("host-1").cordoned).toBe(false);
  });

  test("leaves the containers of a DaemonSet, and of services by hand", () => {
    const world = new DrainWorld({
      hosts: 1,
      services: [
        { name: "agent", workload: "DaemonSet" },
        { name: "old", replicas: 1 },
      ],
    });
    world.cluster.service(1).orchestrated = false;
    world.run(MINUTE);
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(3 * MINUTE);
    expect(world.on("host-1")).toBe(2);
    expect(world.storyOf("host-1")).toEqual(["120s cordoned", "120s drained"]);
  });

  test("approves nothing while the control plane is down", () => {
    const world = new DrainWorld({ hosts: 2, services: [{ replicas: 2 }] });
    world.run(MINUTE);
    world.at(2 * MINUTE, () => {
      world.troubles.controlPlaneDown(MINUTE);
      world.drains.drain(world.host("host-1"), 1);
    });
    world.run(3 * MINUTE - 1);
    expect(world.on("host-1")).toBe(1);
    world.run(4 * MINUTE);
    expect(world.on("host-1")).toBe(0);
  });

  test("puts what found no place on a cordoned host there once it is opened again", () => {
    const world = new DrainWorld({ hosts: 1, services: [{ replicas: 1 }] });
    world.run(MINUTE);
    world.at(2 * MINUTE, () => world.drains.drain(world.host("host-1"), 1)).run(4 * MINUTE);
    expect(world.ready()).toBe(0);
    world.at(4 * MINUTE + SECOND, () => world.drains.uncordon(world.host("host-1"))).run(5 * MINUTE);
    expect(world.ready()).toBe(1);
  });
});
