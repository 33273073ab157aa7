import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArrivalsForm, parseArrivals } from "../../src/fields/arrivals.ts";
import { parseCall } from "../../src/fields/call.ts";
import {
  type DistributionForm,
  distribution,
  formatDistribution,
  parseDistributionForm,
} from "../../src/fields/distribution.ts";
import type { Parsed } from "../../src/fields/refusal.ts";
import { samplerOf } from "../../src/kernel/distributions.ts";

function outcome<Value>(parsed: Parsed<Value>): Value | string {
  return parsed.ok ? parsed.value : parsed.expected;
}

const micros = fc.integer({ min: 1, max: 1_000_000_000_000 });
const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);

const anyDistribution: fc.Arbitrary<DistributionForm> = fc.oneof(
  micros.map((value) => ({ kind: "constant", value }) as const),
  fc.tuple(micros, micros).map(([a, b]) => ({ kind: "uniform", min: Math.min(a, b), max: Math.max(a, b) }) as const),
  micros.map((mean) => ({ kind: "exponential", mean }) as const),
  fc.tuple(micros, micros).map(([mean, sd]) => ({ kind: "normal", mean, sd }) as const),
  fc
    .tuple(micros, micros)
    .map(([a, b]) => ({ kind: "lognormal", median: Math.min(a, b), p95: Math.max(a, b) }) as const),
  fc.tuple(micros, hundredths(1, 500)).map(([mean, cv]) => ({ kind: "gamma", mean, cv }) as const),
  fc.tuple(hundredths(10, 900), micros).map(([shape, scale]) => ({ kind: "weibull", shape, scale }) as const),
  fc.tuple(micros, hundredths(10, 900)).map(([min, shape]) => ({ kind: "pareto", min, shape }) as const),
  fc
    .array(micros, { minLength: 1, maxLength: 5 })
    .map((values) => ({ kind: "empirical", values: values.sort((a, b) => a - b) }) as const),
);

describe("distributions", () => {
  test.each<[string, DistributionForm]>([
    ["4s", { kind: "constant", value: 4_000_000 }],
    ["constant(4s)", { kind: "constant", value: 4_000_000 }],
    ["uniform(1s, 3s)", { kind: "uniform", min: 1_000_000, max: 3_000_000 }],
    ["exponential(40ms)", { kind: "exponential", mean: 40_000 }],
    ["exponential(mean=40ms)", { kind: "exponential", mean: 40_000 }],
    ["normal(40ms, 10ms)", { kind: "normal", mean: 40_000, sd: 10_000 }],
    ["normal(mean=40ms, sd=10ms)", { kind: "normal", mean: 40_000, sd: 10_000 }],
    ["lognormal(median=4s, p95=9s)", { kind: "lognormal", median: 4_000_000, p95: 9_000_000 }],
    ["gamma(mean=40ms, cv=0.5)", { kind: "gamma", mean: 40_000, cv: 0.5 }],
    ["weibull(shape=0.7, scale=30d)", { kind: "weibull", shape: 0.7, scale: 2_592_000_000_000 }],
    ["pareto(min=10ms, shape=1.5)", { kind: "pareto", min: 10_000, shape: 1.5 }],
    ["empirical(file.csv)", { kind: "empirical-file", path: "file.csv", column: undefined }],
    ["empirical('a, b.csv', column=ms)", { kind: "empirical-file", path: "a, b.csv", column: "ms" }],
    ["empirical(3s, 1s)", { kind: "empirical", values: [1_000_000, 3_000_000] }],
  ])("%s is read", (text, expected) => {
    expect(outcome(parseDistributionForm(text))).toEqual(expected);
  });

  test.each([
    ["4", /a unit after the number/],
    ["exponentail(4s)", /did you mean "exponential"/],
    ["exponential(4)", /mean in exponential\(mean\) a unit after the number/],
    ["exponential(4s", /values in brackets/],
    ["lognormal(median=4s)", /p95 is missing/],
    ["lognormal(median=4s, p96=9s)", /did you mean "p95"/],
    ["lognormal(median=4s, p95=2s)", /p95 of at least the median/],
    ["lognormal(median=0s, p95=2s)", /median above 0s/],
    ["uniform(3s, 1s)", /the smaller value first/],
    ["gamma(mean=1s, cv=99)", /a cv/],
    ["weibull(shape=0, scale=1s)", /a shape from/],
    ["pareto(min=0s, shape=1)", /min above 0s/],
    ["normal(1s, 2s, 3s)", /at most 2 values/],
    ["normal(1s, mean=2s)", /mean once/],
    ["empirical()", /a file or values/],
    ["empirical(1s, x)", /"x" should be a duration/],
  ])("%s is refused with its mend", (text, mend) => {
    expect(outcome(parseDistributionForm(text))).toMatch(mend);
  });

  test("what formatDistribution writes reads back as the same distribution", () => {
    fc.assert(
      fc.property(anyDistribution, (form) => {
        expect(outcome(parseDistributionForm(formatDistribution(form)))).toEqual(form);
      }),
    );
  });

  test("every distribution that can be read can be sampled, and gives whole µs of at least 0", () => {
    fc.assert(
      fc.property(anyDistribution, fc.double({ min: 0, max: 0.999, noNaN: true }), (form, uniform) => {
        if (form.kind === "empirical-file") return;
        const value = samplerOf(form)(uniform);
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }),
    );
  });

  test("a plugin's setting cannot name a file", () => {
    expect(distribution.safeParse("empirical(a.csv)").error?.issues[0]?.message).toMatch(/the values themselves/);
  });

  test("any text is read or refused, and never throws", () => {
    const call = fc.tuple(fc.constantFrom("normal", "gamma", "empirical", "users", "trace"), fc.string());
    const text = fc.oneof(
      fc.string(),
      call.map(([name, inside]) => `${name}(${inside})`),
    );
    fc.assert(fc.property(text, (given) => typeof parseDistributionForm(given).ok === "boolean"));
    fc.assert(fc.property(text, (given) => typeof parseArrivals(given).ok === "boolean"));
  });
});

