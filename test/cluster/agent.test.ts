import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../src/kernel/time.ts";
import { MEBIBYTE, SmallWorld } from "./smallWorld.ts";

describe("starting a container", () => {
  test("pulls an image that the host lacks, then starts, then is ready", () => {
    const world = new SmallWorld().run(MINUTE);
    expect(world.storyOf("shop-1")).toEqual(["0s assigned", "0s pulling", "1s starting", "3s running", "3s ready"]);
  });

  test("does not pull an image that is already there", () => {
    const world = new SmallWorld().run(MINUTE);
    world.at(100 * SECOND, () => world.cluster.setDesired(world.release, 2, 1)).run(200 * SECOND);
    expect(world.storyOf("shop-2")).toEqual(["100s assigned", "100s starting", "102s running", "102s ready"]);
  });

  test("becomes ready within the period that its successes take, from a random phase", () => {
    const readiness = { period: 10 * SECOND, successes: 3, failures: 3, throughQueue: false };
    const seen = Array.from({ length: 40 }, (_, seed) => {
      const world = new SmallWorld({ seed, services: [{ readiness }] }).run(MINUTE);
      return world.container(0).readySince - 3 * SECOND;
    });
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(20 * SECOND);
    expect(Math.max(...seen)).toBeLessThan(30 * SECOND);
    expect(new Set(seen).size).toBe(40);
  });

  test("never gets ready when its version never does", () => {
    const world = new SmallWorld({ images: [{ ready: false }] }).run(HOUR);
    expect(world.storyOf("shop-1").at(-1)).toBe("3s running");
  });

  test("takes as many times longer to start as its host is slow", () => {
    const world = new SmallWorld();
    world.at(0, () => {
      world.troubles.slow(world.host("host-1"), 2, 1, undefined);
      world.troubles.slow(world.host("host-1"), 1.5, 1, undefined);
    });
    expect(world.run(MINUTE).storyOf("shop-1")).toContain("7s running");
  });

  test("misses probes while its queue is full, and passes them when there is room again", () => {
    const readiness = { period: SECOND, successes: 2, failures: 3, throughQueue: true };
    const world = new SmallWorld({ services: [{ readiness }] });
    world.run(MINUTE);
    expect(world.container(0).ready).toBe(true);
    const phase = world.container(0).readySince % SECOND;
    world.agent.hasRoom = () => false;
    world.run(2 * MINUTE);
    world.agent.hasRoom = () => true;
    world.run(3 * MINUTE);
    const turns = world.storyOf("shop-1").filter((line) => line.includes("ready"));
    const at = (seconds: number) => `${(seconds * SECOND + phase) / SECOND}s`;
    expect(turns.slice(1)).toEqual([`${at(62)} unready`, `${at(121)} ready`]);
  });
});

