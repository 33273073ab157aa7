import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isActive } from "../../src/cluster/containers.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import type { Server } from "../../src/traffic/servers.ts";
import { anyScenario, anyVitalScenario } from "../support/anyScenario.ts";

/** Two of three with containers that nobody asks whether they live. */
const anyOfBoth = fc.oneof({ arbitrary: anyScenario, weight: 2 }, { arbitrary: anyVitalScenario, weight: 1 });
const RUNS = { numRuns: 60, seed: 20_261_123 };

describe("whatever happens", () => {
  test("every request that arrived has succeeded, failed for a named cause, or is still in flight", () => {
    fc.assert(
      fc.property(anyOfBoth, (scenario) => {
        const { summary } = new Simulation(scenario).run();
        for (const { requests } of Object.values(summary.services)) {
          expect(requests.inFlight).toBeGreaterThanOrEqual(0);
          expect(requests.arrived).toBe(requests.succeeded + requests.failed + requests.inFlight);
          expect(requests.failures.reduce((sum, { count }) => sum + count, 0)).toBe(requests.failed);
          expect(requests.attempts).toBe(requests.arrived + requests.retries);
          const failedAttempts = Object.values(requests.failedAttempts).reduce((sum, count) => sum + count, 0);
          expect(failedAttempts).toBeGreaterThanOrEqual(requests.failed);
          const byVersion = Object.values(requests.byVersion);
          expect(byVersion.reduce((sum, version) => sum + version.succeeded, 0)).toBe(requests.succeeded);
          for (const { root } of requests.failures) expect(root).not.toBe("unknown");
        }
      }),
      RUNS,
    );
  });

  test("a host's free resources are its capacity less what is bound to it, and never negative", () => {
    fc.assert(
      fc.property(anyOfBoth, fc.integer({ min: 1, max: 300 }), (scenario, stop) => {
        const simulation = new Simulation(scenario);
        simulation.runUntil(stop * 1_000_000);
        const { state } = simulation.world.cluster;
        for (const host of state.hosts) {
          const bound = state.containers.filter(({ host: id, phase }) => id === host.id && phase !== "gone");
          const used = bound.reduce((sum, { service }) => sum + (state.services[service]?.spec.cpuMillicores ?? 0), 0);
          expect(host.freeMillicores).toBe(host.spec.cpuMillicores - used);
          expect(host.freeMillicores).toBeGreaterThanOrEqual(0);
          expect([...host.containers].sort((a, b) => a - b)).toEqual(bound.map(({ id }) => id));
        }
        for (const release of state.releases) {
          const members = state.containers.filter((one) => one.release === release.id && one.phase !== "gone");
          expect(release.members).toEqual(members.map(({ id }) => id));
          expect(members.filter(isActive).every(({ deleted }) => !deleted)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("the requests that servers count are the ones that the table holds", () => {
    fc.assert(
      fc.property(anyOfBoth, fc.integer({ min: 1, max: 300 }), (scenario, stop) => {
        const simulation = new Simulation(scenario);
        simulation.runUntil(stop * 1_000_000);
        const { servers, services } = simulation.world.traffic.state;
        for (const server of servers) expectSound(server, simulation.world.cluster.container(server.container).hung);
        for (const traffic of services) {
          const own = servers.filter(({ service }) => service === traffic.service);
          expect(traffic.busy).toBe(own.reduce((sum, { busy }) => sum + busy, 0));
          expect(traffic.takers).toBe(own.filter(({ open, views }) => open && views > 0).length);
          for (const view of traffic.views) {
            expect(view.known).toEqual(expect.arrayContaining(view.pickable));
            expect(Math.min(0, ...view.outstanding)).toBe(0);
          }
        }
      }),
      RUNS,
    );
  });
});

function expectSound(server: Server, hung: boolean): void {
  expect(server.busy).toBeGreaterThanOrEqual(0);
  expect(server.busy).toBeLessThanOrEqual(server.slots);
  expect(server.queued).toBeLessThanOrEqual(server.queueLimit);
  // A process that hangs takes nobody from its queue.
  if (server.queued > 0 && !hung) expect(server.busy).toBe(server.slots);
}
