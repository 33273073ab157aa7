import { describe, expect, test } from "vitest";
import type { Run } from "../../src/experiments/compare.ts";
import { laboratory } from "../../src/experiments/laboratory.ts";
import { mm1 } from "../../src/experiments/theory.ts";
import { theoryCases } from "../../src/experiments/theoryCases.ts";
import { tryLaw } from "../../src/experiments/theoryTrial.ts";
import { MILLISECOND, SECOND } from "../../src/kernel/time.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { resultOf, scenarioOf, summaryOf } from "./builders.ts";

const run: Run = (scenario, seed) => simulate(scenario, { seed });

describe("the simulator", () => {
  // A smaller size than the full validation, and a wider bound: beyond 4 by chance in 1 of 800 cases at 15 degrees of freedom.
  test.each(theoryCases({ scale: 0.1 }))("agrees with theory: $law, $quantity", (law) => {
    const { z, standardError } = tryLaw(law, { replications: 16, seed: 100, run });
    expect(Math.abs(z)).toBeLessThan(4);
    // An estimate too loose to contradict anything would prove nothing.
    expect(standardError).toBeLessThan(0.05 * law.exact);
  });

  test("contradicts a wrong theory: fixed service times do not wait as exponential ones would", () => {
    const scenario = laboratory({
      length: 100 * SECOND,
      arrivals: { kind: "poisson", perSecond: 70 },
      service: { kind: "constant", value: 10 * MILLISECOND },
      queue: 1_000_000,
    });
    const wrong = {
      law: "M/D/1 taken for M/M/1",
      quantity: "mean wait, ms",
      exact: 1000 * mm1({ arrivalRate: 70, serviceRate: 100 }).meanWait,
      scenario,
      measure: (summary: ReturnType<Run>["summary"]) => summary.services.station?.waitMs.mean ?? Number.NaN,
    };
    expect(tryLaw(wrong, { replications: 8, seed: 1, run }).z).toBeLessThan(-10);
  });
});

describe("a trial of a law", () => {
  const law = (exact: number) => ({
    law: "made up",
    quantity: "events",
    exact,
    scenario: scenarioOf(["shop"]),
    measure: (summary: ReturnType<Run>["summary"]) => summary.events,
  });
  const counting: Run = (_, seed) => resultOf({ ...summaryOf({ shop: {} }), events: seed });

  test("measures the deviation in standard errors, over consecutive seeds", () => {
    const outcome = tryLaw(law(5), { replications: 5, seed: 1, run: counting });
    expect(outcome.simulated).toBe(3);
    expect(outcome.standardError).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(outcome.z).toBeCloseTo(-2 / Math.sqrt(0.5), 12);
  });

  test("without spread is right or wrong", () => {
    const constant: Run = () => resultOf({ ...summaryOf({ shop: {} }), events: 7 });
    expect(tryLaw(law(7), { replications: 2, seed: 1, run: constant }).z).toBe(0);
    expect(tryLaw(law(8), { replications: 2, seed: 1, run: constant }).z).toBe(Number.NEGATIVE_INFINITY);
  });

  test("needs two replications", () => {
    expect(() => tryLaw(law(7), { replications: 1, seed: 1, run: counting })).toThrow("at least twice");
  });
});
