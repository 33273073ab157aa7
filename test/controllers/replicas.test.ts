import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

const REACTION = 50 * MILLISECOND;

function reactingWorld(parts: WorldParts = {}): SmallWorld {
  return new SmallWorld({ reaction: REACTION, ...parts });
}

/** How many containers each moment created, from 0 s on. */
function batches(world: SmallWorld): { at: number; count: number }[] {
  const found: { at: number; count: number }[] = [];
  for (const { createdAt } of world.cluster.state.containers) {
    const last = found.at(-1);
    if (last?.at === createdAt) last.count++;
    else found.push({ at: createdAt, count: 1 });
  }
  return found;
}

describe("missing containers", () => {
  test("are created in batches of 1, 2, 4 …, one reaction apart", () => {
    const world = reactingWorld({ hosts: 10, services: [{ replicas: 10, cpuMillicores: 1 }] }).run(MINUTE);
    expect(batches(world)).toEqual([
      { at: REACTION, count: 1 },
      { at: 2 * REACTION, count: 2 },
      { at: 3 * REACTION, count: 4 },
      { at: 4 * REACTION, count: 3 },
    ]);
  });

  test("a slow start creates at most 500, then the next begins with one", () => {
    const service = { replicas: 600, cpuMillicores: 1, memoryBytes: 1 };
    const world = reactingWorld({ hosts: 10, services: [service] }).run(SECOND);
    expect(batches(world).map(({ count }) => count)).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 245, 1, 2, 4, 8, 16, 32, 37,
    ]);
  });

  test("that died on a lost host are replaced, with the host's trouble as their root", () => {
    const world = reactingWorld({ hosts: 3 });
    const root = world.cluster.rootNamed("power");
    world.run(MINUTE);
    const first = world.container(0);
    world.at(MINUTE, () => world.troubles.crashHost(world.cluster.host(first.host), root, undefined)).run(10 * MINUTE);
    expect(first.deleted).toBe(true);
    expect(first.root).toBe(root);
    expect(world.ready()).toBe(1);
  });

  test("are not created twice when many things happen at once", () => {
    const world = reactingWorld({ hosts: 3, services: [{ replicas: 3 }] }).run(MINUTE);
    world.at(MINUTE, () => {
      for (const container of world.cluster.membersOf(world.release))
        world.cluster.deleteContainer(container, 1, "by a test");
      world.cluster.setDesired(world.release, 4, 1);
    });
    world.run(2 * MINUTE);
    expect(world.cluster.state.containers).toHaveLength(7);
    expect(world.ready()).toBe(4);
  });

  test("a terminating container is replaced at once: it does not count", () => {
    const shutdown = { preStop: 20 * SECOND, gracePeriod: 30 * SECOND };
    const world = reactingWorld({ services: [{ shutdown }] }).run(MINUTE);
    world.at(MINUTE, () => world.cluster.deleteContainer(world.container(0), 1, "by a test"));
    world.run(MINUTE + REACTION);
    expect(world.container(0).phase).toBe("terminating");
    expect(world.container(1).createdAt).toBe(MINUTE + REACTION);
  });

  test("are not created in a service that nobody looks after, until somebody asks for more", () => {
    const world = reactingWorld({ services: [{ replicas: 2 }] });
    world.service.orchestrated = false;
    world.run(MINUTE);
    expect(world.ready()).toBe(2);
    world.at(MINUTE, () => world.cluster.deleteContainer(world.container(0), 1, "by a test")).run(2 * MINUTE);
    world.at(2 * MINUTE, () => world.troubles.controlPlaneDown(SECOND)).run(3 * MINUTE);
    expect(world.cluster.state.containers).toHaveLength(2);
    world.at(3 * MINUTE, () => world.cluster.setDesired(world.release, 3, 1)).run(4 * MINUTE);
    expect(world.ready()).toBe(3);
  });

  test("asked for by a person while the control plane is down are created when it is back", () => {
    const world = reactingWorld();
    world.service.orchestrated = false;
    world.run(MINUTE);
    world.at(MINUTE, () => world.troubles.controlPlaneDown(MINUTE));
    world.at(MINUTE + SECOND, () => world.cluster.setDesired(world.release, 2, 1)).run(2 * MINUTE);
    expect(world.cluster.state.containers).toHaveLength(1);
    expect(world.run(3 * MINUTE).ready()).toBe(2);
  });
});

describe("surplus containers", () => {
  test("are deleted all at once, for the reason that less is wanted", () => {
    const world = reactingWorld({ hosts: 5, services: [{ replicas: 5 }] }).run(MINUTE);
    const root = world.cluster.rootNamed("scale down");
    world.at(MINUTE, () => world.cluster.setDesired(world.release, 2, root)).run(MINUTE + REACTION);
    const deleted = world.cluster.state.containers.filter((container) => container.deleted);
    expect(deleted.map((container) => [container.deletedAt, container.root])).toEqual(
      Array.from({ length: 3 }, () => [MINUTE + REACTION, root]),
    );
  });

  test("go first where two of the service share a host, whichever release the other is of", () => {
    const world = reactingWorld({ hosts: 2, services: [{ replicas: 2 }] }).run(MINUTE);
    const [older, newer] = world.cluster.state.containers;
    expect(older?.host).not.toBe(newer?.host);
    // The new release can only go to the host of the older one, which would otherwise be the last to go.
    world.cluster.host(newer?.host ?? 0).cordoned = true;
    const next = world.cluster.addRelease(world.service, "shop:v1", 1);
    world.at(MINUTE, () => world.cluster.setDesired(next, 1, 1)).run(2 * MINUTE);
    world.at(2 * MINUTE, () => world.cluster.setDesired(world.release, 1, 1)).run(3 * MINUTE);
    expect(world.cluster.activeOf(world.release)).toEqual([newer]);
  });

  test("that were never placed go first", () => {
    const world = reactingWorld({ services: [{ replicas: 10 }] }).run(MINUTE);
    expect(world.phases().filter((phase) => phase === "pending")).toHaveLength(2);
    world.at(MINUTE, () => world.cluster.setDesired(world.release, 8, 1)).run(2 * MINUTE);
    expect(world.phases().filter((phase) => phase === "gone")).toHaveLength(2);
    expect(world.ready()).toBe(8);
  });
});

test("whatever is asked for, and in whatever order, in the end exactly that runs", () => {
  const asks = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 5000 }), desired: fc.integer({ min: 0, max: 12 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(asks, (steps) => {
      const world = reactingWorld({ hosts: 4, services: [{ replicas: 3 }] });
      let time = 1;
      for (const { wait, desired } of steps) {
        time += wait * MILLISECOND;
        world.at(time, () => world.cluster.setDesired(world.release, desired, 1));
      }
      world.run(time + 2 * MINUTE);
      expect(world.ready()).toBe(steps.at(-1)?.desired);
      expect(world.cluster.membersOf(world.release)).toHaveLength(world.ready());
    }),
    { numRuns: 60 },
  );
});