describe("pulling images", () => {
  const sized = (name: string, mebibytes: number) => ({ name, sizeBytes: mebibytes * MEBIBYTE });

  test("pulls of different images share the host's bandwidth evenly", () => {
    const world = new SmallWorld({
      images: [sized("shop:v1", 100), sized("cart:v1", 300)],
      services: [{}, { name: "cart", image: "cart:v1" }],
    }).run(MINUTE);
    // Both at half speed until the small one is there at 2 s; then 200 MiB are left at full speed.
    expect(world.storyOf("shop-1")).toContain("2s starting");
    expect(world.storyOf("cart-1")).toContain("4s starting");
  });

  test("a pull that joins later slows the one under way", () => {
    const world = new SmallWorld({
      images: [sized("shop:v1", 200), sized("cart:v1", 100)],
      services: [{}, { name: "cart", image: "cart:v1", replicas: 0 }],
    });
    world.at(SECOND, () => world.cluster.setDesired(world.cluster.release(1), 1, 1)).run(MINUTE);
    // From 1 s on both have 100 MiB to go at half speed.
    expect(world.storyOf("shop-1")).toContain("3s starting");
    expect(world.storyOf("cart-1")).toContain("3s starting");
  });

  test("containers that want the same image share one pull", () => {
    const world = new SmallWorld({ services: [{ replicas: 3 }] }).run(MINUTE);
    for (const name of ["shop-1", "shop-2", "shop-3"]) expect(world.storyOf(name)).toContain("1s starting");
  });

  test("a pull that nobody waits for any more gives its bandwidth back", () => {
    const world = new SmallWorld({
      images: [sized("shop:v1", 200), sized("cart:v1", 200)],
      services: [{}, { name: "cart", image: "cart:v1" }],
    });
    world.at(2 * SECOND, () => world.cluster.setDesired(world.cluster.release(1), 0, 1)).run(MINUTE);
    expect(world.storyOf("cart-1")).toContain("2s gone");
    expect(world.storyOf("shop-1")).toContain("3s starting");
    expect(world.host("host-1").cached).toEqual(["shop:v1"]);
  });

  test("a registry outage fails the pull, which is tried again after 10, 20, 40 … at most 300 s", () => {
    const world = new SmallWorld();
    const tries: number[] = [];
    const container = () => world.container(0);
    world.at(SECOND / 2, () => world.troubles.registryDown(2 * HOUR));
    let failures = 0;
    while (world.engine.now < 2 * HOUR) {
      if (container().pullFailures > failures) tries.push(world.engine.now / SECOND - 0.5);
      failures = container().pullFailures;
      world.engine.step();
    }
    const waits = tries.map((time, i) => time - (tries[i - 1] ?? 0)).slice(1, 8);
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300]);
    world.run(3 * HOUR);
    expect(container().ready).toBe(true);
    expect(container().pullFailures).toBe(0);
  });

  test("overlapping registry outages end with the last", () => {
    const world = new SmallWorld();
    world.at(0, () => world.troubles.registryDown(5 * SECOND));
    world.at(SECOND, () => world.troubles.registryDown(20 * SECOND));
    world.run(20 * SECOND);
    expect(world.container(0).phase).toBe("pulling");
    // Tries at 0, 10 and 30 s: the last one finds the registry up.
    expect(world.run(MINUTE).storyOf("shop-1")).toContain("31s starting");
  });
});

describe("a crashing container", () => {
  test("is restarted at once, then after 10, 20, 40 … at most 300 s", () => {
    const world = new SmallWorld({ images: [{ crash: { kind: "constant", value: 4 * SECOND } }] }).run(2 * HOUR);
    const story = world.storyOf("shop-1");
    const times = (phase: string) =>
      story.filter((line) => line.endsWith(` ${phase}`)).map((line) => Number.parseFloat(line));
    const crashes = times("backoff");
    const waits = times("starting")
      .slice(1, 9)
      .map((start, i) => start - (crashes[i] ?? 0));
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
    expect(world.container(0).restarts).toBeGreaterThan(8);
  });

  test("is forgiven its crashes by ten minutes of good running", () => {
    const world = new SmallWorld({ images: [{ crash: { kind: "constant", value: 10 * MINUTE } }] }).run(2 * HOUR);
    const story = world.storyOf("shop-1");
    const crash = story.findIndex((line) => line.endsWith("backoff"));
    expect(story.slice(crash, crash + 3)).toEqual(["603s backoff", "603s starting", "605s running"]);
    expect(world.container(0).backoffs).toBe(1);
    expect(world.container(0).restarts).toBe(11);
  });

  test("is not forgiven by a run just short of ten minutes", () => {
    const world = new SmallWorld({
      images: [{ crash: { kind: "constant", value: 10 * MINUTE - 1 } }],
    }).run(HOUR);
    expect(world.container(0).backoffs).toBe(
      world.container(0).restarts + (world.container(0).phase === "backoff" ? 1 : 0),
    );
    expect(world.container(0).backoffs).toBeGreaterThan(4);
  });

  test("stays where it is, keeps its resources and counts as a replica", () => {
    const world = new SmallWorld({ hosts: 2 }).run(MINUTE);
    const host = world.container(0).host;
    world.at(MINUTE, () => world.agent.crash(world.container(0), 1)).run(2 * MINUTE);
    expect(world.cluster.state.containers).toHaveLength(1);
    expect(world.container(0)).toMatchObject({ host, phase: "running", ready: true, restarts: 1 });
    expect(world.cluster.host(host).freeMillicores).toBe(3500);
  });
});

