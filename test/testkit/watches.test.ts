import { describe, expect, test } from "vitest";
import { Simulation } from "../../src/simulation/simulation.ts";
import type { Watch } from "../../src/testkit/invariant.ts";
import { INVARIANTS } from "../../src/testkit/invariants.ts";
import { deploy, scenario, timeline } from "../support/scenarioBuilder.ts";

const STOOD = { time: 0, kind: "test", a: 0, b: 0 };
const MINUTE = 60_000_000;

/** A run of the plain shop, with a release at 30 s, that has come to one minute, and what an invariant says from then on. */
function watched(name: string): { readonly simulation: Simulation; readonly watch: Watch } {
  const simulation = new Simulation(scenario({ duration: 2 * MINUTE, timeline: timeline([30, deploy("shop:v2")]) }));
  const invariant = INVARIANTS.find((one) => one.name === name);
  const watch = invariant?.start?.(simulation, () => simulation.run());
  if (watch === undefined) throw new RangeError(`${name} watches nothing`);
  simulation.runUntil(MINUTE);
  return { simulation, watch };
}

describe("an invariant of runs accepts the state of a sound run, and refuses it broken", () => {
  test.each<{ name: string; what: string; spoil: (simulation: Simulation) => void }>([
    {
      name: "books-balance",
      what: "a host with less free than it should have",
      spoil: ({ world: { cluster } }) => {
        cluster.host(0).freeMillicores -= 1;
      },
    },
    {
      name: "containers-live-once",
      what: "a container that no release counts",
      spoil: ({ world: { cluster } }) => {
        for (const release of cluster.state.releases) release.members.length = 0;
      },
    },
    {
      name: "only-proven-get-traffic",
      what: "a balancer that knows one that never was ready",
      spoil: ({ world: { cluster } }) => {
        for (const container of cluster.state.containers) container.everReady = false;
      },
    },
  ])("$name: $what", ({ name, spoil }) => {
    const { simulation, watch } = watched(name);
    expect(watch.afterEvent?.(STOOD)).toBeUndefined();
    spoil(simulation);
    expect(watch.afterEvent?.(STOOD)).toMatch(/host-1|shop-/);
  });

  test("never-above-desired: one container more than wanted", () => {
    const { simulation, watch } = watched("never-above-desired");
    const { cluster } = simulation.world;
    const release = cluster.state.releases.find(({ desired }) => desired > 0);
    const container = cluster.state.containers.find((one) => one.release === release?.id);
    if (release === undefined || container === undefined) throw new RangeError("nothing runs");
    const created = { kind: "container-created", container } as Parameters<NonNullable<Watch["onFact"]>>[0];
    expect(watch.onFact?.(created, MINUTE, cluster)).toBeUndefined();
    release.desired -= 1;
    expect(watch.onFact?.(created, MINUTE, cluster)).toMatch(/where 4 are wanted/);
  });

  test.each(["requests-conserved", "causes-add-up"])("%s: a failure that nobody counts", (name) => {
    const { simulation, watch } = watched(name);
    const result = simulation.run();
    expect(watch.atEnd?.(result)).toBeUndefined();
    const { summary } = result;
    const shop = summary.services.shop;
    if (shop === undefined) throw new RangeError("no shop");
    const requests = { ...shop.requests, failed: shop.requests.failed + 1 };
    const spoilt = { ...result, summary: { ...summary, services: { shop: { ...shop, requests } } } };
    expect(watch.atEnd?.(spoilt)).toMatch(/shop/);
  });
});
