import { describe, expect, test } from "vitest";
import type { HazardSpec, HostSpec } from "../../src/cluster/spec.ts";
import type { Distribution } from "../../src/kernel/distributions.ts";
import { DAY, HOUR, MINUTE, NEVER, SECOND } from "../../src/kernel/time.ts";
import { SmallWorld, type WorldParts } from "../cluster/smallWorld.ts";

const constant = (value: number): Distribution => ({ kind: "constant", value });
const exponential = (mean: number): Distribution => ({ kind: "exponential", mean });

type Renewal = Extract<HazardSpec, { kind: "renewal" }>;

function renewal(part: Partial<Renewal>): HazardSpec {
  return { kind: "renewal", index: 0, what: "hosts", only: [], every: constant(HOUR), for: constant(MINUTE), ...part };
}

function outages(...rows: readonly (readonly [string, number, number])[]): HazardSpec {
  return {
    kind: "outages",
    index: 0,
    outages: rows.map(([host, from, to]) => ({ host, from: from * SECOND, to: to * SECOND })),
  };
}

/** Hosts only: no service. */
function hostsOnly(hazards: readonly HazardSpec[], parts: WorldParts = {}): SmallWorld {
  return new SmallWorld({ services: [], images: [], hazards, ...parts });
}

/** `{ "host-1": "60s down, 70s up" }`, for hosts that had anything happen. */
function histories(world: SmallWorld): Record<string, string> {
  const all: Record<string, string> = {};
  for (const { spec } of world.cluster.state.hosts) {
    const lines = world.storyOf(spec.name).filter((line) => /(down|up)$/.test(line));
    if (lines.length > 0) all[spec.name] = lines.join(", ");
  }
  return all;
}

/** Total time that each host was down, up to `end`. */
function downTimes(world: SmallWorld, end: number): number[] {
  return world.cluster.state.hosts.map(({ spec }) => {
    let total = 0;
    let since: number | undefined;
    for (const line of world.storyOf(spec.name)) {
      const at = Number.parseFloat(line) * SECOND;
      if (line.endsWith("down")) since = at;
      if (line.endsWith("up") && since !== undefined) {
        total += at - since;
        since = undefined;
      }
    }
    return since === undefined ? total : total + end - since;
  });
}

