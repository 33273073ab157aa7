import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/kernel/random.ts";

const draws = (streams: Streams, name: string, count: number) =>
  Array.from({ length: count }, () => streams.named(name).next());

describe("a stream", () => {
  test("does not depend on the draws of others, nor on who was asked for first", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 40 }), (seed, asked) => {
        const alone = draws(new Streams(seed), "a", 50);
        const streams = new Streams(seed);
        const mixed: number[] = [];
        for (const name of asked) {
          const value = streams.named(name).next();
          if (name === "a") mixed.push(value);
        }
        expect(mixed).toEqual(alone.slice(0, mixed.length));
      }),
    );
  });

  test("is the same whether it is saved, or its draw taken by itself, before it is drawn from or after", () => {
    const [one, other, third] = [1, 2, 3].map(() => new Streams(5).named("a"));
    if (one === undefined || other === undefined || third === undefined) throw new Error("three streams");
    const { next } = one;
    const drawn = [next(), one.next(), next(), one.next()];
    expect(new Set(drawn).size).toBe(4);
    const saved = other.save();
    expect(Array.from({ length: 4 }, () => other.next())).toEqual(drawn);
    third.next();
    third.restore(saved);
    expect(Array.from({ length: 4 }, () => third.next())).toEqual(drawn);
  });

  test("differs by seed and by name", () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 50; seed++)
      for (const name of ["traffic/shop", "traffic/shoq", "hazard/host-1"])
        firsts.add(new Streams(seed).named(name).next());
    expect(firsts.size).toBe(150);
  });

  test("is uniform: of 20 equal parts none is far from its share, and neighbours are uncorrelated", () => {
    const count = 100_000;
    const values = draws(new Streams(11), "uniform", count);
    const bins = new Array<number>(20).fill(0);
    for (const value of values) bins[Math.floor(value * 20)] = (bins[Math.floor(value * 20)] ?? 0) + 1;
    const chiSquared = bins.reduce((sum, bin) => sum + (bin - count / 20) ** 2 / (count / 20), 0);
    // The 99.9 % quantile with 19 degrees of freedom.
    expect(chiSquared).toBeLessThan(43.82);
    let product = 0;
    for (let i = 1; i < count; i++) product += ((values[i] ?? 0) - 0.5) * ((values[i - 1] ?? 0) - 0.5);
    expect(Math.abs((product / count) * 12)).toBeLessThan(3.3 / Math.sqrt(count));
  });

  test("lies in [0, 1), and whole numbers below their limit", () => {
    const stream = new Streams(1).named("range");
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) seen.add(stream.below(6));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const values = draws(new Streams(2), "range", 10_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  test("goes on alike from a copy, and streams asked for since begin anew", () => {
    const streams = new Streams(9);
    draws(streams, "a", 13);
    const saved = streams.save();
    const first = [...draws(streams, "a", 5), ...draws(streams, "b", 5)];
    streams.restore(saved);
    expect([...draws(streams, "a", 5), ...draws(streams, "b", 5)]).toEqual(first);
    const elsewhere = new Streams(9);
    elsewhere.restore(saved);
    expect([...draws(elsewhere, "a", 5), ...draws(elsewhere, "b", 5)]).toEqual(first);
  });

  test("gives these bits everywhere", () => {
    expect(draws(new Streams(42), "traffic/shop", 3)).toEqual([
      0.40453310450538993, 0.4460099465213716, 0.19693895895034075,
    ]);
  });
});
