import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HostSpec } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

/** Every host renews its lease at whole tens of seconds, so times come out round. */
function world(parts: WorldParts = {}): SmallWorld {
  const made = new SmallWorld(parts);
  for (const host of made.cluster.state.hosts) host.leasePhase = 0;
  return made;
}

const zoned = (...zones: string[]): Partial<HostSpec>[] => zones.map((zone) => ({ zone }));

/** When each host's containers were deleted, in seconds; hosts without are left out. */
function evictions(made: SmallWorld): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { deleted, deletedAt, host } of made.cluster.state.containers)
    if (deleted && host >= 0) times[made.cluster.host(host).spec.name] = deletedAt / SECOND;
  return times;
}

const crash = (made: SmallWorld, names: readonly string[], seconds: number, forSeconds?: number) =>
  made.at(seconds * SECOND, () => {
    const length = forSeconds === undefined ? undefined : forSeconds * SECOND;
    for (const name of names) made.troubles.crashHost(made.host(name), 1, length);
  });

describe("a host that falls silent", () => {
  test("is given up at the first look that finds its lease too old, and its containers count as not ready", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103).run(154 * SECOND);
    expect(made.host("host-1").known).toBe("reachable");
    expect(made.ready()).toBe(2);
    // The lease of 100 s is 50 s old at 150 s: not yet older.
    made.run(155 * SECOND);
    expect(made.host("host-1").known).toBe("unreachable");
    expect(made.ready()).toBe(1);
  });

  test("loses its containers after the toleration, and they are replaced elsewhere", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103).run(454 * SECOND);
    expect(made.cluster.state.containers).toHaveLength(2);
    made.run(460 * SECOND);
    expect(evictions(made)).toEqual({ "host-1": 455 });
    expect(made.ready()).toBe(2);
    expect(made.cluster.container(2).host).toBe(made.host("host-2").id);
  });

  test("keeps its containers if it comes back before it is given up", () => {
    const made = world({ hosts: 2 });
    crash(made, ["host-1", "host-2"], 103, 50).run(20 * MINUTE);
    expect(made.storyOf("host-1")).toEqual(["103s down", "153s up"]);
    expect(evictions(made)).toEqual({});
  });

  test("is spared if it comes back before its containers are deleted, and is known at its next heartbeat", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103, 300).run(20 * MINUTE);
    expect(made.storyOf("host-1")).toEqual(["103s down", "155s unreachable", "403s up", "410s reachable"]);
    expect(evictions(made)).toEqual({});
    expect(made.ready()).toBe(2);
  });

  test("gets its full time again when it falls silent again", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103, 300);
    crash(made, ["host-1"], 500).run(20 * MINUTE);
    expect(made.storyOf("host-1").slice(4)).toEqual(["500s down", "545s unreachable"]);
    expect(evictions(made)).toEqual({ "host-1": 845 });
  });

  test("that is silent again before its heartbeat has stayed unreachable, and is tainted anew", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103, 300);
    crash(made, ["host-1"], 405).run(20 * MINUTE);
    expect(made.storyOf("host-1")).toEqual(["103s down", "155s unreachable", "403s up", "405s down"]);
    expect(evictions(made)).toEqual({ "host-1": 705 });
  });

  test("has renewed its lease when it was heard in between, though it missed its usual moment", () => {
    const made = world();
    crash(made, ["host-1"], 103, 33);
    crash(made, ["host-1"], 138).run(5 * MINUTE);
    // Heard at 136 s, and more than 50 s later, at a look, is 190 s.
    expect(made.storyOf("host-1").at(-1)).toBe("190s unreachable");
  });

  test("takes no new containers while it is unreachable", () => {
    const made = world({ hosts: 2 });
    crash(made, ["host-1"], 103);
    made.at(200 * SECOND, () => made.cluster.setDesired(made.release, 4, 1)).run(210 * SECOND);
    const placed = made.cluster.state.containers.filter((container) => container.createdAt === 200 * SECOND);
    expect(placed.map((container) => container.host)).toEqual([1, 1, 1]);
  });
});

