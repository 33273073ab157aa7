import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Container } from "../../src/cluster/containers.ts";
import { isUp } from "../../src/cluster/hosts.ts";
import { copy } from "../../src/kernel/copy.ts";
import { BAND } from "../../src/kernel/engine.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { GIBIBYTE, SmallWorld } from "./smallWorld.ts";

const HOSTS = 4;
/** What can happen at one moment: to whom, by whatever number, and for how long. */
interface Strike {
  readonly world: SmallWorld;
  readonly which: number;
  readonly length: number;
}

const CUTS = ["control-plane", "clients", "both"] as const;
const hostOf = ({ world, which }: Strike) => world.cluster.host(which % HOSTS);
const serviceOf = ({ world, which }: Strike) => world.cluster.service(which % 2);
const containerOf = ({ world, which }: Strike) =>
  world.container(which % Math.max(1, world.cluster.state.containers.length)) as Container | undefined;

const STRIKES = {
  "host-crash": (it: Strike) => it.world.troubles.crashHost(hostOf(it), 1, it.length),
  cut: (it: Strike) => it.world.troubles.partition(hostOf(it), CUTS[it.which % 3] ?? "both", 1, it.length),
  slow: (it: Strike) => it.world.troubles.slow(hostOf(it), 1 + (it.which % 5) / 2, 1, it.length),
  registry: (it: Strike) => it.world.troubles.registryDown(it.length),
  "control-plane": (it: Strike) => it.world.troubles.controlPlaneDown(it.length),
  crash: (it: Strike) => {
    const container = containerOf(it);
    if (container !== undefined) it.world.agent.crash(container, 1);
  },
  delete: (it: Strike) => {
    const container = containerOf(it);
    if (container !== undefined) it.world.cluster.deleteContainer(container, 1, "by a test");
  },
  scale: (it: Strike) => {
    const service = serviceOf(it);
    it.world.cluster.setDesired(it.world.cluster.release(service.current), it.which % (service.id === 0 ? 8 : 4), 1);
  },
  deploy: ({ world: { cluster }, which }: Strike) => {
    const old = cluster.release(cluster.service(0).current);
    const next = cluster.addRelease(cluster.service(0), which % 2 === 0 ? "shop:v1" : "shop:v2", 1);
    cluster.setDesired(next, old.desired, 1);
    cluster.setDesired(old, 0, 1);
  },
  "by-hand": (it: Strike) => {
    serviceOf(it).orchestrated = it.which % 3 === 0;
  },
};

interface Trouble {
  readonly kind: keyof typeof STRIKES;
  readonly at: number;
  readonly length: number;
  /** Whom it meets, and how much: any number will do. */
  readonly which: number;
}

const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom(...(Object.keys(STRIKES) as (keyof typeof STRIKES)[])),
  at: fc.integer({ min: 0, max: 15 * MINUTE }),
  length: fc.integer({ min: 0, max: 10 * MINUTE }),
  which: fc.nat(1000),
});

const anyTroubles = fc.array(anyTrouble, { maxLength: 25 });

/** Two services of different sizes on four hosts, with these troubles; room for all wanted as long as all hosts are up. */
function troubledWorld(troubles: readonly Trouble[], seed: number): SmallWorld {
  const world = new SmallWorld({
    seed,
    hosts: HOSTS,
    images: [
      {
        startup: { kind: "uniform", min: SECOND, max: 20 * SECOND },
        crash: { kind: "exponential", mean: 20 * MINUTE },
      },
      { name: "shop:v2", sizeBytes: 3 * GIBIBYTE },
      { name: "cart:v1" },
    ],
    services: [
      { replicas: 5, shutdown: { preStop: 5 * SECOND, gracePeriod: 30 * SECOND } },
      { name: "cart", image: "cart:v1", replicas: 3, cpuMillicores: 900, spread: { over: "host", required: true } },
    ],
    scheduling: 5000,
    reaction: 50_000,
  });
  const strikes = world.engine.define("trouble", BAND.failures, (i) => {
    const { kind, which, length } = troubles[i] as Trouble;
    STRIKES[kind]({ world, which, length });
  });
  troubles.forEach((trouble, i) => {
    world.engine.at(trouble.at, strikes, i);
  });
  return world;
}

