import { describe, expect, test } from "vitest";
import { absentMeasure, measuresOf } from "../../src/experiments/measures.ts";
import { rolloutOf, summaryOf } from "./builders.ts";

describe("the measures of a run", () => {
  test("are its numbers by dotted path", () => {
    const measures = measuresOf(summaryOf({ shop: { downtime: { totalS: 12.5 }, latencyMs: { p99: 480 } } }));
    expect(measures.get("services.shop.downtime.totalS")).toBe(12.5);
    expect(measures.get("services.shop.latencyMs.p99")).toBe(480);
    expect(measures.get("hosts.blastRadius")).toBe(0);
  });

  test("leave out what is null, listed, or no outcome of the model", () => {
    const measures = measuresOf(summaryOf({ shop: { latencyMs: { p99: null }, slo: null } }));
    expect(measures.has("services.shop.latencyMs.p99")).toBe(false);
    const paths = [...measures.keys()];
    expect(paths.filter((path) => /seed|wallS|byHost|slo|list|failures|steps/.test(path))).toEqual([]);
  });

  test("count a truth as 1", () => {
    const slo = { met: true, errorBudgetUsed: 0.1, latencyMet: false, burnRate: [] };
    const measures = measuresOf(summaryOf({ shop: { slo } }));
    expect(measures.get("services.shop.slo.met")).toBe(1);
    expect(measures.get("services.shop.slo.latencyMet")).toBe(0);
  });

  test("add failures up by cause, and have every cause", () => {
    const failures = [
      { cause: "host-down", root: "timeline[1]", count: 3 },
      { cause: "host-down", root: "hazards[0]", count: 4 },
      { cause: "timeout", root: "overload", count: 5 },
    ] as const;
    const measures = measuresOf(summaryOf({ shop: { requests: { failures: [...failures] } } }));
    expect(measures.get("services.shop.requests.byCause.host-down")).toBe(7);
    expect(measures.get("services.shop.requests.byCause.timeout")).toBe(5);
    expect(measures.get("services.shop.requests.byCause.queue-full")).toBe(0);
    expect(measures.get("services.shop.requests.failedAttempts.queue-full")).toBe(0);
  });

  test("take the last rollout", () => {
    const rollouts = [rolloutOf({ endS: 500 }), rolloutOf({ startS: 200, endS: 215, peakContainers: 10 })];
    const measures = measuresOf(summaryOf({ shop: { rollouts } }));
    expect(measures.get("services.shop.rollout.durationS")).toBe(15);
    expect(measures.get("services.shop.rollout.peakContainers")).toBe(10);
    expect(measures.get("services.shop.rollout.completed")).toBe(1);
  });

  test("have no duration for a rollout that did not end, and no rollout where there was none", () => {
    const rollouts = [rolloutOf({ endS: null, outcome: "stuck" })];
    const stuck = measuresOf(summaryOf({ shop: { rollouts } }));
    expect(stuck.has("services.shop.rollout.durationS")).toBe(false);
    expect(stuck.get("services.shop.rollout.completed")).toBe(0);
    const none = measuresOf(summaryOf({ shop: {} }));
    expect([...none.keys()].filter((path) => path.includes("rollout"))).toEqual([]);
  });

  test("stand for 0 where a version answered nothing, and for nothing elsewhere", () => {
    expect(absentMeasure("services.shop.requests.byVersion.shop:v2.failed")).toBe(0);
    expect(absentMeasure("services.shop.rollout.durationS")).toBeUndefined();
  });
});
