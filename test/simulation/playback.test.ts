import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE, type Micros, SECOND } from "../../src/kernel/time.ts";
import { kubernetesEventLog } from "../../src/reports/kubernetesEvents.ts";
import { Playback } from "../../src/simulation/playback.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { crashHost, deploy, scenario, service, timeline } from "../support/scenarioBuilder.ts";

const told = scenario({
  duration: 4 * MINUTE,
  services: [
    service({
      traffic: {
        arrivals: { kind: "poisson", perSecond: 5 },
        timeout: 5 * SECOND,
        retries: undefined,
        cancel: false,
      },
    }),
  ],
  timeline: timeline([30, deploy("shop:v2")], [100, crashHost("host-3", 40)]),
});

function playback() {
  const log = kubernetesEventLog();
  return new Playback(new Simulation(told, { listen: log.listen }), log);
}

/** Everything that tells two moments of a run apart. */
function seen({ simulation, log }: ReturnType<typeof playback>) {
  return {
    now: simulation.now,
    digest: simulation.digest,
    entries: [...log.entries],
    memory: structuredClone(log.memory),
    phases: simulation.world.cluster.state.containers.map(({ name, phase, ready }) => [name, phase, ready]),
  };
}

describe("a playback", () => {
  test("shows the same at a moment, whichever way it came there", () => {
    const moment = fc.integer({ min: 0, max: told.duration });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 5 }), (moments) => {
        const wandering = playback();
        for (const time of moments) wandering.windTo(time);
        const straight = playback();
        straight.windTo(moments.at(-1) as Micros);
        expect(seen(wandering)).toEqual(seen(straight));
      }),
      { numRuns: 25 },
    );
  });

  test("comes back from single steps to the same run", () => {
    const wandering = playback();
    for (let step = 0; step < 20; step++) wandering.next();
    const after = wandering.log.entries.length;
    wandering.windTo(10 * SECOND);
    expect(wandering.log.entries).toEqual([]);
    wandering.windTo(4 * MINUTE);
    expect(wandering.log.entries.length).toBeGreaterThan(after);
    const straight = playback();
    straight.windTo(4 * MINUTE);
    expect(seen(wandering)).toEqual(seen(straight));
  });

  test("steps through every entry once, then stands at the end", () => {
    const stepping = playback();
    const steps = [];
    for (let more = stepping.next() ?? []; more.length > 0; more = stepping.next() ?? []) steps.push(...more);
    expect(steps).toEqual(stepping.log.entries);
    expect(steps.length).toBeGreaterThan(30);
    expect(stepping.now).toBe(told.duration);
  });

  test("ends a slice after its events, and goes on from there", () => {
    const sliced = playback();
    let slices = 1;
    while (!sliced.windTo(MINUTE, 50)) slices++;
    expect(slices).toBeGreaterThan(5);
    const straight = playback();
    straight.windTo(MINUTE);
    expect(seen(sliced)).toEqual(seen(straight));
  });

  test("stops looking for the next entry after so many events, and finds it later", () => {
    const stepping = playback();
    expect(stepping.next(10)).toBeUndefined();
    expect(stepping.simulation.events).toBe(10);
    expect(stepping.next()?.[0]).toMatchObject({ reason: "ScalingReplicaSet" });
  });

  test("knows the moment before, and that there is none before the first", () => {
    const stepping = playback();
    expect(stepping.previousMoment()).toBe(0);
    const [first] = stepping.next() ?? [];
    expect(stepping.previousMoment()).toBe(0);
    stepping.next();
    expect(stepping.previousMoment()).toBe(first?.at);
  });

  test("stays within the run", () => {
    const past = playback();
    past.windTo(told.duration + MINUTE);
    expect(past.now).toBe(told.duration);
    past.windTo(-MINUTE);
    expect(past.now).toBe(0);
  });
});
