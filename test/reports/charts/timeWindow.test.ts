import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../../src/metrics/result.ts";
import { cropRun, eventfulWindow, wholeRun } from "../../../src/reports/charts/timeWindow.ts";
import { hurtRun, type Invention, inventedRun } from "../inventedRun.ts";

const QUIET: Invention = { rollout: undefined, marks: [] };

/** Containers of each version and state at one moment. */
function stateAt({ series }: RunResult, atS: number): Record<string, number> {
  const state: Record<string, number> = {};
  for (const step of [...(series.containers.shop ?? [])].sort((a, b) => a.atS - b.atS)) {
    if (step.atS <= atS) state[`${step.version} ${step.state}`] = step.count;
  }
  return state;
}

describe("eventfulWindow", () => {
  test("is the whole run where nothing happened", () => {
    const run = inventedRun(QUIET);
    expect(eventfulWindow([run], "shop")).toEqual(wholeRun(run.series));
  });

  test("holds the release and an outage, with room on both sides", () => {
    const run = inventedRun({ marks: [], outages: [{ startS: 185, endS: 190, root: "x" }] });
    const window = eventfulWindow([run], "shop");
    expect(window?.fromS).toBeLessThan(120);
    expect(window?.fromS).toBeGreaterThan(90);
    expect(window?.toS).toBeGreaterThan(190);
    expect(window?.toS).toBeLessThan(220);
  });

  test("holds what happened in any of several runs", () => {
    const early = inventedRun({ ...QUIET, outages: [{ startS: 60, endS: 70, root: "x" }] });
    const later = inventedRun({ ...QUIET, outages: [{ startS: 200, endS: 210, root: "x" }] });
    const window = eventfulWindow([early, later], "shop");
    expect(window?.fromS).toBeLessThan(60);
    expect(window?.toS).toBeGreaterThan(210);
  });

  test("is the whole run where it would be most of it", () => {
    const run = hurtRun({ outages: [{ startS: 500, endS: 590, root: "x" }] });
    expect(eventfulWindow([run], "shop")).toEqual(wholeRun(run.series));
  });

  test("goes on to the end while a release has not ended", () => {
    const run = inventedRun({ marks: [], rollout: { startS: 400, endS: null, outcome: "stuck" } });
    expect(eventfulWindow([run], "shop")?.toS).toBe(600);
  });
});

describe("cropRun", () => {
  const anyWindow = fc
    .tuple(fc.integer({ min: 0, max: 599 }), fc.integer({ min: 1, max: 600 }))
    .filter(([fromS, toS]) => fromS < toS)
    .map(([fromS, toS]) => ({ fromS, toS }));
  const run = hurtRun();

  test("has at every moment the containers that the run has", () => {
    fc.assert(
      fc.property(anyWindow, fc.double({ min: 0, max: 1, noNaN: true }), (window, share) => {
        const atS = window.fromS + share * (window.toS - window.fromS - 0.001);
        expect(stateAt(cropRun(run, window), atS)).toEqual(stateAt(run, atS));
      }),
    );
  });

  test("has exactly the request bins of the window", () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        const whole = run.series.requests.shop;
        const cropped = cropRun(run, window).series.requests.shop;
        expect(cropped?.failed).toEqual(whole?.failed.slice(window.fromS, window.toS));
        expect(cropped?.byCause["host-down"]).toEqual(whole?.byCause["host-down"]?.slice(window.fromS, window.toS));
      }),
    );
  });

  test("leaves the summary as it is, and of a whole run also the requests, outages and marks", () => {
    const whole = cropRun(run, wholeRun(run.series));
    expect(cropRun(run, { fromS: 10, toS: 20 }).summary).toBe(run.summary);
    expect(whole.series.requests).toEqual(run.series.requests);
    expect(whole.series.outages).toEqual(run.series.outages);
    expect(whole.series.marks).toEqual(run.series.marks);
  });
});