describe("liveness and startup probes", () => {
  const probe = { period: 10 * SECOND, successes: 1, failures: 3, throughQueue: false };
  const slow = { startup: { kind: "constant", value: 40 * SECOND } } as const;
  const timesOf = (world: SmallWorld, phase: string) =>
    world
      .storyOf("shop-1")
      .filter((line) => line.endsWith(` ${phase}`))
      .map((line) => Number.parseFloat(line));

  test("a liveness probe kills a slow starter for ever, 20 to 30 s after each start, at once at first", () => {
    const world = new SmallWorld({ images: [slow], services: [{ liveness: probe }] }).run(HOUR);
    const starts = timesOf(world, "starting");
    const kills = timesOf(world, "backoff");
    for (const [i, kill] of kills.entries()) {
      expect(kill - (starts[i] ?? 0)).toBeGreaterThanOrEqual(20);
      expect(kill - (starts[i] ?? 0)).toBeLessThan(30);
    }
    const waits = starts.slice(1, 7).map((start, i) => Math.round(start - (kills[i] ?? 0)));
    // The back-offs of 10 and 20 s are over by the time of the next kill; that of 40 s is not.
    expect(waits).toEqual([0, 0, 0, 0, 40, 80]);
    expect(world.container(0).everReady).toBe(false);
    expect(world.cluster.state.roots[world.container(0).root]?.label).toBe("liveness probe of shop:v1");
  });

  test.each([
    { what: "an initial delay", part: { liveness: { ...probe, initialDelay: 30 * SECOND } } },
    { what: "a startup probe", part: { liveness: probe, startupProbe: { ...probe, failures: 6 } } },
  ])("$what that leaves it the time saves the same starter", ({ part }) => {
    const world = new SmallWorld({ images: [slow], services: [part] }).run(HOUR);
    expect(world.container(0)).toMatchObject({ restarts: 0, ready: true });
  });

  test("a startup probe that gives up kills too, and is to blame", () => {
    const world = new SmallWorld({ images: [slow], services: [{ startupProbe: probe }] }).run(10 * MINUTE);
    expect(world.container(0).restarts).toBeGreaterThan(2);
    expect(world.cluster.state.roots[world.container(0).root]?.label).toBe("startup probe of shop:v1");
  });

  test("without a readiness probe it is ready the moment it runs, or the startup probe has passed", () => {
    const readiness = { ...probe, absent: true };
    expect(new SmallWorld({ services: [{ readiness }] }).run(MINUTE).container(0).readySince).toBe(3 * SECOND);
    const asked = new SmallWorld({ services: [{ readiness, startupProbe: probe }] }).run(MINUTE).container(0);
    expect(asked.readySince).toBe(asked.probes.startup?.firstAt);
    expect(asked.readySince).toBeGreaterThan(3 * SECOND);
  });

  test("readiness waits for the startup probe", () => {
    const world = new SmallWorld({ services: [{ startupProbe: probe }] }).run(MINUTE);
    const firstAt = world.container(0).probes.startup?.firstAt ?? 0;
    expect(firstAt).toBeGreaterThan(3 * SECOND);
    expect(world.container(0).readySince).toBe(firstAt);
  });

  test("a hang is missed by readiness and liveness, ignores SIGTERM, and ends at the end of the grace", () => {
    const hang = { kind: "constant", value: MINUTE } as const;
    const readiness = { ...probe, period: SECOND };
    const world = new SmallWorld({ images: [{ hang }], services: [{ readiness, liveness: probe }] });
    world.run(150 * SECOND);
    const [unready = 0] = timesOf(world, "unready");
    const [term = 0] = timesOf(world, "stopping");
    // Started at 3 s, hung at 63 s; three misses, and the last one's second of waiting.
    expect(unready - 63).toBeGreaterThanOrEqual(3);
    expect(unready - 63).toBeLessThanOrEqual(4);
    expect(term - 63).toBeGreaterThanOrEqual(21);
    expect(term - 63).toBeLessThanOrEqual(31);
    const [end = 0] = timesOf(world, "backoff");
    expect([0, 30]).toContain(Math.round(end - term));
    expect(world.cluster.state.roots[world.container(0).root]?.label).toBe("hangs of shop:v1");
  });

  test("without a liveness probe a hang is for ever", () => {
    const hang = { kind: "constant", value: MINUTE } as const;
    const world = new SmallWorld({ images: [{ hang }] }).run(HOUR);
    expect(world.container(0)).toMatchObject({ phase: "running", hung: true, ready: false, restarts: 0 });
  });

  test("a full container that liveness reaches through its queue is killed", () => {
    const world = new SmallWorld({ services: [{ liveness: { ...probe, throughQueue: true } }] }).run(MINUTE);
    world.agent.hasRoom = () => false;
    world.run(2 * MINUTE);
    expect(world.container(0).restarts).toBeGreaterThan(0);
  });
});

