import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScalingRules } from "../../src/cluster/policies.ts";
import {
  changeWithin,
  DEFAULT_RULES,
  limitByBehavior,
  limitByDoubling,
  stabilise,
  stabiliseBothWays,
  storeScaleEvent,
} from "../../src/controllers/autoscalerBehavior.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";

const NOW = 60 * MINUTE;
const none = { ups: [], downs: [], now: NOW };

describe("stabilisation", () => {
  test("lets a rise through, and a drop only when nothing higher was asked for in the window", () => {
    const history = [{ replicas: 8, at: NOW - 2 * MINUTE }];
    const when = { now: NOW, window: 5 * MINUTE };
    expect(stabilise(history, 10, when).replicas).toBe(10);
    expect(stabilise(history, 3, when).replicas).toBe(8);
    expect(stabilise(history, 3, { now: NOW + 3 * MINUTE, window: 5 * MINUTE }).replicas).toBe(3);
  });

  test("both ways keeps the number between the lowest and the highest recent wish", () => {
    const wishes = fc.array(fc.record({ replicas: fc.nat(50), at: fc.integer({ min: 0, max: NOW }) }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(wishes, fc.nat(50), fc.nat(50), (history, current, desired) => {
        const when = { now: NOW, upWindow: MINUTE, downWindow: 5 * MINUTE };
        const { replicas } = stabiliseBothWays(history, { current, desired }, when);
        const recent = (window: number) => history.filter(({ at }) => NOW - at < window).map((one) => one.replicas);
        expect(replicas).toBeGreaterThanOrEqual(Math.min(current, desired, ...recent(MINUTE)));
        expect(replicas).toBeLessThanOrEqual(Math.max(current, desired, ...recent(5 * MINUTE)));
        if (replicas > current) expect(replicas).toBe(Math.min(desired, ...recent(MINUTE)));
        if (replicas < current) expect(replicas).toBe(Math.max(desired, ...recent(5 * MINUTE)));
      }),
    );
  });

  test("forgets what is older than its window, so that the memory stays small", () => {
    let history: readonly { replicas: number; at: number }[] = [];
    for (let i = 0; i < 1_000; i++) {
      history = stabilise(history, i % 7, { now: i * 15 * SECOND, window: 5 * MINUTE }).history;
    }
    expect(history.length).toBeLessThanOrEqual(21);
  });
});

describe("limits", () => {
  test.each([
    { current: 1, desired: 50, expected: { replicas: 4, reason: "ScaleUpLimit" } },
    { current: 10, desired: 50, expected: { replicas: 20, reason: "ScaleUpLimit" } },
    { current: 60, desired: 110, expected: { replicas: 100, reason: "TooManyReplicas" } },
    { current: 10, desired: 1, expected: { replicas: 2, reason: "TooFewReplicas" } },
    { current: 10, desired: 3, expected: { replicas: 3, reason: "DesiredWithinRange" } },
  ])("before behaviour: from $current to $desired ends at $expected.replicas", ({ current, desired, expected }) => {
    expect(limitByDoubling(current, desired, { min: 2, max: 100 })).toEqual(expected);
  });

  test.each([
    { current: 1, desired: 50, expected: { replicas: 5, reason: "ScaleUpLimit" } },
    { current: 10, desired: 50, expected: { replicas: 20, reason: "ScaleUpLimit" } },
    { current: 10, desired: 1, expected: { replicas: 2, reason: "TooFewReplicas" } },
  ])("by default: from $current to $desired ends at $expected.replicas", ({ current, desired, expected }) => {
    const numbers = { current, desired, min: 2, max: 100 };
    expect(limitByBehavior(numbers, DEFAULT_RULES, none)).toEqual(expected);
  });

  test("count from the number at the beginning of the policy's period, changes both ways taken back", () => {
    const rules: ScalingRules = { select: "Max", window: 0, policies: [{ type: "Pods", value: 5, period: MINUTE }] };
    const event = { change: 4, at: NOW - 30 * SECOND, outdated: false };
    const numbers = { current: 10, desired: 50, min: 1, max: 100 };
    const both = { up: rules, down: rules };
    expect(limitByBehavior(numbers, both, { ...none, ups: [event] }).replicas).toBe(11);
    expect(limitByBehavior(numbers, both, { ...none, downs: [event] }).replicas).toBe(19);
    expect(limitByBehavior(numbers, both, { ups: [event], downs: [], now: NOW + MINUTE }).replicas).toBe(15);
  });

  test("never turn a wish around, and never leave the bounds", () => {
    const policy = fc.record({
      type: fc.constantFrom("Pods" as const, "Percent" as const),
      value: fc.integer({ min: 1, max: 200 }),
      period: fc.constantFrom(15 * SECOND, MINUTE, 5 * MINUTE),
    });
    const rules = fc.record({
      select: fc.constantFrom("Max" as const, "Min" as const, "Disabled" as const),
      window: fc.constant(0),
      policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
    });
    const event = fc.record({
      change: fc.integer({ min: 1, max: 20 }),
      at: fc.integer({ min: NOW - 6 * MINUTE, max: NOW }),
      outdated: fc.constant(false),
    });
    const events = fc.array(event, { maxLength: 4 });
    fc.assert(
      fc.property(rules, rules, events, events, fc.nat(60), fc.nat(60), (up, down, ups, downs, current, desired) => {
        const numbers = { current: Math.max(2, Math.min(50, current)), desired, min: 2, max: 50 };
        const { replicas } = limitByBehavior(numbers, { up, down }, { ups, downs, now: NOW });
        if (desired >= numbers.current) expect(replicas).toBeGreaterThanOrEqual(numbers.current);
        if (desired <= numbers.current) expect(replicas).toBeLessThanOrEqual(numbers.current);
        expect(replicas).toBeGreaterThanOrEqual(Math.min(2, desired));
        expect(replicas).toBeLessThanOrEqual(50);
        if (up.select === "Disabled") expect(replicas).toBeLessThanOrEqual(numbers.current);
      }),
    );
  });
});

describe("the memory of changes", () => {
  test("counts only what lies within a period, its edge left out", () => {
    const events = [10, 20, 30].map((age) => ({ change: age, at: NOW - age * SECOND, outdated: false }));
    expect(changeWithin(events, 30 * SECOND, NOW)).toBe(30);
    expect(changeWithin(events, 31 * SECOND, NOW)).toBe(60);
  });

  test("stays as small as the longest period needs", () => {
    let events: ReturnType<typeof storeScaleEvent> = [];
    for (let i = 0; i < 500; i++) {
      events = storeScaleEvent(events, { change: 1, now: i * 15 * SECOND }, DEFAULT_RULES.up);
    }
    expect(events.length).toBeLessThanOrEqual(2);
    expect(storeScaleEvent([], { change: 1, now: NOW }, undefined)).toEqual([]);
  });
});
