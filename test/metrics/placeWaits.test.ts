import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { anyScenario } from "../support/anyScenario.ts";
import { crashHost, hosts, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const quiet: Partial<ServiceSpec> = {
  replicas: 3,
  traffic: { arrivals: { kind: "none" }, timeout: SECOND, retries: undefined, cancel: false },
};

function run(scheduler: string, part: Partial<ServiceSpec>, more: Partial<Scenario> = {}) {
  const cluster = { ...scenario().cluster, hosts: hosts(3), scheduler: { name: scheduler, settings: {} } };
  return scenario({ cluster, services: [service({ ...quiet, ...part })], ...more });
}

const waitsOf = (told: Scenario) => simulate(told).summary.services.shop?.containers.waits;
const never = { of: 3, open: true, startS: 0, endS: 300, longestS: 300, hosts: 3, behind: 0 };

describe("containers that never find a place", () => {
  const schedulers = ["default", "bin-pack", "first-fit", "random", "kubernetes"];

  test.each(schedulers)("are told with what the scheduler %s said", (scheduler) => {
    expect(waitsOf(run(scheduler, { cpuMillicores: 5000 }))).toEqual([
      { ...never, containers: 3, reasons: ["3 Insufficient cpu"] },
    ]);
  });

  test("count alone: those that have a place are none of them", () => {
    expect(waitsOf(run("default", { cpuMillicores: 3000, replicas: 5 }))).toEqual([
      { ...never, containers: 2, of: 5, reasons: ["3 Insufficient cpu"] },
    ]);
  });

  test("are still told where the measured time begins later, and count as unschedulable", () => {
    const told = run("default", { cpuMillicores: 5000 }, { warmup: MINUTE });
    const containers = simulate(told).summary.services.shop?.containers;
    expect(containers?.waits).toMatchObject([{ containers: 3, open: true, startS: 0 }]);
    expect(containers?.unschedulable).toBe(3);
  });

  test("of an ordered StatefulSet hold the rest back; of a parallel one they do not", () => {
    const set = { workload: "StatefulSet" as const, cpuMillicores: 5000 };
    expect(waitsOf(run("kubernetes", set))).toMatchObject([{ containers: 1, of: 3, behind: 2 }]);
    expect(waitsOf(run("kubernetes", { ...set, podManagement: "Parallel" }))).toMatchObject([
      { containers: 3, of: 3, behind: 0 },
    ]);
  });

  test("because no scheduler takes them say that nobody tried", () => {
    const pod = { namespace: "default", labels: {}, spec: { schedulerName: "nobody" }, ownerSelector: undefined };
    expect(waitsOf(run("kubernetes", { pod }))).toEqual([{ ...never, containers: 3, hosts: null, reasons: [] }]);
  });

  test("are told as the scheduler saw it last", () => {
    const told = run("default", { cpuMillicores: 5000 }, { timeline: timeline([60, crashHost("host-1")]) });
    const waits = waitsOf({ ...told, duration: 10 * MINUTE });
    expect(waits).toMatchObject([{ containers: 3, reasons: ["1 host(s) were unreachable", "2 Insufficient cpu"] }]);
  });
});

describe("containers that find a place late", () => {
  test("are told where the wait was long, with its length, and why it was", () => {
    expect(waitsOf(lateBy(90))).toMatchObject([
      { containers: 1, open: false, longestS: 89.905, reasons: ["1 host(s) were unschedulable", "2 Insufficient cpu"] },
    ]);
  });

  test("are no news where it was as short as a container may take to make room", () => {
    expect(waitsOf(lateBy(25))).toEqual([]);
  });

  test("in the warm-up are forgotten", () => {
    expect(waitsOf({ ...lateBy(90), warmup: 200 * SECOND })).toEqual([]);
  });
});

/** A third container is asked for at 60 s; the host that has room for it opens so much later. */
function lateBy(seconds: number): Scenario {
  return run(
    "default",
    { cpuMillicores: 4000, replicas: 2 },
    {
      timeline: timeline(
        [0, { kind: "cordon", host: "host-3" }],
        [60, { kind: "scale", service: "shop", replicas: 3 }],
        [60 + seconds, { kind: "uncordon", host: "host-3" }],
      ),
    },
  );
}
/** The same by listening to the run and looking at its end. */
function byHand(told: Scenario) {
  const refused = new Set<number>();
  const sums = { open: 0, ended: 0 };
  const simulation = new Simulation(told, {
    listen: (fact, now: Micros) => {
      if (fact.kind === "container-unschedulable") refused.add(fact.container.id);
      if (fact.kind !== "container-phase" || fact.from !== "pending") return;
      if (now - fact.container.createdAt > 30 * SECOND && now >= told.warmup) sums.ended++;
    },
  });
  const { summary } = simulation.run();
  for (const { id, phase, createdAt } of simulation.world.cluster.state.containers) {
    const waits = refused.has(id) || told.duration - createdAt > 30 * SECOND;
    if (phase === "pending" && waits) sums.open++;
  }
  return { summary, sums };
}

test("every container that waits, or waited long, is counted once", () => {
  const seen = { open: 0, ended: 0 };
  // Two fit on a host, so that many have no place.
  const tight = anyScenario.map((told) => ({
    ...told,
    services: told.services.map((spec) => ({ ...spec, cpuMillicores: 2000 })),
  }));
  fc.assert(
    fc.property(tight, (told) => {
      const { summary, sums } = byHand(told);
      const rows = Object.values(summary.services).flatMap(({ containers }) => containers.waits);
      const sum = (open: boolean) =>
        rows.filter((row) => row.open === open).reduce((total, { containers }) => total + containers, 0);
      expect({ open: sum(true), ended: sum(false) }).toEqual(sums);
      seen.open += sums.open;
      seen.ended += sums.ended;
    }),
    { numRuns: 60, seed: 5 },
  );
  expect(Math.min(seen.open, seen.ended)).toBeGreaterThan(10);
});