describe("stopping a container", () => {
  const stopAt = (world: SmallWorld, time: number) =>
    world.at(time, () => world.cluster.setDesired(world.release, 0, 1)).run(time + 10 * MINUTE);

  const shutdowns = [
    { preStop: 0, gracePeriod: 30, term: 0, kill: 30 },
    { preStop: 5, gracePeriod: 30, term: 5, kill: 30 },
    { preStop: 29, gracePeriod: 30, term: 29, kill: 31 },
    { preStop: 45, gracePeriod: 30, term: 30, kill: 32 },
    { preStop: 0, gracePeriod: 0, term: 0, kill: 2 },
  ];
  test.each(shutdowns)(
    "with preStop $preStop s and grace $gracePeriod s, SIGTERM comes after $term s and SIGKILL after $kill s",
    ({ preStop, gracePeriod, term, kill }) => {
      const shutdown = { preStop: preStop * SECOND, gracePeriod: gracePeriod * SECOND };
      const world = new SmallWorld({ services: [{ shutdown }] });
      world.busy = true;
      stopAt(world, 100 * SECOND);
      expect(world.storyOf("shop-1").slice(-5)).toEqual([
        "100s deleted",
        "100s terminating",
        `${100 + term}s stopping`,
        `${100 + kill}s unready`,
        `${100 + kill}s gone`,
      ]);
    },
  );

  test("ends at SIGTERM when no request is inside", () => {
    const shutdown = { preStop: 5 * SECOND, gracePeriod: 30 * SECOND };
    const world = stopAt(new SmallWorld({ services: [{ shutdown }] }), 100 * SECOND);
    expect(world.storyOf("shop-1").slice(-3)).toEqual(["105s stopping", "105s unready", "105s gone"]);
  });

  test("holds its resources until it is gone, and answers until SIGTERM", () => {
    const shutdown = { preStop: 5 * SECOND, gracePeriod: 30 * SECOND };
    const world = new SmallWorld({ services: [{ shutdown }] });
    world.busy = true;
    world.at(100 * SECOND, () => world.cluster.setDesired(world.release, 0, 1)).run(104 * SECOND);
    expect(world.container(0)).toMatchObject({ answers: true, deleted: true });
    world.run(110 * SECOND);
    expect(world.container(0)).toMatchObject({ answers: false, stopping: true });
    expect(world.host("host-1").freeMillicores).toBe(3500);
    world.run(131 * SECOND);
    expect(world.host("host-1")).toMatchObject({ freeMillicores: 4000, containers: [] });
  });

  test("a crash while it stops is its end", () => {
    const world = new SmallWorld({ services: [{ shutdown: { preStop: 20 * SECOND, gracePeriod: 30 * SECOND } }] });
    world.at(100 * SECOND, () => world.cluster.setDesired(world.release, 0, 1));
    world.at(103 * SECOND, () => world.agent.crash(world.container(0), 1)).run(200 * SECOND);
    expect(world.storyOf("shop-1").at(-1)).toBe("103s gone");
  });

  test.each([
    { when: "pulling", at: 0.5 },
    { when: "starting", at: 2 },
  ])("one that is still $when goes at once", ({ when, at }) => {
    const world = new SmallWorld();
    world.run(at * SECOND);
    expect(world.container(0).phase).toBe(when);
    world.at(at * SECOND + 1, () => world.cluster.setDesired(world.release, 0, 1)).run(MINUTE);
    expect(world.container(0).phase).toBe("gone");
    expect(world.storyOf("shop-1").at(-1)).toBe(`${at + 1e-6}s gone`);
    expect(world.host("host-1")).toMatchObject({ freeMillicores: 4000, pulls: [] });
  });
});

describe("settling a container", () => {
  test("it runs and is ready at once, and its late 'assigned' does not start it again", () => {
    const world = new SmallWorld();
    const container = world.cluster.createContainer(world.release, 1);
    world.cycle.settle();
    world.agent.settle(container);
    world.run(MINUTE);
    expect(world.storyOf("shop-1")).toEqual(["0s assigned", "0s starting", "0s running", "0s ready"]);
  });
});
