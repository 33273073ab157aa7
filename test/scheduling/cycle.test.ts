import { describe, expect, test } from "vitest";
import { InternalError, PluginError } from "../../src/kernel/errors.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../src/kernel/time.ts";
import type { Scheduler, Verdict } from "../../src/scheduling/framework.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

/** Room for eight containers on each host; `busy` are taken by a service, then another one wants `wanted`. */
function tightWorld(busy: number, wanted: number, parts: WorldParts = {}): SmallWorld {
  const world = new SmallWorld({
    images: [{}, { name: "cart:v1" }],
    services: [{ replicas: busy }, { name: "cart", image: "cart:v1", replicas: 0 }],
    ...parts,
  });
  return world.run(0).at(0, () => world.cluster.setDesired(world.cluster.release(1), wanted, 1));
}

/** When the scheduler was asked about a container, in seconds. */
function triesOf(world: SmallWorld, name: string): number[] {
  return world
    .storyOf(name)
    .filter((line) => /unschedulable|assigned/.test(line))
    .map((line) => Number.parseFloat(line));
}

const free = (world: SmallWorld, seconds: number, left: number) =>
  world.at(seconds * SECOND, () => world.cluster.setDesired(world.release, left, 1));

describe("placements", () => {
  test("take their time, one after another", () => {
    const world = new SmallWorld({ services: [{ replicas: 3 }], scheduling: 5 * MILLISECOND }).run(MINUTE);
    expect(world.cluster.state.containers.map((container) => container.assignedAt / MILLISECOND)).toEqual([5, 10, 15]);
  });

  test("go by priority first, then by age", () => {
    const world = new SmallWorld({
      images: [{}, { name: "cart:v1" }],
      services: [{ replicas: 3 }, { name: "cart", image: "cart:v1", replicas: 3, priority: 10 }],
      scheduling: 5 * MILLISECOND,
    }).run(MINUTE);
    const order = [...world.cluster.state.containers].sort((a, b) => a.assignedAt - b.assignedAt);
    // shop-1 alone was there when the first placement began to be thought of; it is chosen when the thinking ends.
    expect(order.map(({ name }) => name)).toEqual(["cart-1", "cart-2", "cart-3", "shop-1", "shop-2", "shop-3"]);
  });

  test("pass over what was deleted while it waited, at no cost of time", () => {
    const world = new SmallWorld({ services: [{ replicas: 8 }], scheduling: SECOND });
    world.at(SECOND / 2, () => {
      for (const id of [0, 1, 2, 3, 4, 5]) world.cluster.deleteContainer(world.container(id), 1, "by a test");
      world.cluster.setDesired(world.release, 2, 1);
    });
    world.run(MINUTE);
    expect(world.container(6).assignedAt).toBe(SECOND);
    expect(world.container(7).assignedAt).toBe(2 * SECOND);
  });
});

