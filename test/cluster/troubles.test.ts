import { describe, expect, test } from "vitest";
import { isHeard, isReachable, isUp, slownessOf } from "../../src/cluster/hosts.ts";
import { rootNamed } from "../../src/cluster/roots.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld, type WorldParts } from "./smallWorld.ts";

/** One container, running since 3 s; nobody gives its host up. */
function patientWorld(parts: WorldParts = {}): SmallWorld {
  return new SmallWorld({ lifecycle: { unreachableAfter: 1000 * MINUTE }, ...parts });
}

const since = (world: SmallWorld, seconds: number) =>
  world.storyOf("shop-1").filter((line) => Number.parseFloat(line) >= seconds);

describe("a host that goes down", () => {
  test("takes everything on it along, at once and silently: the control plane still believes it ready", () => {
    const world = patientWorld();
    world.at(100 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, undefined));
    expect(world.container(0)).toMatchObject({ phase: "crashed", answers: false, probed: false, ready: true });
  });

  test("starts its containers again when it is back, and only then reports them", () => {
    const world = patientWorld();
    world.at(100 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 60 * SECOND)).run(300 * SECOND);
    expect(since(world, 100)).toEqual(["100s crashed", "160s unready", "160s starting", "162s running", "162s ready"]);
    expect(world.container(0).restarts).toBe(1);
    expect(world.container(0).backoffs).toBe(0);
  });

  test("pulls an image anew that it had not finished pulling", () => {
    const world = patientWorld();
    world.at(SECOND / 2, () => world.troubles.crashHost(world.host("host-1"), 1, 10 * SECOND)).run(MINUTE);
    expect(since(world, 0)).toEqual([
      "0s assigned",
      "0s pulling",
      "0.5s crashed",
      "10.5s pulling",
      "11.5s starting",
      "13.5s running",
      "13.5s ready",
    ]);
  });

  test("does not let a container that it holds be started by an event from before", () => {
    const world = patientWorld();
    world.at(2 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, undefined)).run(MINUTE);
    expect(world.container(0).phase).toBe("crashed");
  });

  test("lets a container that was bound to it meanwhile begin when it is back", () => {
    const world = patientWorld();
    world.at(100 * SECOND, () => {
      world.troubles.crashHost(world.host("host-1"), 1, 60 * SECOND);
      world.cluster.setDesired(world.release, 2, 1);
    });
    world.run(300 * SECOND);
    expect(world.storyOf("shop-2")).toEqual(["100s assigned", "160s starting", "162s running", "162s ready"]);
  });

  test("drops what was deleted meanwhile, which holds its resources until then", () => {
    const world = patientWorld();
    world.at(100 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 60 * SECOND));
    world.at(120 * SECOND, () => world.cluster.setDesired(world.release, 0, 1)).run(150 * SECOND);
    expect(world.container(0)).toMatchObject({ phase: "crashed", deleted: true });
    expect(world.host("host-1").freeMillicores).toBe(3500);
    world.run(200 * SECOND);
    expect(since(world, 150)).toEqual(["160s gone"]);
    expect(world.host("host-1").freeMillicores).toBe(4000);
  });

  test("ends what was stopping on it when it is back, without another SIGTERM", () => {
    const shutdown = { preStop: 5 * SECOND, gracePeriod: 30 * SECOND };
    const world = patientWorld({ services: [{ shutdown }] });
    world.at(100 * SECOND, () => world.cluster.setDesired(world.release, 0, 1));
    world.at(102 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 60 * SECOND)).run(300 * SECOND);
    expect(since(world, 101)).toEqual(["162s gone"]);
  });

  test("is down until the last of overlapping outages ends, and blames the first", () => {
    const world = patientWorld();
    const { cluster, troubles } = world;
    const first = rootNamed(cluster.state.roots, "first", 0);
    const second = rootNamed(cluster.state.roots, "second", 0);
    world.at(100 * SECOND, () => troubles.crashHost(world.host("host-1"), first, 50 * SECOND));
    world.at(120 * SECOND, () => troubles.crashHost(world.host("host-1"), second, 10 * SECOND));
    world.at(140 * SECOND, () => troubles.crashHost(world.host("host-1"), second, 60 * SECOND)).run(300 * SECOND);
    expect(world.storyOf("host-1").filter((line) => /down|up/.test(line))).toEqual(["100s down", "200s up"]);
    expect(world.host("host-1").root).toBe(first);
    expect(isUp(world.host("host-1"))).toBe(true);
  });

  test("makes a service that nobody looks after wait for a person", () => {
    const world = patientWorld();
    world.service.orchestrated = false;
    world.at(100 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 10 * SECOND)).run(119 * SECOND);
    expect(since(world, 100)).toEqual(["100s crashed", "110s unready"]);
  });
});

