import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../../src/cluster/cluster.ts";
import { isActive } from "../../src/cluster/containers.ts";
import type { Scheduler } from "../../src/scheduling/framework.ts";
import { kubernetesScheduler } from "../../src/scheduling/kubernetesScheduler.ts";
import { Placements } from "../../src/scheduling/placements.ts";
import { BUILT_IN, type Catalogue } from "../../src/simulation/catalogue.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { anyScenario } from "../../src/testkit/arbitraries/anyScenario.ts";

/** By hand: every container of the cluster, of whatever release. */
function counted(cluster: Cluster, service: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const container of cluster.state.containers) {
    const { host } = container;
    if (container.service !== service || !isActive(container) || host < 0) continue;
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return counts;
}

/** What a scheduler would be shown of one host. */
function shown(cluster: Cluster, host: number): string {
  const rows = cluster.host(host).containers.map((id) => cluster.container(id));
  return JSON.stringify(rows.map(({ id, deleted, startedAt }) => [id, deleted, startedAt]));
}

function sorted(counts: ReadonlyMap<number, number>) {
  return [...counts].sort(([one], [other]) => one - other);
}

/** Holds the book against a count by hand, and what it calls unchanged against what was seen before. */
class Proof {
  readonly #seen = new Map<number, { readonly version: object; readonly rows: string }>();

  check({ cluster }: Simulation["world"], placements: Placements): void {
    for (const { id } of cluster.state.services)
      expect(sorted(placements.countsOf(id))).toEqual(sorted(counted(cluster, id)));
    for (const { id } of cluster.state.hosts) {
      const now = { version: placements.versionOf(id), rows: shown(cluster, id) };
      const before = this.#seen.get(id);
      if (before?.version === now.version) expect(now.rows).toBe(before.rows);
      this.#seen.set(id, now);
    }
  }
}

describe("who is where", () => {
  test("is what a count by hand says after every fact's event, and after the run was put back", () => {
    fc.assert(
      fc.property(anyScenario(), (scenario) => {
        const simulation = new Simulation(scenario);
        const { world } = simulation;
        const placements = new Placements(world.cluster);
        let stirred = true;
        world.cluster.journal.subscribe(() => {
          stirred = true;
        });
        const proof = new Proof();
        const half = simulation.checkpoint();
        for (let round = 0; round < 2; round++) {
          while (simulation.now < scenario.duration / 2 && simulation.step()) {
            if (stirred) proof.check(world, placements);
            stirred = false;
          }
          simulation.restore(half);
          placements.forget();
          proof.check(world, placements);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("lets the scheduler decide as if it looked at every container each time", () => {
    const looksEverywhere = (): Scheduler => {
      const inner = kubernetesScheduler();
      return {
        ...inner,
        place: (request, snapshot, random) => inner.place(request, { ...snapshot, placedVersion: () => ({}) }, random),
      };
    };
    const entry = { describe: "the slow way", settings: undefined, make: looksEverywhere };
    const schedulers = new Map([...BUILT_IN.schedulers, ["kubernetes", entry] as const]);
    const slow: Catalogue = { ...BUILT_IN, schedulers };
    fc.assert(
      fc.property(anyScenario({ schedulers: [{ name: "kubernetes", settings: {} }] }), (scenario) => {
        const fast = new Simulation(scenario).run().summary.digest;
        expect(new Simulation(scenario, { catalogue: slow }).run().summary.digest).toBe(fast);
      }),
      { numRuns: 80, seed: 4 },
    );
  });
});
