import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  availability,
  constantMoments,
  erlangB,
  erlangC,
  exponentialMoments,
  kOfN,
  lognormalMoments,
  machineRepair,
  mg1,
  mm1,
  mmc,
  mmck,
  uniformMoments,
} from "../../src/experiments/theory.ts";

const load = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const servers = fc.integer({ min: 1, max: 60 });

/** a^c ÷ c! over the sum of the like: the definition, term by term. */
function erlangBDirectly(count: number, offered: number): number {
  let term = 1;
  let total = 1;
  for (let k = 1; k <= count; k++) {
    term *= offered / k;
    total += term;
  }
  return term / total;
}

describe("Erlang's formulas", () => {
  test.each([
    // Any printed Erlang B table: the load that c lines carry at 1 % loss.
    { lines: 1, offered: 0.0101, loss: 0.01 },
    { lines: 2, offered: 0.153, loss: 0.01 },
    { lines: 5, offered: 1.36, loss: 0.01 },
    { lines: 10, offered: 4.46, loss: 0.01 },
    { lines: 20, offered: 12.0, loss: 0.01 },
    { lines: 50, offered: 37.9, loss: 0.01 },
    { lines: 100, offered: 84.1, loss: 0.01 },
  ])("lose $loss of $offered erlangs on $lines lines", ({ lines, offered, loss }) => {
    expect(erlangB(lines, offered)).toBeCloseTo(loss, 3);
  });

  test("are their definition, at any size", () => {
    fc.assert(
      fc.property(servers, fc.double({ min: 0.01, max: 80, noNaN: true }), (count, offered) => {
        expect(erlangB(count, offered)).toBeCloseTo(erlangBDirectly(count, offered), 12);
      }),
    );
    expect(erlangB(5000, 5000)).toBeCloseTo(0.01121, 4);
  });

  test("make waiting likelier than loss, and equal to the load at one server", () => {
    fc.assert(
      fc.property(servers, load, (count, rho) => {
        const waiting = erlangC(count, rho * count);
        expect(waiting).toBeGreaterThanOrEqual(erlangB(count, rho * count));
        expect(waiting).toBeLessThanOrEqual(1);
        expect(erlangC(1, rho)).toBeCloseTo(rho, 12);
      }),
    );
  });

  test("give the textbook's queue of two servers at load 0.75", () => {
    // C(2, 1.5) = 9/14; W = C ÷ (2μ − λ).
    const queue = mmc({ arrivalRate: 1.5, serviceRate: 1 }, 2);
    expect(queue.waitProbability).toBeCloseTo(9 / 14, 12);
    expect(queue.meanWait).toBeCloseTo(9 / 7, 12);
  });
});

describe("queues with one server", () => {
  test("at load 0.8 and unit service wait 4", () => {
    expect(mm1({ arrivalRate: 0.8, serviceRate: 1 }).meanWait).toBeCloseTo(4, 12);
  });

  test("agree: M/M/1 is M/M/c with one server, M/G/1 with exponential service, and M/M/1/K with endless room", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.9, noNaN: true }), (arrivalRate) => {
        const rates = { arrivalRate, serviceRate: 1 };
        const wait = mm1(rates).meanWait;
        expect(mmc(rates, 1).meanWait).toBeCloseTo(wait, 9);
        expect(mg1(arrivalRate, exponentialMoments(1)).meanWait).toBeCloseTo(wait, 9);
        expect(mmck(rates, 1, 2000).meanWait).toBeCloseTo(wait, 6);
      }),
    );
  });

  test("wait half as long for service that never varies", () => {
    fc.assert(
      fc.property(load, (arrivalRate) => {
        const varying = mg1(arrivalRate, exponentialMoments(1)).meanWait;
        expect(mg1(arrivalRate, constantMoments(1)).meanWait).toBeCloseTo(varying / 2, 9);
      }),
    );
  });

  test("refuse more work than can be done", () => {
    expect(() => mm1({ arrivalRate: 1, serviceRate: 1 })).toThrow("less work than its servers can do");
    expect(() => mmc({ arrivalRate: 3, serviceRate: 1 }, 3)).toThrow("less work");
    expect(() => mg1(2, constantMoments(1))).toThrow("less work");
  });
});

