import { describe, expect, test } from "vitest";
import type { TimelineAction } from "../../src/cluster/spec.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { Simulation, simulate } from "../../src/simulation/simulation.ts";
import { deploy, scenario, timeline } from "../support/scenarioBuilder.ts";

const crash: TimelineAction = { kind: "crash", what: "container", name: "shop-2", for: 20 * SECOND };
const surge: TimelineAction = { kind: "traffic", service: "shop", factor: 3, for: 10 * SECOND };

describe("an action in mid-run", () => {
  test("gives the run that the same entries of a file give, failures and their roots included", () => {
    const entries = timeline([10, deploy("shop:v2")], [12, crash], [40, surge]);
    const whole = scenario({ timeline: entries });
    const driven = new Simulation(scenario({ timeline: [] }));
    for (const { at, action } of entries) {
      driven.runUntil(at - SECOND);
      driven.act(action, at);
    }
    expect(driven.run()).toEqual(simulate(whole));
  });

  test("is part of a checkpoint, done or still to come", () => {
    const run = new Simulation(scenario({ timeline: timeline([5, deploy("shop:v2")]) }));
    run.runUntil(20 * SECOND);
    run.act(surge);
    run.act(crash, 30 * SECOND);
    run.runUntil(21 * SECOND);
    const saved = run.checkpoint();
    const twin = run.fork();
    const end = run.run().summary;
    expect(twin.run().summary).toEqual(end);
    run.restore(saved);
    run.act({ kind: "scale", service: "shop", replicas: 1 });
    expect(run.run().summary.digest).not.toBe(end.digest);
    run.restore(saved);
    expect(run.run().summary).toEqual(end);
  });

  test.each<[string, TimelineAction, number | undefined, string]>([
    [
      "a service that is not there",
      { kind: "rollback", service: "cart" },
      undefined,
      'no service "cart"; expected one of shop',
    ],
    ["a host that is not there", { kind: "drain", host: "mars" }, undefined, 'no host "mars"'],
    ["an image that is not there", deploy("shop:v9"), undefined, 'no image "shop:v9"'],
    ["the past", deploy("shop:v2"), SECOND, "expected whole µs from now"],
    ["after the end", deploy("shop:v2"), 10 ** 12, "expected whole µs from now"],
  ])("is refused for %s", (_, action, at, message) => {
    const run = new Simulation(scenario({ timeline: [] }));
    run.runUntil(2 * SECOND);
    expect(() => run.act(action, at)).toThrow(message);
  });
});