describe("hosts that fail by chance", () => {
  test("are up for one draw and down for another, in turn", () => {
    const world = hostsOnly([renewal({ every: constant(100 * SECOND), for: constant(10 * SECOND) })]);
    world.run(330 * SECOND);
    expect(histories(world)).toEqual({
      "host-1": "100s down, 110s up, 210s down, 220s up, 320s down, 330s up",
    });
  });

  test("stay down where no down time is given", () => {
    const world = hostsOnly([renewal({ every: constant(100 * SECOND), for: undefined })], { hosts: 2 }).run(DAY);
    expect(histories(world)).toEqual({ "host-1": "100s down", "host-2": "100s down" });
  });

  test("are only those that the hazard names", () => {
    const world = hostsOnly([renewal({ only: ["host-2"] })], { hosts: 3 }).run(2 * HOUR);
    expect(Object.keys(histories(world))).toEqual(["host-2"]);
  });

  test("are down for MTTR ÷ (MTBF + MTTR) of the time", () => {
    const hosts = 200;
    const end = 200 * HOUR;
    const hazard = renewal({ every: exponential(9 * HOUR), for: exponential(HOUR) });
    const world = hostsOnly([hazard], { hosts, seed: 7 }).run(end);
    const shares = downTimes(world, end).map((down) => down / end);
    const mean = shares.reduce((sum, share) => sum + share, 0) / hosts;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (hosts - 1);
    const standardError = Math.sqrt(variance / hosts);
    // Hosts begin up, which takes a little off: with rates λ = 1/9 and μ = 1, p/((λ + μ)·200) with p = 0.1, exactly.
    const expected = 0.1 - 0.1 / ((1 / 9 + 1) * 200);
    expect(Math.abs(mean - expected) / standardError).toBeLessThan(3);
    expect(standardError).toBeLessThan(0.005);
  });

  test("fail at the same times whichever other hosts there are", () => {
    const hazard = renewal({ every: exponential(HOUR), for: exponential(MINUTE) });
    const few = histories(hostsOnly([hazard], { hosts: 2 }).run(DAY));
    const many = histories(hostsOnly([hazard], { hosts: 9 }).run(DAY));
    expect(many).toMatchObject(few);
    expect(Object.keys(few)).toHaveLength(2);
    expect(few["host-1"]).not.toEqual(few["host-2"]);
  });

  test("fail at the same times whatever else befalls them", () => {
    const hazard = renewal({ every: constant(100 * SECOND), for: constant(10 * SECOND) });
    const world = hostsOnly([hazard]);
    world.at(95 * SECOND, () => world.troubles.crashHost(world.host("host-1"), 1, 50 * SECOND)).run(330 * SECOND);
    expect(histories(world)["host-1"]).toBe("95s down, 145s up, 210s down, 220s up, 320s down, 330s up");
  });

  test("draw anew for a second hazard over the same host", () => {
    const hazard = (index: number) => renewal({ index, every: exponential(HOUR), for: constant(0) });
    const once = downs(hostsOnly([hazard(0)]).run(DAY));
    const twice = downs(hostsOnly([hazard(0), hazard(1)]).run(DAY));
    expect(twice.length).toBeGreaterThan(once.length);
    expect(twice).toEqual(expect.arrayContaining(once));
    expect(new Set(twice).size).toBe(twice.length);
  });

  test("that are drawn to live for ever do", () => {
    const world = hostsOnly([renewal({ every: constant(NEVER) })]).run(365 * DAY);
    expect(histories(world)).toEqual({});
    expect(world.engine.nextTime()).toBe(Number.POSITIVE_INFINITY);
  });

  test("name the hazard and the host as the root", () => {
    const world = hostsOnly([renewal({ index: 3 })], { hosts: 2 }).run(HOUR);
    const labels = world.cluster.state.hosts.map((host) => world.cluster.state.roots[host.root]?.label);
    expect(labels).toEqual(["hazards[3] host-1", "hazards[3] host-2"]);
  });

  function downs(world: SmallWorld): string[] {
    return world.storyOf("host-1").filter((line) => line.endsWith("down"));
  }
});

test("a zone that fails takes all its hosts down at once, and no other", () => {
  const hosts: Partial<HostSpec>[] = [{ zone: "a" }, { zone: "b" }, { zone: "a" }];
  const hazard = renewal({ what: "zones", only: ["a"], every: exponential(HOUR), for: exponential(MINUTE) });
  const world = hostsOnly([hazard], { hosts }).run(DAY);
  const seen = histories(world);
  expect(Object.keys(seen)).toEqual(["host-1", "host-3"]);
  expect(seen["host-1"]).toEqual(seen["host-3"]);
  expect(world.cluster.state.roots[world.host("host-3").root]?.label).toBe("hazards[0] a");
});

