import { describe, expect, test } from "vitest";
import type { Scenario, ServiceSpec } from "../../src/cluster/spec.ts";
import { MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { restOf } from "../../src/testkit/invariants/quiet.ts";
import { crashHost, deploy, hosts, image, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const LIVENESS = { period: SECOND, successes: 1, failures: 3, throughQueue: false };
const QUIET = { ...service().traffic, arrivals: { kind: "none" as const } };

/** Ten minutes of one container. */
function small(part: Partial<Scenario>, shop: Partial<ServiceSpec> = {}): Scenario {
  const services = [service({ replicas: 1, traffic: QUIET, ...shop })];
  return scenario({ duration: 10 * MINUTE, services, images: [image("shop:v1")], ...part });
}

/** From when rest is expected, at the beginning and after so long. */
function expected(given: Scenario, until: Micros): readonly [first: Micros, then: Micros] {
  const rest = restOf(given);
  const first = rest.from();
  const simulation = new Simulation(given, { listen: (fact, now, cluster) => rest.hear(fact, now, cluster) });
  simulation.runUntil(until);
  return [first, rest.from()];
}

describe("rest is expected", () => {
  test("a bound after the last entry of the timeline, wherever nothing else happens", () => {
    const [first, then] = expected(small({ timeline: timeline([60, deploy("shop:v1")]) }), 5 * MINUTE);
    expect(first).toBeGreaterThan(90 * SECOND);
    expect(first).toBeLessThan(3 * MINUTE);
    expect(then).toBe(first);
  });

  test("a bound after the last process that hung was killed, and later again when the next one does", () => {
    const hanging = small(
      { images: [image("shop:v1", { hang: { kind: "constant", value: 100 * SECOND } })] },
      { liveness: LIVENESS },
    );
    const [first, then] = expected(hanging, 2 * MINUTE);
    const [, later] = expected(hanging, 6 * MINUTE);
    expect(then).toBeGreaterThan(first);
    expect(later).toBeGreaterThan(then + 100 * SECOND);
  });

  test("a bound after a lost host was heard again, which nobody waits for beforehand", () => {
    const lost = small({ timeline: timeline([10, crashHost("host-1", 20)]) });
    const [first, then] = expected(lost, MINUTE);
    expect(first).toBeLessThan(3 * MINUTE);
    expect(then).toBeGreaterThanOrEqual(first);
  });

  test("after the last of the hazards, as far as they are known", () => {
    const hazard = {
      index: 0,
      what: "hosts" as const,
      only: [],
      for: { kind: "constant" as const, value: 10 * SECOND },
    };
    const every = { kind: "constant" as const, value: 2 * MINUTE };
    const hazards = [{ kind: "renewal" as const, every, ...hazard }];
    const [first, then] = expected(small({ hazards }), 5 * MINUTE);
    expect(then).toBeGreaterThan(first + 2 * MINUTE);
  });

  test.each<{ of: string; shop?: Partial<ServiceSpec>; part?: Partial<Scenario> }>([
    { of: "a service with a bad version", part: { images: [image("shop:v1", { ready: false })] } },
    { of: "a version that errs", part: { images: [image("shop:v1", { errors: 0.1 })] } },
    { of: "a probe through the queue", shop: { readiness: { ...LIVENESS, throughQueue: true } } },
    { of: "a person at work", shop: { strategy: { name: "by-hand", settings: {} } } },
    { of: "an autoscaler", shop: { autoscale: { min: 1, max: 2, metrics: [], behavior: undefined } } },
  ])(
    "never of $of, and all the same of the service beside it, unless that may be preempted",
    ({ shop = {}, part = {} }) => {
      const given = small(part, shop);
      expect(restOf(given).from()).toBe(Number.POSITIVE_INFINITY);
      const images = [...given.images, image("cart:v1")];
      const cart = (priority: number) =>
        service({ name: "cart", image: "cart:v1", replicas: 1, traffic: QUIET, priority });
      const beside = (priority: number) =>
        restOf({
          ...given,
          images,
          cluster: { ...given.cluster, hosts: hosts(2) },
          services: [...given.services, cart(priority)],
        });
      expect([...beside(0).judged]).toEqual(["cart"]);
      expect(beside(0).from()).toBeLessThan(3 * MINUTE);
      expect(beside(-1).from()).toBe(Number.POSITIVE_INFINITY);
    },
  );
});
