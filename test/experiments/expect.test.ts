import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CheckError } from "../../src/experiments/checkSyntax.ts";
import { evaluateCheck, mistakeInCheck, parseCheck } from "../../src/experiments/expect.ts";
import { rolloutOf, scenarioOf, summaryOf } from "./builders.ts";

const SUMMARY = summaryOf({
  shop: {
    requests: {
      arrived: 1000,
      failed: 12,
      failures: [
        { cause: "host-down", root: "timeline[1] crash host-3 at 5m", count: 8 },
        { cause: "timeout", root: "overload", count: 3 },
        { cause: "host-down", root: "hazards[0] host-1", count: 1 },
      ],
      byVersion: { "shop:v1": { succeeded: 900, failed: 12 } },
    },
    availability: { requests: 0.988, time: 1 },
    downtime: { totalS: 41.5, outages: 1 },
    latencyMs: { p99: null },
    rollouts: [rolloutOf({ outcome: "aborted", peakContainers: 6 }), rolloutOf({ peakContainers: 10 })],
  },
  "my shop": { downtime: { totalS: 7 } },
  "front-end": {},
});

const holds = (text: string) => evaluateCheck(parseCheck(text), SUMMARY).holds;

describe("a check", () => {
  test.each([
    "services.shop.requests.failed == 12",
    "services.shop.downtime.totalS > 30 && services.shop.downtime.totalS < 45",
    'services["my shop"].downtime.totalS == 7',
    "services.front-end.requests.failed == 0",
    'services.shop.requests.failures[0].cause == "host-down"',
    "services.shop.requests.failures[0].cause != 'timeout'",
    "services.shop.requests.failed / services.shop.requests.arrived < 2%",
    "services.shop.availability.requests >= 98.8%",
    "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9",
    "10 - 4 - 3 == 3",
    "8 / 4 / 2 == 1",
    "-2 + 3 == 1 && --2 == 2",
    "true || false && false",
    "!(services.shop.requests.failed == 0)",
    "count(services.shop.requests.failures) == 3",
    "count(services.shop.requests.byVersion) == 1",
    'sum(services.shop.requests.failures, "count") == services.shop.requests.failed',
    "min(3, 1, 2) == 1 && max(3, 1, 2) == 3 && abs(1 - 4) == 3",
    'failures("shop") == 12',
    'failures("shop", "host-down") == 9',
    'failures("shop", "host-down", "host-3") == 8',
    'failures("shop", null, "overload") == 3',
    'rollout("shop").outcome == "completed"',
    'rollout("shop", 0).outcome == "aborted"',
    'rollout("shop").peakContainers == 10',
    'rollout("my shop") == null',
    'rollout("shop", 2) == null',
    'contains(services.shop.requests.failures[0].root, "host-3")',
    "services.shop.latencyMs.p99 == null",
    "services.shop.requests.failed != null",
    "services.shop.requests.failedAttempts.queue-full == 0",
    'services.shop.requests.byVersion["shop:v9"].failed == 0',
    "hosts.byHost.host-1.downS == 0",
    "1e3 == 1000 && .5 == 0.5",
  ])("holds: %s", (text) => {
    expect(holds(text)).toBe(true);
  });

  test.each([
    "services.shop.requests.failed == 0",
    "services.shop.latencyMs.p99 < 1",
    "services.shop.latencyMs.p99 >= 1",
    "services.shop.latencyMs.p99 + 1 == 1",
    "services.shop.latencyMs.p99 != 5",
    "services.shop.latencyMs.p99 != null",
    "services.shop.slo.met",
    "services.shop.requests.failures[7].count >= 0",
    'rollout("my shop").outcome == "completed"',
    "services.shop.requests.failed / 0 > 1",
    "false && true || false",
  ])("does not hold: %s", (text) => {
    expect(holds(text)).toBe(false);
  });

  test.each([
    { text: "services.shop.requests.failed == 0", found: "services.shop.requests.failed was 12" },
    {
      text: "services.shop.downtime.totalS < 30 && services.shop.latencyMs.p99 < 500",
      found: "services.shop.downtime.totalS was 41.5, services.shop.latencyMs.p99 was missing (null)",
    },
    {
      text: 'failures("shop", "host-down") == abs(services.shop.downtime.totalS)',
      found: 'failures("shop", "host-down") was 9, abs(services.shop.downtime.totalS) was 41.5',
    },
    { text: 'rollout("shop").outcome == "stuck"', found: 'rollout("shop").outcome was "completed"' },
  ])("says what it found: $found", ({ text, found }) => {
    expect(evaluateCheck(parseCheck(text), SUMMARY).found).toBe(found);
  });
});

