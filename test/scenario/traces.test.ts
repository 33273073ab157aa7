import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NEVER } from "../../src/kernel/time.ts";
import { CsvTable } from "../../src/scenario/csvTable.ts";
import { type Files, LEAST, problemsOf, read } from "./readings.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

const withArrivals = (arrivals: string) =>
  LEAST.replace("replicas: 2 }", `replicas: 2, traffic: { arrivals: "${arrivals}" } }`);
const withHazard = (hazard: string) => `${LEAST}hazards:\n  - { hosts: ${hazard} }\n`;

function arrivalsOf(arrivals: string, files: Files) {
  const { scenario, warnings } = read(withArrivals(arrivals), { files });
  return { arrivals: scenario.services[0]?.traffic.arrivals, warnings };
}

describe("trace(…)", () => {
  const COUNTS = "minute_utc,requests\n1998-06-30T00:00:00Z,3\n1998-06-30T00:01:00Z,5.0\n1998-06-30T00:04:00Z,0\n";
  const CALL = "trace(t.csv, time=minute_utc, count=requests, step=1m, spread=even)";

  test("takes the first row as time 0, and leaves a missing row as a gap", () => {
    expect(arrivalsOf(CALL, { "t.csv": COUNTS })).toEqual({
      arrivals: { kind: "trace", starts: [0, MINUTE, 4 * MINUTE], counts: [3, 5, 0], step: MINUTE, spread: "even" },
      warnings: [],
    });
  });

  test("spreads as poisson unless told otherwise", () => {
    const { arrivals } = arrivalsOf(CALL.replace(", spread=even", ""), { "t.csv": COUNTS });
    expect(arrivals).toMatchObject({ spread: "poisson" });
  });

  test("start names another zero; rows before it are left out with a warning", () => {
    const { arrivals, warnings } = arrivalsOf(CALL.replace("step=1m", "step=1m, start=1998-06-30T00:00:30Z"), {
      "t.csv": COUNTS,
    });
    expect(arrivals).toMatchObject({ starts: [30 * SECOND, 210 * SECOND], counts: [5, 0] });
    expect(warnings.join()).toMatch(/1 row before start left out/);
  });

  test("start=0 leaves plain seconds as they are", () => {
    const files = { "t.csv": "minute_utc,requests\n60,1\n120,2\n" };
    expect(arrivalsOf(CALL.replace("step=1m", "step=1m, start=0"), files).arrivals).toMatchObject({
      starts: [MINUTE, 2 * MINUTE],
    });
    expect(arrivalsOf(CALL, files).arrivals).toMatchObject({ starts: [0, MINUTE] });
  });

  test("scale thins to exactly the rounded total, wherever the counts lie", () => {
    const counts = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 300 }), (given, percent) => {
        const csv = `minute_utc,requests\n${given.map((count, i) => `${i * 60},${count}`).join("\n")}\n`;
        const { arrivals } = arrivalsOf(CALL.replace("step=1m", `step=1m, scale=${percent / 100}`), { "t.csv": csv });
        if (arrivals?.kind !== "trace") throw new Error("no trace");
        const total = given.reduce((sum, count) => sum + count, 0);
        expect(arrivals.counts.reduce((sum, count) => sum + count, 0)).toBe(Math.round(total * (percent / 100)));
        expect(arrivals.counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["a missing file", undefined, /cannot read t\.csv: no such file/],
    [
      "a wrong column",
      "minute,requests\n0,1\n",
      /found no column "minute_utc" \(there is|found no column "minute_utc" \(did you mean/,
    ],
    ["nothing", "", /found no header/],
    ["only a header", "minute_utc,requests\n", /found no row below the header/],
    [
      "a negative count",
      "minute_utc,requests\n0,1\n60,-1\n",
      /t\.csv line 3: found "-1" as requests, expected a count of at least 0/,
    ],
    ["an empty count", "minute_utc,requests\n0,\n", /line 2: found "" as requests/],
    [
      "rows out of order",
      "minute_utc,requests\n60,1\n120,1\n0,1\n",
      /line 4: found minute_utc earlier than in the row before/,
    ],
    [
      "steps that overlap",
      "minute_utc,requests\n0,1\n30,1\n",
      /line 3: begins before the step of the row before it is over/,
    ],
    [
      "two kinds of times",
      "minute_utc,requests\n0,1\n1998-06-30,1\n",
      /line 3: .*calendar times only, or seconds only/,
    ],
    ["no time", "minute_utc,requests\nnoon,1\n", /line 2: found "noon", expected a time/],
    ["a short row", "minute_utc,requests\n0,1\n60\n", /no valid CSV: .*line 3/],
    ["an open quote", 'minute_utc,requests\n0,"1\n', /no valid CSV/],
  ])("%s is a problem at the arrivals", (_, csv, expected) => {
    const problems = problemsOf(withArrivals(CALL), { files: csv === undefined ? {} : { "t.csv": csv } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^shop\.yaml:5:\d+ services\.shop\.traffic\.arrivals: /);
    expect(problems[0]).toMatch(expected);
  });
});

describe("replay(…)", () => {
  test("keeps times to the µs and equal ones in the file's order, with their service times", () => {
    const csv =
      "at,serviceMs\n2023-11-16 18:15:46.6805900,12.5\n2023-11-16 18:15:50.9951690,7\n2023-11-16 18:15:50.9951690,3\n";
    expect(arrivalsOf("replay(a.csv, time=at, service=serviceMs)", { "a.csv": csv }).arrivals).toEqual({
      kind: "replay",
      times: [0, 4_314_579, 4_314_579],
      serviceTimes: [12_500, 7_000, 3_000],
    });
  });

  test.each([
    ["serviceMs", 4_000],
    ["service_ms", 4_000],
    ["serviceS", 4_000_000],
    ["down_s", 4_000_000],
    ["waitUs", 4],
  ])("a service time of 4 in the column %s is %i µs", (column, micros) => {
    const { arrivals } = arrivalsOf(`replay(a.csv, time=at, service=${column})`, { "a.csv": `at,${column}\n0,4\n` });
    expect(arrivals).toMatchObject({ serviceTimes: [micros] });
  });

  test("without a service column the image decides", () => {
    expect(arrivalsOf("replay(a.csv, time=at)", { "a.csv": "at\n0\n1\n" }).arrivals).toEqual({
      kind: "replay",
      times: [0, SECOND],
      serviceTimes: undefined,
    });
  });

  test.each([
    ["replay(a.csv, time=at, service=tokens)", "at,tokens\n0,4\n", /found no unit in the column's name "tokens"/],
    [
      "replay(a.csv, time=at, service=waitMs)",
      "at,waitMs\n0,-4\n",
      /line 2: found "-4" as waitMs, expected a duration/,
    ],
    ["replay(a.csv, time=at)", "at\n1\n0\n", /line 3: found at earlier/],
  ])("%s of a bad file is a problem", (call, csv, expected) => {
    expect(problemsOf(withArrivals(call), { files: { "a.csv": csv } }).join()).toMatch(expected);
  });
});

describe("empirical(file)", () => {
  const startupOf = (call: string, csv: string) => {
    const text = LEAST.replace('"shop:v1": {}', `"shop:v1": { startup: ${call} }`);
    return read(text, { files: { "d.csv": csv } }).scenario.images[0]?.startup;
  };

  test("sorts its values, in the unit of the column's name or their own", () => {
    expect(startupOf("empirical(d.csv)", "startMs\n30\n10\n20.5\n")).toEqual({
      kind: "empirical",
      values: [10_000, 20_500, 30_000],
    });
    expect(startupOf("empirical(d.csv, column=start)", "a,start\n1,2s\n1,10ms\n")).toEqual({
      kind: "empirical",
      values: [10_000, 2 * SECOND],
    });
  });

  test.each([
    ["a,b\n1,2\n", /found the columns a, b, expected column= to name one/],
    ["start\n4\n", /found no unit in the column's name "start"/],
    ["startMs\nsoon\n", /line 2: found "soon" as startMs/],
  ])("%j is a problem at the image", (csv, expected) => {
    const text = LEAST.replace('"shop:v1": {}', '"shop:v1": { startup: empirical(d.csv) }');
    expect(problemsOf(text, { files: { "d.csv": csv } }).join()).toMatch(expected);
  });
});

describe("recorded outages", () => {
  const CSV =
    "node,down_start,down_end\n1,2001-12-20T08:00:00,2001-12-20T09:00:00\n2,2001-12-20T08:30:00,2001-12-20T08:40:00\n1,2001-12-20T08:45:00,\n";
  const FIELDS = "trace: o.csv, host: node, from: down_start, to: down_end, prefix: host-";
  const hazardsOf = (fields: string, csv = CSV) => read(withHazard(`{ ${fields} }`), { files: { "o.csv": csv } });

  test("keep the file's order, overlaps included; an open end never comes", () => {
    expect(hazardsOf(FIELDS).scenario.hazards).toEqual([
      {
        kind: "outages",
        index: 0,
        outages: [
          { host: "host-1", from: 0, to: 60 * MINUTE },
          { host: "host-2", from: 30 * MINUTE, to: 40 * MINUTE },
          { host: "host-1", from: 45 * MINUTE, to: NEVER },
        ],
      },
    ]);
  });

  test("start cuts an outage under way, and leaves out those that are over", () => {
    const { scenario, warnings } = hazardsOf(`${FIELDS}, start: "2001-12-20T08:42:00"`);
    expect(scenario.hazards[0]).toMatchObject({
      outages: [
        { host: "host-1", from: 0, to: 18 * MINUTE },
        { host: "host-1", from: 3 * MINUTE, to: NEVER },
      ],
    });
    expect(warnings.join()).toMatch(/1 outage over before start/);
  });

  test("hosts that the cluster lacks are one problem that names some, or skipped with a warning", () => {
    const csv = CSV.replace("\n2,", "\n7,");
    const text = withHazard(`{ ${FIELDS} }`);
    expect(problemsOf(text, { files: { "o.csv": csv } })).toEqual([
      "shop.yaml:7:14 hazards[0].hosts: o.csv names 1 host that the cluster does not have: host-7; add them, set prefix (12 is the host node-12 with prefix: node-), or unknown: skip",
    ]);
    const { scenario, warnings } = hazardsOf(`${FIELDS}, unknown: skip`, csv);
    expect(scenario.hazards[0]).toMatchObject({ outages: { length: 2 } });
    expect(warnings.join()).toMatch(/their outages are left out/);
  });

  test("an outage that ends before it begins is a problem", () => {
    const csv = "node,down_start,down_end\n1,10,5\n";
    expect(problemsOf(withHazard(`{ ${FIELDS} }`), { files: { "o.csv": csv } }).join()).toMatch(
      /line 2: the outage ends before/,
    );
  });

  test("hazards by chance keep their distributions and names", () => {
    const text = `${LEAST}hazards:
  - { hosts: { every: exponential(30d), for: exponential(10m), only: [host-2] } }
  - { zones: { every: 90d, for: 1h } }
  - { containers: { every: "weibull(0.7, 6h)", only: [shop] } }
`;
    expect(read(text).scenario.hazards).toMatchObject([
      {
        kind: "renewal",
        index: 0,
        what: "hosts",
        only: ["host-2"],
        every: { kind: "exponential" },
        for: { mean: 10 * MINUTE },
      },
      { kind: "renewal", index: 1, what: "zones", only: [], for: { kind: "constant", value: 60 * MINUTE } },
      { kind: "renewal", index: 2, what: "containers", only: ["shop"], every: { kind: "weibull" }, for: undefined },
    ]);
  });
});

test("a file of more rows than memory holds is refused at the first of them", () => {
  const bytes = new TextEncoder().encode("at\n1\n2\n3\n");
  expect(CsvTable.read("a.csv", () => bytes, 3).rows).toHaveLength(3);
  expect(() => CsvTable.read("a.csv", () => bytes, 2)).toThrow(
    "a.csv line 4: found more than 2 rows, expected at most that",
  );
});