test("with Kubernetes' own times a crashed host's endpoints go 40 to 55 s later, and replacements come 300 s after that", () => {
  const crashedAt = fc.integer({ min: 60 * SECOND, max: 120 * SECOND });
  fc.assert(
    fc.property(crashedAt, fc.integer({ min: 1, max: 1_000_000 }), (at, seed) => {
      const made = new SmallWorld({ hosts: 2, services: [{ replicas: 2 }], seed });
      let goneAt = 0;
      made.cluster.journal.subscribe((fact) => {
        if (fact.kind === "container-unready") goneAt = made.cluster.now;
      });
      made.at(at, () => made.troubles.crashHost(made.host("host-1"), 1, undefined)).run(10 * MINUTE);
      // A lease of at most 10 s of age, 50 s until it is too old, and the next look of the 5 s between two.
      expect(goneAt - at).toBeGreaterThanOrEqual(40 * SECOND);
      expect(goneAt - at).toBeLessThanOrEqual(55 * SECOND);
      const replacement = made.cluster.container(2);
      expect(replacement.createdAt - goneAt).toBe(300 * SECOND);
      expect(replacement.host).toBe(made.host("host-2").id);
      expect(made.cluster.state.containers).toHaveLength(3);
    }),
    { numRuns: 60 },
  );
});

describe("a host that is cut off, though its containers run", () => {
  const cut = (made: SmallWorld, name: string, from: number, seconds: number) =>
    made.at(from * SECOND, () => made.troubles.partition(made.host(name), "control-plane", 1, seconds * SECOND));

  test("has them counted as not ready while it is given up, and as ready when it is heard again", () => {
    const made = world();
    cut(made, "host-1", 103, 100).run(5 * MINUTE);
    expect(made.storyOf("shop-1").slice(-2)).toEqual(["155s unready", "203s ready"]);
    expect(made.storyOf("host-1").slice(-2)).toEqual(["203s mended", "210s reachable"]);
  });

  test("runs twice what is evicted from it, and stops it when it is heard again", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    cut(made, "host-1", 103, 600).run(700 * SECOND);
    const [old] = made.cluster.state.containers.filter((container) => container.deleted);
    expect(old).toMatchObject({ phase: "running", answers: true, deletedAt: 455 * SECOND });
    expect(made.ready()).toBe(2);
    made.run(800 * SECOND);
    expect(old?.phase).toBe("gone");
  });

  test("a cut of clients only is none of the control plane's business", () => {
    const made = world();
    made.at(103 * SECOND, () => made.troubles.partition(made.host("host-1"), "clients", 1, undefined)).run(20 * MINUTE);
    expect(made.host("host-1").known).toBe("reachable");
  });
});

describe("the rate of evictions", () => {
  const eight = { hosts: 8, services: [{ replicas: 8 }] };

  test("is one host in ten seconds", () => {
    const made = world(eight);
    crash(made, ["host-1", "host-2", "host-3"], 103).run(20 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 455, "host-2": 465, "host-3": 475 });
  });

  test("is nought in a small zone with most of its hosts lost, until enough of them are back", () => {
    const made = world(eight);
    crash(made, ["host-1", "host-2", "host-3", "host-4"], 103);
    crash(made, ["host-5"], 103, 897).run(999 * SECOND);
    expect(evictions(made)).toEqual({});
    // host-5 is up at 1000 s, and its heartbeat is due then; the pace is back to one in 10 s, beginning with a whole pause.
    made.run(40 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 1310, "host-2": 1320, "host-3": 1330, "host-4": 1340 });
  });

  test("counts for each zone by itself", () => {
    const made = world({ hosts: zoned("a", "a", "a", "b", "b", "b"), services: [{ replicas: 6 }] });
    crash(made, ["host-1", "host-2", "host-4"], 103).run(20 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 455, "host-2": 465, "host-4": 455 });
  });

  test("is the usual one for a zone lost whole while another lives", () => {
    const made = world({ hosts: zoned("a", "a", "a", "b"), services: [{ replicas: 4 }] });
    crash(made, ["host-1", "host-2", "host-3"], 103).run(20 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 455, "host-2": 465, "host-3": 475 });
  });

  test("is nought when every host of every zone is lost, even for those tainted before", () => {
    const made = world({ hosts: zoned("a", "b"), services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103);
    crash(made, ["host-2"], 300, 1000).run(1299 * SECOND);
    expect(evictions(made)).toEqual({});
    // host-2 is heard at 1300 s: host-1 is tainted after one pause, and gets its full time from there.
    made.run(40 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 1610 });
  });

  test("is one in a hundred seconds in a large zone with most of its hosts lost", () => {
    const made = world({ hosts: 60, services: [{ replicas: 60, cpuMillicores: 100 }] });
    const names = Array.from({ length: 40 }, (_, i) => `host-${i + 1}`);
    crash(made, names, 103).run(455 * SECOND + 3 * 100 * SECOND);
    expect(Object.values(evictions(made)).sort((a, b) => a - b)).toEqual([455, 555, 655, 755]);
  });
});