describe("a host that comes back to a service that nobody looks after", () => {
  test("starts what was put on it meanwhile, but not what went down with it", () => {
    const world = patientWorld();
    world.service.orchestrated = false;
    world.at(100 * SECOND, () => {
      world.troubles.crashHost(world.host("host-1"), 1, 10 * SECOND);
      world.cluster.setDesired(world.release, 2, 1);
    });
    world.run(119 * SECOND);
    expect(world.phases()).toEqual(["crashed", "running"]);
  });
});

describe("a host that is cut off from the control plane", () => {
  const cutAt = (world: SmallWorld, from: number, to: number) =>
    world.at(from * SECOND, () =>
      world.troubles.partition(world.host("host-1"), "control-plane", 1, (to - from) * SECOND),
    );

  test("goes on running what it has", () => {
    const world = cutAt(patientWorld(), 100, 200).run(300 * SECOND);
    expect(since(world, 100)).toEqual([]);
    expect(world.container(0)).toMatchObject({ answers: true, ready: true });
  });

  test("hears of a deletion only when it is mended", () => {
    const world = cutAt(patientWorld(), 100, 200);
    world.at(150 * SECOND, () => world.cluster.setDesired(world.release, 0, 1)).run(300 * SECOND);
    expect(since(world, 100)).toEqual([
      "150s deleted",
      "200s terminating",
      "200s stopping",
      "200s unready",
      "200s gone",
    ]);
  });

  test("hears of a new container only when it is mended", () => {
    const world = cutAt(patientWorld(), 100, 200);
    world.at(150 * SECOND, () => world.cluster.setDesired(world.release, 2, 1)).run(300 * SECOND);
    expect(world.storyOf("shop-2")).toEqual(["150s assigned", "200s starting", "202s running", "202s ready"]);
  });

  test("restarts what crashes by itself, and the control plane hears of neither", () => {
    const world = cutAt(patientWorld(), 100, 200);
    world.at(150 * SECOND, () => world.agent.crash(world.container(0), 1)).run(300 * SECOND);
    expect(since(world, 100)).toEqual(["150s backoff", "150s starting", "152s running"]);
  });

  test("tells on mending that a container is not ready any more", () => {
    const world = cutAt(patientWorld(), 100, 200);
    world.at(199 * SECOND, () => world.agent.crash(world.container(0), 1)).run(300 * SECOND);
    expect(since(world, 199)).toEqual(["199s backoff", "199s starting", "200s unready", "201s running", "201s ready"]);
  });

  test("starts its containers again after a power cut, though nobody hears it", () => {
    const world = cutAt(patientWorld(), 100, 300);
    world.at(150 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 50 * SECOND)).run(250 * SECOND);
    expect(since(world, 100)).toEqual(["150s crashed", "200s starting", "202s running"]);
  });

  test("starts after a power cut even what was deleted meanwhile, and stops it when mended", () => {
    const world = cutAt(patientWorld(), 100, 300);
    world.at(150 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 50 * SECOND));
    world.at(160 * SECOND, () => world.cluster.setDesired(world.release, 0, 1)).run(400 * SECOND);
    expect(since(world, 160)).toEqual([
      "160s deleted",
      "200s starting",
      "202s running",
      "300s terminating",
      "300s stopping",
      "300s unready",
      "300s gone",
    ]);
  });

  test("that is mended while it is down is heard when it is up, once", () => {
    const world = cutAt(patientWorld(), 100, 200);
    world.at(150 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 100 * SECOND)).run(400 * SECOND);
    expect(since(world, 100)).toEqual(["150s crashed", "250s unready", "250s starting", "252s running", "252s ready"]);
  });

  test("is heard again only when the last of overlapping cuts is mended", () => {
    const world = cutAt(patientWorld(), 100, 200);
    cutAt(world, 150, 300).run(250 * SECOND);
    expect(isHeard(world.host("host-1"))).toBe(false);
    expect(isHeard(world.run(301 * SECOND).host("host-1"))).toBe(true);
  });
});

