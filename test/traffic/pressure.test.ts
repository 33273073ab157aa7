import { expect, test } from "vitest";
import type { ServiceSpec } from "../../src/cluster/spec.ts";
import { MILLISECOND, SECOND } from "../../src/kernel/time.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

/** One container with one slot of 10 ms under 60 requests a second: 60 % busy, and a queue of 1000. */
function one(part: Partial<ServiceSpec> = {}) {
  const base = service();
  return {
    cluster: { ...scenario().cluster, hosts: hosts(1) },
    images: [image("shop:v1", { service: { kind: "constant", value: 10 * MILLISECOND } })],
    services: [
      service({
        replicas: 1,
        slots: 1,
        queue: 1000,
        traffic: { ...base.traffic, arrivals: { kind: "constant", perSecond: 60 }, timeout: 2 * SECOND },
        ...part,
      }),
    ],
  };
}

test("a queue remembers what filled it: the burst is to blame until the queue has been empty", () => {
  const burst = { kind: "traffic" as const, service: "shop", factor: 5, for: 5 * SECOND };
  const { requests } = simulate(scenario({ ...one(), timeline: timeline([60, burst]) })).summary.services.shop ?? {};
  // The burst ends at 65 s; the backlog of some 1,000 takes until 90 s, and all that time requests wait too long.
  expect(requests?.failures.map(({ root }) => root)).toEqual(["timeline[0] traffic × 5 to shop at 1m"]);
  expect(requests?.failed).toBeGreaterThan(1000);
});

test("a container taken out because its queue is full lays the outage to what filled the queue", () => {
  const readiness = { period: SECOND, successes: 1, failures: 2, throughQueue: true };
  const burst = { kind: "traffic" as const, service: "shop", factor: 5, for: 20 * SECOND };
  const { downtime } =
    simulate(scenario({ ...one({ readiness, queue: 20 }), timeline: timeline([60, burst]) })).summary.services.shop ??
    {};
  expect(downtime?.outages).toBeGreaterThan(0);
  expect(new Set(downtime?.list.map(({ root }) => root))).toEqual(new Set(["timeline[0] traffic × 5 to shop at 1m"]));
});
