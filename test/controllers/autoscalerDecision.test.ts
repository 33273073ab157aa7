import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuUtilisation } from "../../src/cluster/autoscaleMetrics.ts";
import type { AutoscaleSpec } from "../../src/cluster/policies.ts";
import { DEFAULT_RULES } from "../../src/controllers/autoscalerBehavior.ts";
import { type AutoscalerMemory, decideReplicas, NO_MEMORY } from "../../src/controllers/autoscalerDecision.ts";
import type { SampledContainer } from "../../src/controllers/autoscalerSamples.ts";
import { copy } from "../../src/kernel/copy.ts";
import { MINUTE, SECOND } from "../../src/kernel/time.ts";

const HOUR_ONE = 60 * MINUTE;

/** `current` warm containers that share a load, in percent of one container's request. */
function inputOf(current: number, load: number, now: number) {
  const container: SampledContainer = {
    name: "shop",
    phase: "running",
    deleting: false,
    startedAt: 0,
    ready: true,
    readyChangedAt: 0,
    sample: { at: now, window: 15 * SECOND, used: Math.floor(load / Math.max(1, current)) },
    requested: 100,
  };
  const containers = Array.from({ length: current }, () => container);
  const trust = { now, cpuInitialization: 5 * MINUTE, readinessDelay: 30 * SECOND };
  return { containers, existing: current, namespace: "default", current, ...trust };
}

function decided(spec: AutoscaleSpec, input: ReturnType<typeof inputOf>, memory: AutoscalerMemory) {
  const reading = { kind: "containers", containers: input.containers } as const;
  return decideReplicas(
    spec,
    spec.metrics.map((metric) => ({ metric, reading })),
    input,
    memory,
  );
}

const anySpec = fc.record({
  min: fc.integer({ min: 1, max: 5 }),
  max: fc.integer({ min: 5, max: 40 }),
  metrics: fc
    .integer({ min: 10, max: 120 })
    .map((percent) => [{ kind: "resource", resource: "cpu", target: { kind: "utilisation", percent } } as const]),
  behavior: fc.constantFrom(undefined, DEFAULT_RULES),
});

/** Looks every 15 s while the load changes; the numbers that were decided. */
function followed(spec: AutoscaleSpec, start: number, loads: readonly number[]): number[] {
  let memory: AutoscalerMemory = NO_MEMORY;
  let current = start;
  return loads.map((load, look) => {
    const decision = decided(spec, inputOf(current, load, HOUR_ONE + look * 15 * SECOND), memory);
    memory = copy(decision.memory);
    current = decision.replicas;
    return current;
  });
}

describe("the autoscaler's decision", () => {
  test("stays within its bounds whatever the load does", () => {
    fc.assert(
      fc.property(anySpec, fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(5_000)), (spec, start, loads) => {
        for (const replicas of followed(spec, start, loads)) {
          expect(replicas).toBeGreaterThanOrEqual(spec.min);
          expect(replicas).toBeLessThanOrEqual(spec.max);
        }
      }),
    );
  });

  test("comes to rest under a steady load, at a use that is not above the target but for the tolerance", () => {
    fc.assert(
      fc.property(anySpec, fc.integer({ min: 1, max: 40 }), fc.nat(3_000), (spec, start, load) => {
        const numbers = followed(
          spec,
          start,
          Array.from({ length: 60 }, () => load),
        );
        const last = numbers.at(-1) ?? 0;
        expect(new Set(numbers.slice(-20)).size).toBe(1);
        const percents = spec.metrics.map(({ target }) => (target.kind === "utilisation" ? target.percent : 0));
        if (last < spec.max) expect(Math.floor(load / last) / Math.max(...percents)).toBeLessThanOrEqual(1.1);
      }),
    );
  });

  test("does not shrink in its first five minutes, nor within five minutes of a higher wish", () => {
    const spec = { min: 1, max: 40, metrics: [cpuUtilisation(50)], behavior: DEFAULT_RULES };
    const numbers = followed(
      spec,
      10,
      Array.from({ length: 30 }, () => 50),
    );
    expect(numbers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 10));
    expect(numbers.slice(20)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test("says why, in Kubernetes' words", () => {
    const spec = { min: 2, max: 8, metrics: [cpuUtilisation(50)], behavior: undefined };
    const why = (current: number, load: number, memory = NO_MEMORY) =>
      decided(spec, inputOf(current, load, HOUR_ONE), memory).why;
    expect(why(4, 400)).toBe("cpu resource utilization (percentage of request) above target");
    expect(why(4, 10)).toBe("All metrics below target");
    expect(why(1, 0)).toBe("Current number of replicas below Spec.MinReplicas");
    expect(why(9, 900)).toBe("Current number of replicas above Spec.MaxReplicas");
  });

  test("leaves a service of no containers alone", () => {
    const spec = { min: 1, max: 40, metrics: [cpuUtilisation(50)], behavior: undefined };
    expect(decided(spec, inputOf(0, 900, HOUR_ONE), NO_MEMORY)).toMatchObject({
      replicas: 0,
      reason: "disabled",
    });
  });
});