describe("who is evicted", () => {
  test("not the containers of a service that nobody looks after", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }], pace: { notice: 1000 * MINUTE, act: MINUTE } });
    made.service.orchestrated = false;
    crash(made, ["host-1"], 103).run(60 * MINUTE);
    expect(made.host("host-1").known).toBe("unreachable");
    expect(evictions(made)).toEqual({});
  });

  test.each([
    { key: "node.kubernetes.io/unreachable", effect: "NoExecute", stays: true },
    { key: "node.kubernetes.io/unreachable", effect: undefined, stays: true },
    { key: undefined, effect: undefined, stays: true },
    { key: "node.kubernetes.io/unreachable", effect: "NoSchedule", stays: false },
    { key: "gpu", effect: "NoExecute", stays: false },
  ] as const)("one that tolerates {$key: $effect} for ever stays: $stays", ({ key, effect, stays }) => {
    const made = world({ hosts: 2, services: [{ replicas: 2, tolerations: [{ key, effect, operator: "Exists" }] }] });
    crash(made, ["host-1"], 103).run(20 * MINUTE);
    expect(Object.keys(evictions(made))).toEqual(stays ? [] : ["host-1"]);
  });
});

describe("while the control plane is down", () => {
  const outage = (made: SmallWorld, from: number, to: number) =>
    made.at(from * SECOND, () => made.troubles.controlPlaneDown((to - from) * SECOND));

  test("nobody is given up, and afterwards each host has its full time anew", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103);
    outage(made, 120, 300).run(20 * MINUTE);
    // Back at 300 s: more than 50 s later, at a look, is 355 s.
    expect(made.storyOf("host-1")).toEqual(["103s down", "355s unreachable"]);
    expect(evictions(made)).toEqual({ "host-1": 655 });
  });

  test("nobody is evicted, and the time of those given up before counts from its return", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103);
    outage(made, 400, 500).run(20 * MINUTE);
    expect(evictions(made)).toEqual({ "host-1": 800 });
  });

  test("a host that comes back is known only afterwards", () => {
    const made = world({ hosts: 2, services: [{ replicas: 2 }] });
    crash(made, ["host-1"], 103, 200);
    outage(made, 250, 402).run(20 * MINUTE);
    expect(made.storyOf("host-1")).toEqual(["103s down", "155s unreachable", "303s up", "410s reachable"]);
    expect(evictions(made)).toEqual({});
  });
});

test("what the control plane believes of a host is right again a minute after the last trouble", () => {
  const trouble = fc.record({
    host: fc.integer({ min: 0, max: 4 }),
    what: fc.constantFrom("crash", "cut", "control"),
    wait: fc.integer({ min: 0, max: 200 * SECOND }),
    length: fc.integer({ min: 1, max: 300 * SECOND }),
  });
  fc.assert(
    fc.property(fc.array(trouble, { maxLength: 12 }), (troubles) => {
      const made = new SmallWorld({ hosts: 5, services: [{ replicas: 5 }] });
      let time = 1;
      let over = 1;
      for (const { host, what, wait, length } of troubles) {
        time += wait;
        over = Math.max(over, time + length);
        made.at(time, () => {
          const row = made.cluster.host(host);
          if (what === "crash") made.troubles.crashHost(row, 1, length);
          else if (what === "cut") made.troubles.partition(row, "both", 1, length);
          else made.troubles.controlPlaneDown(length);
        });
      }
      made.run(over + MINUTE);
      expect(made.cluster.state.hosts.map((host) => host.known)).toEqual(Array.from({ length: 5 }, () => "reachable"));
      expect(made.lifecycle.state.zones).toMatchObject([{ unreachable: 0, queue: [] }]);
    }),
    { numRuns: 150 },
  );
});