describe("a container without a place", () => {
  test("says why, once for each try", () => {
    const world = tightWorld(8, 1, { hosts: [{}, { cpuMillicores: 100 }] }).run(MINUTE);
    expect(world.storyOf("cart-1")).toEqual(["0s unschedulable: 2 Insufficient cpu"]);
  });

  test("is not tried again while nothing changes, but for a flush every five minutes", () => {
    const world = tightWorld(8, 3).run(16 * MINUTE);
    for (const name of ["cart-1", "cart-2", "cart-3"]) expect(triesOf(world, name)).toEqual([0, 300, 600, 900]);
  });

  test("is tried again as soon as room is made", () => {
    const world = free(tightWorld(8, 1), 100, 7).run(200 * SECOND);
    // shop stops at SIGTERM, at once.
    expect(triesOf(world, "cart-1")).toEqual([0, 100]);
    expect(world.cluster.service(1).releases[0]?.members).toHaveLength(1);
  });

  test("is tried again at a change only when its back-off is over, which doubles from 1 s to 10 s", () => {
    const world = new SmallWorld({ services: [{ cpuMillicores: 5000 }] });
    const tries: number[] = [];
    world.cluster.journal.subscribe((fact, now) => {
      if (fact.kind === "container-unschedulable") tries.push(now / MILLISECOND);
    });
    // Something that could help, but does not, happens every 100 ms.
    for (let time = 100; time < 60_000; time += 100) {
      world.at(time * MILLISECOND, () =>
        world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }),
      );
    }
    const waits = tries.map((time, i) => time - (tries[i - 1] ?? 0)).slice(1);
    expect(waits.slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  test("that waits for its back-off when a change comes is tried when that is over, without another change", () => {
    const world = tightWorld(8, 2).run(SECOND);
    world.at(1.5 * SECOND, () => world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }));
    world.at(2 * SECOND, () => world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }));
    world.run(4 * MINUTE);
    // Second try at 1.5 s, then 2 s of back-off; the change at 2 s counts.
    expect(triesOf(world, "cart-1")).toEqual([0, 1.5, 3.5]);
    expect(triesOf(world, "cart-2")).toEqual([0, 1.5, 3.5]);
  });

  test("is tried after one change at the end of its own back-off, whenever others were tried", () => {
    const world = tightWorld(8, 1);
    world.at(0.4 * SECOND, () => world.cluster.setDesired(world.cluster.release(1), 2, 1));
    world.at(0.5 * SECOND, () => world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }));
    world.run(4 * MINUTE);
    expect(triesOf(world, "cart-1")).toEqual([0, 1]);
    expect(triesOf(world, "cart-2")).toEqual([0.4, 1.4]);
  });

  test("is flushed five minutes after its latest try, not after an earlier one", () => {
    const world = tightWorld(8, 1);
    world.at(100 * SECOND, () => world.cluster.announce({ kind: "resources-freed", host: world.host("host-1") }));
    expect(triesOf(world.run(8 * MINUTE), "cart-1")).toEqual([0, 100, 400]);
  });

  test("is forgotten when it is deleted", () => {
    const world = tightWorld(8, 5).run(SECOND);
    expect(world.cycle.state.parked.size).toBe(5);
    world.at(2 * SECOND, () => world.cluster.setDesired(world.cluster.release(1), 0, 1)).run(3 * SECOND);
    expect(world.cycle.state).toMatchObject({
      waiting: [],
      parked: new Map(),
      stirred: new Map(),
      attempts: new Map(),
    });
    expect(
      free(world, 10, 0)
        .run(10 * MINUTE)
        .cluster.service(1).releases[0]?.members,
    ).toEqual([]);
  });

  test("finds a place on a host as soon as it is known to be back", () => {
    const world = new SmallWorld({ hosts: 2, services: [{ replicas: 8 }] });
    const reachable = () => world.storyOf("host-2").find((line) => line.endsWith("reachable") && !line.includes("un"));
    world.at(10 * SECOND, () => world.troubles.partition(world.host("host-2"), "control-plane", 1, 190 * SECOND));
    world.at(150 * SECOND, () => world.cluster.setDesired(world.release, 14, 1)).run(400 * SECOND);
    const back = Number.parseFloat(reachable() ?? "");
    expect(back).toBeGreaterThanOrEqual(200);
    expect(triesOf(world, "shop-14")).toEqual([150, back]);
  });
});

describe("a scheduler from outside that breaks its interface", () => {
  const answering = (place: () => unknown) => (): unknown => {
    const scheduler: Scheduler = { kind: "scheduler", name: "mine", describe: "", place: place as () => Verdict };
    return new SmallWorld({ scheduler, hosts: [{ podLimit: 1 }], services: [{ replicas: 2 }] }).run(MINUTE);
  };

  test.each([
    { place: () => undefined, says: 'scheduler "mine" answered neither' },
    { place: () => ({ kind: "maybe" }), says: 'scheduler "mine" answered neither' },
    { place: () => ({ kind: "fits", host: "host-1" }), says: 'scheduler "mine" answered neither' },
    { place: () => ({ kind: "unschedulable", refusals: [{}] }), says: 'scheduler "mine" answered neither' },
    { place: () => ({ kind: "fits", host: 7, scores: [] }), says: "on host number 7, which does not exist" },
    { place: () => ({ kind: "fits", host: 0, scores: [] }), says: "placed shop-2 on host-1, which has no room for it" },
    {
      place: () => {
        throw new Error("oops");
      },
      says: 'scheduler "mine" threw: oops',
    },
  ])("is named: $says", ({ place, says }) => {
    expect(answering(place)).toThrow(PluginError);
    expect(answering(place)).toThrow(says);
  });

  test("is not blamed for a fault of ours", () => {
    const fault = answering(() => {
      throw new InternalError("broken claim");
    });
    expect(fault).toThrow(InternalError);
  });
});
