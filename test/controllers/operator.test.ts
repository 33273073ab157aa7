import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

/** A world without orchestration, and a person who notices after 2 minutes and needs 1 minute for each repair. */
function byHand(parts: WorldParts = {}): SmallWorld {
  const world = new SmallWorld(parts);
  for (const service of world.cluster.state.services) service.orchestrated = false;
  return world;
}

const crashAll = (world: SmallWorld) => () => {
  for (const container of world.cluster.state.containers) world.agent.crash(container, 1);
};

describe("a person who mends by hand", () => {
  test("starts a crashed container again, where it is, after noticing and acting", () => {
    const world = byHand().at(100 * SECOND, () => undefined);
    world.at(100 * SECOND, crashAll(world)).run(20 * MINUTE);
    expect(world.storyOf("shop-1").slice(-5)).toEqual([
      "100s unready",
      "100s crashed",
      "280s starting",
      "282s running",
      "282s ready",
    ]);
    expect(world.container(0).restarts).toBe(1);
  });

  test.each([1, 5, 50])("takes %i times as long to mend %i containers as to mend one", (count) => {
    const world = byHand({ hosts: count, services: [{ replicas: count }] }).run(MINUTE);
    world.at(100 * SECOND, crashAll(world));
    const mendedBy = (minutes: number) => world.run(100 * SECOND + minutes * MINUTE + 10 * SECOND).ready();
    expect(mendedBy(2 + count - 1)).toBe(count - 1);
    expect(mendedBy(2 + count)).toBe(count);
  });

  test("replaces a container on another host when its own is down", () => {
    const world = byHand({ hosts: 2 }).run(MINUTE);
    const { host } = world.container(0);
    const root = world.cluster.rootNamed("power");
    world.at(100 * SECOND, () => world.troubles.crashHost(world.cluster.host(host), root, undefined)).run(279 * SECOND);
    expect(world.cluster.state.containers).toHaveLength(1);
    world.run(300 * SECOND);
    expect(world.container(0)).toMatchObject({ deleted: true, deletedAt: 280 * SECOND, root });
    expect(world.container(1)).toMatchObject({ ready: true, createdAt: 280 * SECOND, root });
    expect(world.container(1).host).not.toBe(host);
  });

  test("starts it in place when the host is back by then", () => {
    const world = byHand({ hosts: 2 }).run(MINUTE);
    const { host } = world.container(0);
    world.at(100 * SECOND, () => world.troubles.crashHost(world.cluster.host(host), 1, MINUTE)).run(300 * SECOND);
    expect(world.cluster.state.containers).toHaveLength(1);
    expect(world.storyOf("shop-1")).toContain("280s starting");
  });

  test("notices a second crash only after its own time, though the first would have been due", () => {
    const world = byHand().run(MINUTE);
    world.at(100 * SECOND, crashAll(world));
    world.at(150 * SECOND, () => world.agent.restart(world.container(0)));
    world.at(160 * SECOND, crashAll(world)).run(10 * MINUTE);
    expect(world.storyOf("shop-1")).not.toContain("280s starting");
    expect(world.storyOf("shop-1")).toContain("340s starting");
  });

  test("leaves alone what somebody else has deleted meanwhile", () => {
    const world = byHand({ hosts: 2, services: [{ replicas: 2 }] }).run(MINUTE);
    world.at(100 * SECOND, () => world.agent.crash(world.container(0), 1));
    world.at(150 * SECOND, () => world.cluster.setDesired(world.release, 1, 1)).run(10 * MINUTE);
    expect(world.phases()).toEqual(["gone", "running"]);
    expect(world.cluster.state.containers).toHaveLength(2);
  });

  test("puts a container elsewhere that was put on a host which does not answer", () => {
    const world = byHand({ hosts: 1 });
    world.at(100 * SECOND, () => {
      world.troubles.crashHost(world.host("host-1"), 1, undefined);
      world.cluster.setDesired(world.release, 2, 1);
    });
    world.run(10 * MINUTE);
    // Both were lost with the only host; their replacements wait for one.
    expect(world.phases()).toEqual(["crashed", "assigned", "pending", "pending"]);
    expect(world.cluster.activeOf(world.release)).toHaveLength(2);
  });

  test("does not replace what is on its way out", () => {
    const world = byHand({ hosts: 2, services: [{ replicas: 2 }] }).run(MINUTE);
    const lost = world.container(0);
    world.at(100 * SECOND, () => world.troubles.crashHost(world.cluster.host(lost.host), 1, undefined));
    world.at(200 * SECOND, () => world.cluster.setDesired(world.release, 1, 1)).run(10 * MINUTE);
    expect(world.cluster.state.containers).toHaveLength(2);
    expect(world.cluster.activeOf(world.release)).toHaveLength(1);
  });

  test("mends services one after another, for there is one person in all", () => {
    const world = byHand({
      images: [{}, { name: "cart:v1" }],
      services: [{}, { name: "cart", image: "cart:v1" }],
    }).run(MINUTE);
    world.at(100 * SECOND, crashAll(world)).run(10 * MINUTE);
    expect(world.storyOf("shop-1")).toContain("280s starting");
    expect(world.storyOf("cart-1")).toContain("340s starting");
  });

  test("has nothing to do with services that are looked after", () => {
    const world = new SmallWorld().run(MINUTE);
    world.at(100 * SECOND, crashAll(world)).run(10 * MINUTE);
    expect(world.storyOf("shop-1").slice(-3)[0]).toBe("100s starting");
    expect(world.cluster.state.personBusyUntil).toBe(0);
  });
});