describe("queues that turn away", () => {
  test("lose as M/M/1/K's geometric formula says, overload included", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.integer({ min: 1, max: 30 }), (rho, capacity) => {
        fc.pre(Math.abs(rho - 1) > 1e-3);
        const { loss } = mmck({ arrivalRate: rho, serviceRate: 1 }, 1, capacity);
        expect(loss).toBeCloseTo(((1 - rho) * rho ** capacity) / (1 - rho ** (capacity + 1)), 9);
      }),
    );
    expect(mmck({ arrivalRate: 1, serviceRate: 1 }, 1, 4).loss).toBeCloseTo(1 / 5, 12);
  });

  test("without a queue are Erlang's", () => {
    fc.assert(
      fc.property(servers, fc.double({ min: 0.1, max: 60, noNaN: true }), (count, offered) => {
        const queue = mmck({ arrivalRate: offered, serviceRate: 1 }, count, count);
        expect(queue.loss).toBeCloseTo(erlangB(count, offered), 12);
        expect(queue.meanWait).toBe(0);
      }),
    );
  });

  test("keep their servers as busy as what they let in", () => {
    fc.assert(
      fc.property(servers, fc.integer({ min: 0, max: 20 }), load, (count, room, rho) => {
        const arrivalRate = 2 * rho * count;
        const { loss, utilisation } = mmck({ arrivalRate, serviceRate: 1 }, count, count + room);
        expect(utilisation).toBeCloseTo((arrivalRate * (1 - loss)) / count, 9);
      }),
    );
  });
});

describe("machine repair", () => {
  test("of one machine alternates between its up and its down time", () => {
    const { throughput, meanWait } = machineRepair({ thinkRate: 1 / 9, serviceRate: 1 }, 1, 1);
    expect(throughput).toBeCloseTo(1 / 10, 12);
    expect(meanWait).toBe(0);
  });

  test("obeys the response-time law: customers = throughput times the whole cycle", () => {
    fc.assert(
      fc.property(servers, fc.integer({ min: 1, max: 80 }), load, (count, customers, thinkRate) => {
        const { throughput, meanWait } = machineRepair({ thinkRate, serviceRate: 1 }, count, customers);
        expect(throughput * (1 / thinkRate + meanWait + 1)).toBeCloseTo(customers, 6);
      }),
    );
  });
});

describe("availability", () => {
  test.each([
    { up: 4, down: 1, expected: 0.8 },
    { up: 999, down: 1, expected: 0.999 },
    { up: 1, down: 0, expected: 1 },
  ])("of $up up and $down down is $expected", ({ up, down, expected }) => {
    expect(availability(up, down)).toBeCloseTo(expected, 12);
  });

  test("of k of n alike is the binomial tail", () => {
    expect(kOfN(2, [0.9, 0.9, 0.9])).toBeCloseTo(3 * 0.81 * 0.1 + 0.729, 12);
    expect(kOfN(4, Array(5).fill(0.8))).toBeCloseTo(0.73728, 12);
  });

  test("of k of n is a series at n, parallel at 1, and certain at 0", () => {
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 12 }), (parts) => {
        const all = parts.reduce((product, part) => product * part, 1);
        const none = parts.reduce((product, part) => product * (1 - part), 1);
        expect(kOfN(parts.length, parts)).toBeCloseTo(all, 12);
        expect(kOfN(1, parts)).toBeCloseTo(1 - none, 12);
        expect(kOfN(0, parts)).toBeCloseTo(1, 12);
        expect(kOfN(parts.length + 1, parts)).toBe(0);
      }),
    );
  });
});

describe("moments", () => {
  test("of a uniform time are those of its density", () => {
    expect(uniformMoments(0, 2)).toEqual({ mean: 1, secondMoment: 4 / 3 });
    expect(uniformMoments(3, 3)).toEqual({ ...constantMoments(3) });
  });

  test("of a lognormal time are those of its log: sigma 1 where p95 is e^1.6449 of the median", () => {
    const { mean, secondMoment } = lognormalMoments(2, 2 * Math.exp(1.6448536269514722));
    expect(mean).toBeCloseTo(2 * Math.exp(0.5), 9);
    expect(secondMoment).toBeCloseTo(4 * Math.exp(2), 8);
  });
});