test.each([
  { cut: "control-plane", heard: false, reachable: true },
  { cut: "clients", heard: true, reachable: false },
  { cut: "both", heard: false, reachable: false },
] as const)("a partition from $cut: heard $heard, reachable by clients $reachable, until it ends", (row) => {
  const world = patientWorld();
  world.at(100 * SECOND, () => world.troubles.partition(world.host("host-1"), row.cut, 1, 10 * SECOND));
  world.run(109 * SECOND);
  expect([isHeard(world.host("host-1")), isReachable(world.host("host-1"))]).toEqual([row.heard, row.reachable]);
  world.run(110 * SECOND);
  expect([isHeard(world.host("host-1")), isReachable(world.host("host-1"))]).toEqual([true, true]);
});

test("slow-downs multiply while they overlap, and each ends by itself", () => {
  const world = patientWorld();
  const factors: number[] = [];
  const look = (seconds: number) => world.at(seconds * SECOND, () => factors.push(slownessOf(world.host("host-1"))));
  const slow = (seconds: number, factor: number) =>
    world.at(seconds * SECOND, () => world.troubles.slow(world.host("host-1"), factor, 1, 20 * SECOND));
  look(5);
  slow(10, 2);
  look(15);
  slow(20, 3);
  for (const seconds of [25, 35, 45]) look(seconds);
  expect(factors).toEqual([1, 2, 6, 3, 1]);
});

describe("a control plane that is down", () => {
  test("neither replaces nor places, and catches up when it is back", () => {
    const world = new SmallWorld({ hosts: 2 });
    world.at(100 * SECOND, () => world.troubles.controlPlaneDown(50 * SECOND));
    world.at(110 * SECOND, () => world.cluster.setDesired(world.release, 3, 1));
    world.run(149 * SECOND);
    expect(world.cluster.state.containers).toHaveLength(1);
    world.run(200 * SECOND);
    expect(world.storyOf("shop-2")[0]).toBe("150s assigned");
    expect(world.ready()).toBe(3);
  });

  test("leaves the hosts to restart what crashes", () => {
    const world = new SmallWorld();
    world.at(100 * SECOND, () => world.troubles.controlPlaneDown(50 * SECOND));
    world.at(110 * SECOND, () => world.agent.crash(world.container(0), 1)).run(120 * SECOND);
    expect(since(world, 110)).toContain("112s running");
  });

  test("is back only when the last of overlapping outages ends", () => {
    const world = new SmallWorld();
    const heard: string[] = [];
    world.cluster.journal.subscribe((fact, now) => {
      if (fact.kind === "control-plane") heard.push(`${now / SECOND}s ${fact.up ? "up" : "down"}`);
    });
    world.at(100 * SECOND, () => world.troubles.controlPlaneDown(50 * SECOND));
    world.at(120 * SECOND, () => world.troubles.controlPlaneDown(10 * SECOND));
    world.at(140 * SECOND, () => world.troubles.controlPlaneDown(60 * SECOND)).run(300 * SECOND);
    expect(heard).toEqual(["100s down", "200s up"]);
  });
});