/** Every claim about the rows that must hold between any two events. */
function holds(world: SmallWorld): void {
  const { state } = world.cluster;
  const bound = new Map<number, Container[]>(state.hosts.map((host) => [host.id, []]));
  for (const container of state.containers)
    if (container.phase !== "gone" && container.host >= 0) bound.get(container.host)?.push(container);
  for (const host of state.hosts) {
    const here = bound.get(host.id) ?? [];
    const specs = here.map((container) => world.cluster.service(container.service).spec);
    expect([...host.containers].sort((a, b) => a - b)).toEqual(here.map((container) => container.id));
    expect(host.freeMillicores).toBe(specs.reduce((free, spec) => free - spec.cpuMillicores, host.spec.cpuMillicores));
    expect(host.freeBytes).toBe(specs.reduce((free, spec) => free - spec.memoryBytes, host.spec.memoryBytes));
    expect(
      Math.min(host.freeMillicores, host.freeBytes, host.downs, host.controlCuts, host.clientCuts),
    ).toBeGreaterThanOrEqual(0);
    if (!isUp(host)) expect(here.filter((container) => container.answers || container.probed)).toEqual([]);
  }
  const { waiting, parked, stirred } = world.cycle.state;
  const queued = [...waiting, ...parked.keys(), ...stirred.keys()];
  expect(new Set(queued).size).toBe(queued.length);
  for (const container of state.containers) rightInItself(world, container, queued);
}

function rightInItself(world: SmallWorld, container: Container, queued: readonly number[]): void {
  const { phase, answers, probed, ready } = container;
  if (phase === "pending") expect(queued).toContain(container.id);
  else expect([...world.cycle.state.parked.keys(), ...world.cycle.state.stirred.keys()]).not.toContain(container.id);
  if (answers) expect(["running", "terminating"]).toContain(phase);
  if (phase === "gone") expect([answers, probed, ready]).toEqual([false, false, false]);
  expect(world.cluster.release(container.release).members.includes(container.id)).toBe(phase !== "gone");
}

function endOf(troubles: readonly Trouble[]): number {
  return Math.max(0, ...troubles.map(({ at, length }) => at + length));
}

/** Everything that the run came to; handles of events name places in the queue, which differ between runs. */
function outcome(world: SmallWorld, end: number) {
  const digest = world.run(end).engine.digest();
  const state = copy(world.cluster.state);
  for (const container of state.containers)
    for (const run of Object.values(container.probes)) if (run !== undefined) run.handle = -1;
  return { digest, state };
}

describe("a small closed world under any troubles", () => {
  test("keeps its books between any two events", () => {
    fc.assert(
      fc.property(anyTroubles, fc.nat(), (troubles, seed) => {
        const world = troubledWorld(troubles, seed);
        world.engine.observe(() => holds(world));
        world.run(endOf(troubles) + 10 * MINUTE);
      }),
      { numRuns: 25 },
    );
  });

  test("has in the end what was asked for, all of it alive", () => {
    fc.assert(
      fc.property(anyTroubles, fc.nat(), (troubles, seed) => {
        const world = troubledWorld(troubles, seed);
        // Back-offs of 5 minutes, pulls and repairs by hand: an hour is plenty.
        world.run(endOf(troubles) + 60 * MINUTE);
        const { cluster } = world;
        for (const release of cluster.state.releases) {
          const orchestrated = cluster.service(release.service).orchestrated;
          const active = cluster.activeOf(release);
          if (orchestrated) expect(active).toHaveLength(release.desired);
          else expect(active.length).toBeLessThanOrEqual(release.desired);
          for (const container of active)
            expect(["running", "starting", "backoff", "crashed"]).toContain(container.phase);
          expect(cluster.membersOf(release)).toHaveLength(active.length);
        }
        expect(world.cycle.state).toMatchObject({ waiting: [], parked: new Map(), stirred: new Map() });
      }),
      { numRuns: 100 },
    );
  });

  test("goes on after a checkpoint as if nothing had been, in the same world and in another", () => {
    fc.assert(
      fc.property(anyTroubles, fc.nat(), fc.integer({ min: 0, max: 20 * MINUTE }), (troubles, seed, at) => {
        const end = endOf(troubles) + 10 * MINUTE + at;
        const world = troubledWorld(troubles, seed).run(at);
        const saved = world.save();
        const first = outcome(world, end);
        world.restore(saved);
        expect(outcome(world, end)).toEqual(first);
        const other = troubledWorld(troubles, seed);
        other.restore(saved);
        expect(outcome(other, end)).toEqual(first);
        expect(troubledWorld(troubles, seed).run(end).engine.digest()).toBe(first.digest);
      }),
      { numRuns: 30 },
    );
  });
});