describe("containers that fail by chance", () => {
  const hazard = (every: Distribution, only: readonly string[] = []) =>
    renewal({ what: "containers", every, for: undefined, only });

  test("crash after running for one draw, and their host restarts them", () => {
    const world = new SmallWorld({ hazards: [hazard(constant(15 * MINUTE))] }).run(40 * MINUTE);
    // Ready at 3 s; each run lasts 900 s, each start 2 s.
    expect(world.storyOf("shop-1").filter((line) => line.endsWith("backoff"))).toEqual([
      "903s backoff",
      "1805s backoff",
    ]);
    expect(world.cluster.state.roots[world.container(0).root]?.label).toBe("hazards[0] containers of shop");
  });

  test("begin their time anew when something else restarted them", () => {
    const world = new SmallWorld({ hazards: [hazard(constant(15 * MINUTE))] });
    world.at(10 * MINUTE, () => world.agent.crash(world.container(0), 1)).run(26 * MINUTE);
    expect(world.storyOf("shop-1").filter((line) => line.endsWith("backoff"))).toEqual([
      "600s backoff",
      "1502s backoff",
    ]);
  });

  test("are not struck while they start again after something else", () => {
    const world = new SmallWorld({ hazards: [hazard(constant(15 * MINUTE))] });
    // The strike was due at 903 s; at 902 s a crash of another kind comes first.
    world.at(902 * SECOND, () => world.agent.crash(world.container(0), 1)).run(1000 * SECOND);
    expect(world.storyOf("shop-1").slice(-3)).toEqual(["902s starting", "904s running", "904s ready"]);
  });

  test("are only those of the services that the hazard names", () => {
    const world = new SmallWorld({
      images: [{}, { name: "cart:v1" }],
      services: [{}, { name: "cart", image: "cart:v1" }],
      hazards: [hazard(constant(HOUR), ["cart"])],
    }).run(3 * HOUR);
    expect(world.cluster.state.containers.map(({ name, restarts }) => [name, restarts > 0])).toEqual([
      ["shop-1", false],
      ["cart-1", true],
    ]);
  });

  test("crash at the same times whichever other containers there are", () => {
    const crashes = (replicas: number) =>
      new SmallWorld({ hosts: 5, services: [{ replicas }], hazards: [hazard(exponential(HOUR))] })
        .run(DAY)
        .storyOf("shop-1")
        .filter((line) => line.endsWith("backoff"));
    expect(crashes(5)).toEqual(crashes(1));
    expect(crashes(1).length).toBeGreaterThan(10);
  });

  test("that are deleted are left in peace", () => {
    const world = new SmallWorld({ hazards: [hazard(constant(MINUTE))] });
    world.at(30 * SECOND, () => world.cluster.setDesired(world.release, 0, 1)).run(HOUR);
    expect(world.storyOf("shop-1").at(-1)).toBe("30s gone");
    expect(world.hazards.state.due[0]?.size).toBe(0);
  });
});

describe("outages on record", () => {
  test.each([
    {
      what: "one after another",
      rows: [["host-1", 10, 20] as const, ["host-1", 30, 40] as const],
      seen: "10s down, 20s up, 30s down, 40s up",
    },
    { what: "overlapping", rows: [["host-1", 10, 30] as const, ["host-1", 20, 40] as const], seen: "10s down, 40s up" },
    {
      what: "one inside another",
      rows: [["host-1", 10, 40] as const, ["host-1", 20, 30] as const],
      seen: "10s down, 40s up",
    },
    {
      what: "meeting without a gap",
      rows: [["host-1", 10, 20] as const, ["host-1", 20, 30] as const],
      seen: "10s down, 30s up",
    },
    {
      what: "not in order",
      rows: [["host-1", 30, 40] as const, ["host-1", 10, 20] as const],
      seen: "10s down, 20s up, 30s down, 40s up",
    },
    { what: "begun before the run", rows: [["host-1", -50, 20] as const], seen: "0s down, 20s up" },
    { what: "going on when the run ends", rows: [["host-1", 90, 200] as const], seen: "90s down" },
    {
      what: "before, after and without length",
      rows: [["host-1", -50, 0] as const, ["host-1", 101, 120] as const, ["host-1", 50, 50] as const],
      seen: undefined,
    },
  ])("$what: $seen", ({ rows, seen }) => {
    const world = hostsOnly([outages(...rows)], { hosts: 2, duration: 100 * SECOND }).run(100 * SECOND);
    expect(histories(world)).toEqual(seen === undefined ? {} : { "host-1": seen });
  });

  test("thousands of them happen, each for as long as on record", () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => [`host-${1 + (i % 20)}`, 60 * i, 60 * i + 30] as const);
    const world = hostsOnly([outages(...rows)], { hosts: 20, duration: 365 * DAY }).run(365 * DAY);
    expect(downTimes(world, 365 * DAY)).toEqual(Array.from({ length: 20 }, () => 600 * 30 * SECOND));
  });
});
