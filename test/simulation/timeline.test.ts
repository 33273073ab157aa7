import { describe, expect, test } from "vitest";
import type { TimelineAction } from "../../src/cluster/spec.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { deploy, scenario, service, timeline } from "../support/scenarioBuilder.ts";

describe("the timeline", () => {
  test("crashes a container again at every start, as long as it is told to", () => {
    const crash = (length: number | undefined) => {
      const action = { kind: "crash" as const, what: "container" as const, name: "shop-2", for: length };
      return simulate(scenario({ timeline: timeline([60, action]) })).summary.services.shop;
    };
    // Once: one restart. For a minute: back-off 0, 10, 20, 40 s, so four starts, the last of which stands.
    expect(crash(undefined)?.containers.restarts).toBe(1);
    expect(crash(60 * SECOND)?.containers.restarts).toBe(4);
  });

  test("says what it could not do", () => {
    const nobody = { kind: "crash" as const, what: "container" as const, name: "shop-99", for: undefined };
    const entries = timeline([10, nobody], [20, deploy("shop:v1")], [30, { kind: "rollback", service: "shop" }]);
    const { warnings } = simulate(scenario({ timeline: entries })).summary;
    expect(warnings).toEqual([
      "timeline[0] crash shop-99 at 10s: there was no container shop-99 then; nothing was done",
      "timeline[1] deploy shop:v1 at 20s: that version was already current; nothing was done",
      "timeline[2] rollback shop at 30s: there was no earlier version; nothing was done",
    ]);
  });

  test("lets a release that waits for a person go on", () => {
    const strategy = { name: "blue-green", settings: { autoPromotion: false } };
    const run = (promoted: boolean) =>
      simulate(
        scenario({
          services: [service({ strategy })],
          timeline: timeline(
            [30, deploy("shop:v2")],
            ...(promoted ? [[120, { kind: "promote", service: "shop", full: false }] as const] : []),
          ),
        }),
      ).summary.services.shop;
    expect(run(false)?.rollouts[0]?.outcome).toBe("in-progress");
    expect(run(false)?.requests.byVersion["shop:v2"]).toBeUndefined();
    expect(run(true)?.rollouts[0]?.outcome).toBe("completed");
    expect(run(true)?.requests.failed).toBe(0);
  });

  test("lets a person pause, resume, promote in full and abort a canary", () => {
    const strategy = {
      name: "canary",
      settings: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }] },
    };
    const rollout = (...acts: readonly (readonly [number, TimelineAction])[]) =>
      simulate(scenario({ services: [service({ strategy })], timeline: timeline([30, deploy("shop:v2")], ...acts) }))
        .summary.services.shop;
    const shop = { service: "shop" };
    expect(rollout()?.rollouts[0]?.outcome).toBe("in-progress");
    expect(rollout([100, { kind: "promote", ...shop, full: false }])?.rollouts[0]?.outcome).toBe("in-progress");
    expect(rollout([100, { kind: "promote", ...shop, full: true }])?.rollouts[0]?.outcome).toBe("completed");
    const paused = rollout([31, { kind: "pause", ...shop }], [100, { kind: "promote", ...shop, full: true }]);
    expect(paused?.rollouts[0]?.outcome).toBe("in-progress");
    const resumed = rollout(
      [31, { kind: "pause", ...shop }],
      [90, { kind: "resume", ...shop }],
      [100, { kind: "promote", ...shop, full: true }],
    );
    expect(resumed?.rollouts[0]?.outcome).toBe("completed");
    const aborted = rollout([100, { kind: "abort", ...shop }]);
    expect(aborted?.rollouts[0]?.outcome).toMatch(/^(aborted|rolled-back)$/);
    for (const each of [paused, resumed, aborted]) expect(each?.requests.failed).toBe(0);
  });

  test("repeats an entry, and ends a change of the traffic where another goes on", () => {
    const kill = {
      index: 0,
      at: 60 * SECOND,
      every: 60 * SECOND,
      action: { kind: "kill", service: "shop", count: 1 } as const,
    };
    expect(simulate(scenario({ timeline: [kill] })).summary.services.shop?.containers.restarts).toBe(4);
    const traffic = (factor: number, seconds: number) =>
      ({ kind: "traffic", service: "shop", factor, for: seconds * SECOND }) as const;
    const { series } = simulate(scenario({ timeline: timeline([60, traffic(2, 120)], [90, traffic(3, 30)]) }));
    const between = (from: number, to: number) =>
      (series.requests.shop?.arrived ?? []).slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
    // 100 a second, twice, six times, twice again, and back: within 4 standard errors over 30 s.
    expect(Math.abs(between(0, 60) - 100)).toBeLessThan(6);
    expect(Math.abs(between(60, 90) - 200)).toBeLessThan(11);
    expect(Math.abs(between(90, 120) - 600)).toBeLessThan(18);
    expect(Math.abs(between(120, 180) - 200)).toBeLessThan(8);
    expect(Math.abs(between(180, 240) - 100)).toBeLessThan(6);
  });
});
