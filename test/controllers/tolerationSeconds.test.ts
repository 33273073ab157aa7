import { expect, test } from "vitest";
import type { Toleration } from "../../src/cluster/spec.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { crashHost, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const unreachable = (evictAfter: number | undefined): Toleration => ({
  key: "node.kubernetes.io/unreachable",
  operator: "Exists",
  effect: "NoExecute",
  evictAfter,
});

/** When the container of a lost host was given up, in seconds after the crash; undefined: not in ten minutes. */
function givenUpAfter(tolerations: readonly Toleration[]): number | undefined {
  const simulation = new Simulation(
    scenario({
      duration: 11 * MINUTE,
      services: [service({ tolerations })],
      timeline: timeline([60, crashHost("host-2")]),
    }),
  );
  simulation.run();
  const lost = simulation.world.cluster.state.containers.find(({ deleted }) => deleted);
  return lost === undefined ? undefined : lost.deletedAt / SECOND - 60;
}

// The lease runs out 40 to 55 s after the crash; evictions of a zone are 10 s apart at the least.
test.each([
  { when: "nothing is said: after five minutes more", tolerations: [], least: 340, most: 366 },
  { when: "tolerationSeconds says 30", tolerations: [unreachable(30 * SECOND)], least: 70, most: 96 },
  { when: "tolerationSeconds says 0", tolerations: [unreachable(0)], least: 40, most: 66 },
])("a lost container is given up $when", ({ tolerations, least, most }) => {
  const after = givenUpAfter(tolerations);
  expect(after).toBeGreaterThanOrEqual(least);
  expect(after).toBeLessThanOrEqual(most);
});

test("one that tolerates the loss without an end is never given up", () => {
  expect(givenUpAfter([unreachable(undefined)])).toBeUndefined();
});
