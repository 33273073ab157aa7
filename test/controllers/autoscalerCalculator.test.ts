import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CalculatorInput,
  objectReplicas,
  perContainerReplicas,
  resourceReplicas,
  valueReplicas,
} from "../../src/controllers/autoscalerCalculator.ts";
import type { SampledContainer } from "../../src/controllers/autoscalerSamples.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";

const NOW = 100 * MINUTE;

function container(used: number | undefined, part: Partial<SampledContainer> = {}): SampledContainer {
  return {
    name: "shop-1",
    phase: "running",
    deleting: false,
    startedAt: 0,
    ready: true,
    readyChangedAt: 0,
    sample: used === undefined ? undefined : { at: NOW, window: 15 * SECOND, used },
    requested: 100,
    ...part,
  };
}

function input(containers: readonly SampledContainer[], current = containers.length): CalculatorInput {
  return {
    containers,
    current,
    now: NOW,
    tolerance: { up: 0.1, down: 0.1 },
    cpuInitialization: 5 * MINUTE,
    readinessDelay: 30 * SECOND,
  };
}

const cpu = (targetPercent: number) => ({ kind: "cpu", targetPercent }) as const;

describe("the number that cpu asks for", () => {
  test("is the least that brings the use to the target, outside the tolerance", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 5, max: 150 }),
        (used, target) => {
          const answer = resourceReplicas(input(used.map((one) => container(one))), cpu(target));
          if (typeof answer === "string") throw new Error(answer);
          const percent = Math.floor(used.reduce((sum, one) => sum + one, 0) / used.length);
          const ratio = percent / target;
          if (ratio >= 0.9 && ratio <= 1.1) expect(answer.replicas).toBe(used.length);
          else {
            expect(answer.replicas * target).toBeGreaterThanOrEqual(percent * used.length - 1e-6);
            expect((answer.replicas - 1) * target).toBeLessThan(percent * used.length + 1e-6);
          }
        },
      ),
    );
  });

  test.each([
    { when: "all are warm", cold: container(200), expected: 8 },
    { when: "one starts since a minute", cold: container(200, { startedAt: NOW - MINUTE, ready: false }), expected: 6 },
    { when: "one has no sample", cold: container(undefined), expected: 6 },
    { when: "one is not placed yet", cold: container(undefined, { phase: "pending" }), expected: 6 },
    { when: "one is being deleted", cold: container(0, { deleting: true }), expected: 6 },
  ])("is $expected going up when $when", ({ cold, expected }) => {
    const warm = [container(200), container(200), container(200)];
    expect(resourceReplicas(input([...warm, cold]), cpu(100))).toMatchObject({ replicas: expected });
  });

  test.each([
    { when: "all are warm", cold: container(10), expected: 1 },
    { when: "one starts since a minute", cold: container(10, { startedAt: NOW - MINUTE, ready: false }), expected: 1 },
    { when: "one has no sample and may use all of its request", cold: container(undefined), expected: 2 },
  ])("is $expected going down when $when", ({ cold, expected }) => {
    const warm = [container(10), container(10), container(10)];
    expect(resourceReplicas(input([...warm, cold]), cpu(80))).toMatchObject({ replicas: expected });
  });

  test("never changes the other way than what is known asks for, where something had to be guessed", () => {
    const anyContainer = fc.record({ used: fc.option(fc.nat(300), { nil: undefined }), cold: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyContainer, { minLength: 1, maxLength: 20 }), fc.nat(20), (parts, more) => {
        const containers = parts.map(({ used, cold }) =>
          container(used, cold ? { startedAt: NOW - MINUTE, ready: false } : {}),
        );
        const current = containers.length + more;
        const answer = resourceReplicas(input(containers, current), cpu(100));
        const known = parts.filter(({ used, cold }) => used !== undefined && !cold).map(({ used }) => used ?? 0);
        if (typeof answer === "string") {
          expect(known).toEqual([]);
          return;
        }
        const ratio = Math.floor(known.reduce((sum, one) => sum + one, 0) / known.length) / 100;
        const guessed = parts.some(({ used }) => used === undefined);
        if (ratio > 1 && known.length < parts.length) expect(answer.replicas).toBeGreaterThanOrEqual(current);
        if (ratio < 1 && guessed) expect(answer.replicas).toBeLessThanOrEqual(current);
      }),
    );
  });

  test.each([
    { containers: [], expected: "no containers" },
    { containers: [container(undefined)], expected: "no samples" },
    { containers: [container(10, { requested: 0 })], expected: "no request" },
  ])("is nothing at all: $expected", ({ containers, expected }) => {
    expect(resourceReplicas(input(containers), cpu(50))).toBe(expected);
  });

  test("is distrusted until a whole window lies after it became ready", () => {
    const young = { startedAt: NOW - MINUTE, readyChangedAt: NOW - 10 * SECOND };
    const asked = (window: number) =>
      resourceReplicas(input([container(200, { ...young, sample: { at: NOW, window, used: 200 } })]), cpu(100));
    expect(asked(10 * SECOND)).toMatchObject({ replicas: 2 });
    expect(asked(11 * SECOND)).toBe("no samples");
  });

  test("may have a tolerance of its own each way", () => {
    const lenient = { ...input([container(115), container(115)]), tolerance: { up: 0.2, down: 0 } };
    expect(resourceReplicas(lenient, cpu(100))).toMatchObject({ replicas: 2 });
    expect(resourceReplicas({ ...lenient, tolerance: { up: 0.1, down: 0 } }, cpu(100))).toMatchObject({ replicas: 3 });
  });
});

describe("other metrics", () => {
  test("a value per container counts as it is, however cold the container", () => {
    const cold = container(50, { startedAt: NOW, ready: false });
    expect(valueReplicas(input([container(30), cold]), { kind: "other", target: 20 })).toEqual({
      replicas: 4,
      utilisation: 40,
    });
  });

  test("a missing sample counts as 0 where the others are exactly at the target, unlike with a resource", () => {
    const containers = [container(20), container(undefined)];
    expect(valueReplicas(input(containers), { kind: "other", target: 20 })).toMatchObject({ replicas: 1 });
    expect(resourceReplicas(input(containers), cpu(20))).toMatchObject({ replicas: 2 });
  });

  test("a value of something else scales the ready containers", () => {
    const containers = [container(0), container(0, { ready: false }), container(0)];
    expect(objectReplicas(input(containers), { value: 300, target: 100 })).toMatchObject({ replicas: 6 });
    expect(objectReplicas(input([], 0), { value: 300, target: 100 })).toMatchObject({ replicas: 3 });
  });

  test("a target per container divides the value", () => {
    expect(perContainerReplicas(input([], 3), { value: 1000, target: 100 })).toEqual({
      replicas: 10,
      utilisation: 334,
    });
  });
});