describe("arrivals", () => {
  test.each<[string, ArrivalsForm]>([
    ["none", { kind: "none" }],
    ["constant(400/s)", { kind: "constant", perSecond: 400 }],
    ["poisson(24000/m)", { kind: "poisson", perSecond: 400 }],
    ["ramp(0/s, 400/s, over=5m)", { kind: "ramp", fromPerSecond: 0, toPerSecond: 400, over: 300_000_000 }],
    [
      "daily(mean=200/s, peak=400/s, at=14h)",
      { kind: "daily", meanPerSecond: 200, peakPerSecond: 400, peakAt: 50_400_000_000 },
    ],
    [
      "bursts(base=100/s, peak=900/s, every=5m, for=20s)",
      { kind: "bursts", basePerSecond: 100, peakPerSecond: 900, every: 300_000_000, length: 20_000_000 },
    ],
    [
      "users(200, think=exponential(3s))",
      { kind: "users", count: 200, think: { kind: "exponential", mean: 3_000_000 } },
    ],
    [
      "trace(requests.csv, time=minute_utc, count=requests, step=1m, spread=even)",
      {
        kind: "trace-file",
        path: "requests.csv",
        time: "minute_utc",
        count: "requests",
        step: 60_000_000,
        spread: "even",
        scale: 1,
        start: { kind: "first" },
      },
    ],
    [
      "replay(arrivals.csv.gz, time=at, service=serviceMs, start=0)",
      {
        kind: "replay-file",
        path: "arrivals.csv.gz",
        time: "at",
        service: "serviceMs",
        start: { kind: "text", text: "0" },
      },
    ],
  ])("%s is read", (text, expected) => {
    expect(outcome(parseArrivals(text))).toEqual(expected);
  });

  test.each([
    ["400/s", /poisson\(400\/s\) or constant/],
    ["possion(400/s)", /did you mean "poisson"/],
    ["poisson(400)", /such as 400\/s/],
    ["daily(mean=200/s, peak=100/s, at=14h)", /a peak of at least the mean/],
    ["daily(mean=200/s, peak=500/s, at=14h)", /at most twice the mean/],
    ["bursts(base=1/s, peak=2/s, every=1m, for=2m)", /end before the next begins/],
    ["users(0, think=1s)", /from 1 to/],
    ["trace(requests.txt, time=a, count=b, step=1m)", /a \.csv or \.csv\.gz file/],
    ["trace(requests.csv, time=a, count=b, step=0s)", /above 0s/],
    ["trace(requests.csv, time=a, count=b, step=1m, spread=odd)", /even or poisson/],
  ])("%s is refused with its mend", (text, mend) => {
    expect(outcome(parseArrivals(text))).toMatch(mend);
  });
});

describe("parseCall", () => {
  test("commas and brackets inside brackets or quotes do not cut", () => {
    expect(outcome(parseCall("users(200, think=normal(1s, 2s), note='a, (b')"))).toEqual({
      name: "users",
      positional: ["200"],
      named: new Map([
        ["think", "normal(1s, 2s)"],
        ["note", "a, (b"],
      ]),
    });
  });

  test.each(["f(a", "f(a))", 'f("a)', "f(a,,b)", "f(x=1, 2)", "f(x=1, x=2)", "1(2)", ""])("%s is refused", (text) => {
    expect(parseCall(text).ok).toBe(false);
  });
});