describe("a check that cannot be read", () => {
  test.each([
    { text: "", position: 0, problem: "empty" },
    { text: "services.shop.requests.failed = 0", position: 30, problem: "write ==" },
    { text: "services.shop.downtime.totalS < 30s", position: 34, problem: "no unit" },
    { text: "1 < 2 < 3", position: 6, problem: "do not chain" },
    { text: "(1 < 2", position: 6, problem: "expected )" },
    { text: "1 < 2)", position: 5, problem: "should end" },
    { text: "1 <", position: 3, problem: "found the end" },
    { text: "servces.shop.requests.failed == 0", position: 0, problem: 'did you mean "services"' },
    { text: "failure('shop') == 0", position: 0, problem: 'did you mean "failures"' },
    { text: "failures() == 0", position: 0, problem: "takes 1 to 3" },
    { text: "services.shop[1.5] == 0", position: 14, problem: "whole number" },
    { text: "services. == 0", position: 10, problem: "after the dot" },
    { text: '"shop == 1', position: 0, problem: "has no end" },
    { text: "1 == 2 ; 3", position: 7, problem: "no place" },
    { text: "1 & 2", position: 2, problem: "&&" },
  ])("is refused with its place: $text", ({ text, position, problem }) => {
    const attempt = () => parseCheck(text);
    expect(attempt).toThrow(CheckError);
    expect(attempt).toThrow(problem);
    expect(mistakeInCheck(text, scenarioOf(["shop"]))?.position).toBe(position);
  });

  test("is refused when it nests without end, by one error and not by the stack", () => {
    for (const open of ["(", "!", "-", "abs(", "failures("])
      expect(() => parseCheck(open.repeat(200))).toThrow("at most 100 deep");
  });

  test("is refused when it is endless, and evaluated at its longest", () => {
    expect(() => parseCheck("1+".repeat(50_000))).toThrow("at most 2000 characters");
    expect(holds(`${"1+".repeat(990)}1 == 991`)).toBe(true);
  });
});

describe("a check that asks for what is not there", () => {
  test.each([
    { text: "services.shop.downtme.totalS == 0", problem: 'did you mean "downtime"' },
    { text: "services.shopp.downtime.totalS == 0", problem: 'did you mean "shop"' },
    { text: "services.shop.requests.failed-1 == 0", problem: "a minus needs a space on each side" },
    { text: "services.shop.requests.failures.count == 0", problem: "by number" },
    { text: "services.shop.requests.failed.count == 0", problem: "has no parts" },
    { text: 'failures("shop", "host-dwon") == 0', problem: 'did you mean "host-down"' },
    { text: 'failures("shoop") == 0', problem: 'did you mean "shop"' },
    { text: 'rollout("shop", -1) == null', problem: "from 0" },
    { text: 'services.shop.requests.failed == "none"', problem: "never equal" },
    { text: "services.shop.requests == 0", problem: "cannot be compared" },
    { text: "services.shop.requests.failed", problem: "compare it" },
    { text: "services.shop.requests.failed && true", problem: "expected a comparison" },
    { text: 'services.shop.requests.failed < "3"', problem: "expected a number" },
    { text: 'sum(services.shop.requests.failures, "cause") == 0', problem: "sum adds numbers" },
    { text: 'sum(services.shop.requests.failures, "cuont") == 0', problem: 'did you mean "count"' },
    // Nothing is cut short: the mistake on the right is found although the left decides.
    { text: "true || services.shop.downtme == 0", problem: 'did you mean "downtime"' },
  ])("is refused with and without a run: $text", ({ text, problem }) => {
    expect(() => holds(text)).toThrow(CheckError);
    expect(() => holds(text)).toThrow(problem);
    const scenario = scenarioOf(["shop", "my shop", "front-end"]);
    expect(mistakeInCheck(text, scenario)?.message).toContain(problem);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("never reaches the prototype: %s", (key) => {
    expect(() => holds(`services.${key} == null`)).toThrow(CheckError);
    expect(() => holds(`services["${key}"].x == null`)).toThrow(CheckError);
    expect(() => holds(`failures("${key}") == 0`)).toThrow(CheckError);
    expect(() => holds(`services.shop.requests.byVersion["${key}"].name == 3`)).toThrow(CheckError);
  });

  test("is found without a run by the scenario's own names", () => {
    const scenario = scenarioOf(["shop"]);
    expect(mistakeInCheck('services.shop.requests.byVersion["station:v2"].failed == 0', scenario)?.message).toContain(
      'did you mean "station:v1"',
    );
    expect(mistakeInCheck("hosts.byHost.hots-1.downS == 0", scenario)?.message).toContain('did you mean "host-1"');
    expect(mistakeInCheck("services.shop.rollouts[3].steps[9].atS < 3", scenario)).toBeUndefined();
    expect(mistakeInCheck('rollout("shop", 4).endS < 3 && services.shop.slo.met', scenario)).toBeUndefined();
  });
});

describe("any text", () => {
  const words = fc.constantFrom(
    ...[
      "services",
      ".shop",
      ".requests",
      ".failed",
      "==",
      "<",
      "&&",
      "||",
      "!",
      "-",
      "(",
      ")",
      "[0]",
      '["a"]',
      "12",
      "5%",
    ],
    ...['"x"', "null", "true", "count(", 'failures("shop")', "rollout(", ",", "hosts", ".used", " ", "+", "*", "/"],
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(words, { maxLength: 14 }).map((parts) => parts.join("")),
    fc.array(words, { maxLength: 14 }).map((parts) => parts.join(" ")),
  );

  test("is a check or a CheckError, never another fault", () => {
    fc.assert(
      fc.property(text, (candidate) => {
        try {
          const { holds: outcome, found } = evaluateCheck(parseCheck(candidate), SUMMARY);
          expect(typeof outcome).toBe("boolean");
          expect(typeof found).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(CheckError);
          const { position } = error as CheckError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(candidate.length);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("that passes without a run is evaluated after one", () => {
    const scenario = scenarioOf(["shop", "my shop", "front-end"]);
    fc.assert(
      fc.property(text, (candidate) => {
        if (mistakeInCheck(candidate, scenario) !== undefined) return;
        expect(() => evaluateCheck(parseCheck(candidate), SUMMARY)).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });
});
