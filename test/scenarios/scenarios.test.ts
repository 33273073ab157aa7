import { describe, expect, test } from "vitest";
import type { ArrivalsSpec, HazardSpec } from "../../src/cluster/spec.ts";
import { evaluateCheck, mistakeInCheck, parseCheck } from "../../src/experiments/expect.ts";
import type { RunSummary } from "../../src/metrics/result.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { filesIn, read, textOf } from "./scenarioFiles.ts";

const COURSE = filesIn("course");
const GALLERY = filesIn("gallery");
const TRACES = filesIn("traces");

/** Warned of on purpose: to be killed while still pausing is what the scenario shows. */
const EXPECTED_WARNINGS: ReadonlyMap<string, RegExp> = new Map([
  ["gallery/grace-2-too-short.yaml", /preStop is longer than gracePeriod/],
]);

/** Too long to run whole here; what is asserted of them instead stands below. */
const SHORTENED = ["traces/worldcup-peak-hour.yaml"];

function broken(file: string, summary: RunSummary): string[] {
  const { scenario } = read(file);
  return scenario.expect.flatMap((text) => {
    const { holds, found } = evaluateCheck(parseCheck(text), summary);
    return holds ? [] : [`${text}: ${found}`];
  });
}

function arrivalsOf(file: string): ArrivalsSpec | undefined {
  return read(file).scenario.services[0]?.traffic.arrivals;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each([...COURSE, ...GALLERY, ...TRACES])("%s", (file) => {
  const { scenario, warnings } = read(file);

  test("is read without a warning that was not meant", () => {
    const meant = EXPECTED_WARNINGS.get(file);
    expect(warnings.filter((warning) => meant?.test(warning) !== true)).toEqual([]);
    expect(warnings.length > 0).toBe(meant !== undefined);
  });

  test("is named as its file, says what it shows, and asserts it", () => {
    expect(`${file.split("/")[0]}/${scenario.name}.yaml`).toBe(file);
    expect(scenario.description.length).toBeGreaterThan(80);
    expect(scenario.expect.length).toBeGreaterThan(0);
  });

  test("asks only for what its results have", () => {
    expect(scenario.expect.flatMap((text) => mistakeInCheck(text, scenario)?.message ?? [])).toEqual([]);
  });

  // The others are run shortened, below.
  if (!SHORTENED.includes(file)) {
    test("does what it says", () => {
      const { summary } = simulate(scenario);
      expect(broken(file, summary)).toEqual([]);
      expect(summary.warnings).toEqual([]);
    });
  }
});

describe("the course", () => {
  test("has every scenario in its table", () => {
    const table = textOf("course/README.md");
    expect(COURSE.filter((file) => !table.includes(`\`${read(file).scenario.name}\``))).toEqual([]);
  });

  test.each(["recreate", "rolling", "blue-green"])("compares one release under %s", (strategy) => {
    const file = "course/04-release-compared.yaml";
    const { scenario } = read(file, [`services.shop.strategy=${strategy}`]);
    const { summary } = simulate(scenario);
    expect(broken(file, summary)).toEqual([]);
    expect(summary.services.shop?.rollouts[0]?.strategy).toBe(strategy);
  });

  test("mending a fifth of ten times as many takes a person far longer, and an orchestrator hardly", () => {
    const repair = (name: string) =>
      simulate(read(`course/10-${name}.yaml`).scenario).summary.services.shop?.containers.timeToRepairS.longest ?? 0;
    expect(repair("50-by-hand") / repair("5-by-hand")).toBeGreaterThan(3);
    expect(repair("500-by-hand") / repair("50-by-hand")).toBeGreaterThan(7);
    expect(repair("500-mended") / repair("5-mended")).toBeLessThan(4);
    expect(repair("5-by-hand") / repair("5-mended")).toBeGreaterThan(10);
  });
});

describe("the gallery", () => {
  test("has every scenario in its table", () => {
    const table = textOf("gallery/README.md");
    expect(GALLERY.filter((file) => !table.includes(`\`${read(file).scenario.name}\``))).toEqual([]);
  });
});

describe("recorded inputs", () => {
  test.each([
    { file: "worldcup-day", rows: 1440, step: 60_000_000, requests: 752_077, busiest: 2152 },
    { file: "worldcup-peak-hour", rows: 60, step: 60_000_000, requests: 11_382_188, busiest: 215_241 },
  ])("$file places exactly $requests requests", ({ file, rows, step, requests, busiest }) => {
    const arrivals = arrivalsOf(`traces/${file}.yaml`);
    if (arrivals?.kind !== "trace") throw new Error("expected a trace");
    expect(arrivals.starts).toEqual(Array.from({ length: rows }, (_, i) => i * step));
    expect(sum(arrivals.counts)).toBe(requests);
    // Rounding the running total may give the busiest minute one more than its own share.
    expect(Math.abs(Math.max(...arrivals.counts) - busiest)).toBeLessThanOrEqual(1);
  });

  test("the whole day has 75,207,657 requests", () => {
    const whole = textOf("traces/worldcup-day.yaml").replace(", scale=0.01", "");
    const arrivals = /arrivals: (trace\(.*\))/.exec(whole)?.[1] ?? "";
    const { scenario } = read("traces/worldcup-day.yaml", [`services.site.traffic.arrivals=${arrivals}`]);
    const spec = scenario.services[0]?.traffic.arrivals;
    if (spec?.kind !== "trace") throw new Error("expected a trace");
    expect(sum(spec.counts)).toBe(75_207_657);
  });

  test("the peak hour is a cut of the day: no sixty minutes in a row have more", () => {
    const counts = textOf("traces/worldcup98/requests_per_minute_1998-06-30.csv")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split(",")[1]));
    const hours = counts.slice(59).map((_, i) => sum(counts.slice(i, i + 60)));
    expect(Math.max(...hours)).toBe(11_382_188);
  });

  test("the conversations come one per row, each with its own demand", () => {
    const arrivals = arrivalsOf("traces/azure-conversations.yaml");
    if (arrivals?.kind !== "replay") throw new Error("expected a replay");
    expect(arrivals.times).toHaveLength(19_366);
    expect(arrivals.times[0]).toBe(0);
    expect(arrivals.times.at(-1)).toBe(3_501_721_937);
    // 22,361,870 tokens × 0.1 ms + 4,088,665 tokens × 30 ms.
    expect(sum(arrivals.serviceTimes ?? [])).toBe(124_896_137_000);
  });

  test("the outages of system 20 are all there, and only some hosts of the cluster have any", () => {
    const [hazard] = read("traces/lanl-system-20.yaml").scenario.hazards;
    if (hazard?.kind !== "outages") throw new Error("expected outages");
    expect(hazard.outages).toHaveLength(2478);
    expect(new Set(hazard.outages.map(({ host }) => host)).size).toBe(400);
    expect(sum(hazard.outages.map(({ from, to }) => to - from))).toBe(31_226_100_000_000);
    expect(unionOf(hazard)).toEqual({ outages: 2461, micros: 30_609_780_000_000 });
  });

  test("two minutes of the peak hour lose nothing under a release, and a whole minute is counted exactly", () => {
    const file = "traces/worldcup-peak-hour.yaml";
    // Shortened: the release comes at 30s instead of 30m, and the run ends with the second minute.
    const { scenario } = read(file, ["duration=2m", "timeline[0].at=30s"]);
    const { summary } = simulate(scenario);
    const arrivals = arrivalsOf(file);
    if (arrivals?.kind !== "trace") throw new Error("expected a trace");
    const requests = summary.services.site?.requests;
    expect(requests?.arrived).toBe(sum(arrivals.counts.slice(0, 2)));
    expect(requests?.failed).toBe(0);
    expect(summary.services.site?.rollouts[0]?.outcome).toBe("completed");
  });
});

/** Outages and down time with each host's overlaps counted once: by the sorted records alone, not by the engine. */
function unionOf(hazard: Extract<HazardSpec, { kind: "outages" }>): { outages: number; micros: number } {
  const ends = new Map<string, number>();
  let outages = 0;
  let micros = 0;
  for (const { host, from, to } of hazard.outages) {
    const end = ends.get(host);
    if (end === undefined || from > end) outages++;
    micros += Math.max(0, to - Math.max(from, end ?? 0));
    ends.set(host, Math.max(to, end ?? 0));
  }
  return { outages, micros };
}
