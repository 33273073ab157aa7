import type { Scenario, ServiceSpec, TimelineEntry } from "../../src/cluster/spec.ts";
import { exampleSummary } from "../../src/experiments/checkExample.ts";
import { laboratory } from "../../src/experiments/laboratory.ts";
import { SECOND } from "../../src/kernel/time.ts";
import type { RolloutSummary, RunResult, RunSummary, ServiceSummary } from "../../src/metrics/result.ts";

/** A scenario with services of these names, all alike, and with this timeline. */
export function scenarioOf(names: readonly string[], timeline: readonly TimelineEntry[] = []): Scenario {
  const plain = laboratory({ length: 10 * SECOND });
  const [pattern] = plain.services;
  if (pattern === undefined) throw new Error("a laboratory has a service");
  const services = names.map((name): ServiceSpec => ({ ...pattern, name }));
  return { ...plain, name: "plain", services, timeline };
}

type Parts<T> = { readonly [K in keyof T]?: T[K] extends object | null ? Partial<T[K]> : T[K] };

/** A run in which nothing happened, but for these parts of its services. */
export function summaryOf(services: Readonly<Record<string, Parts<ServiceSummary>>>): RunSummary {
  const blank = exampleSummary(scenarioOf(Object.keys(services)));
  const filled = Object.entries(blank.services).map(([name, service]) => {
    const quiet: ServiceSummary = {
      ...service,
      requests: { ...service.requests, failures: [], byVersion: {} },
      downtime: { ...service.downtime, list: [] },
      rollouts: [],
      slo: null,
    };
    return [name, merge(quiet, services[name] ?? {})] as const;
  });
  return { ...blank, warnings: [], services: Object.fromEntries(filled) };
}

/** A result with this summary and empty series. */
export function resultOf(summary: RunSummary): RunResult {
  return {
    summary,
    series: {
      durationS: 10,
      warmupS: 0,
      requests: {},
      containers: {},
      wanted: {},
      outages: {},
      lanes: [],
      hosts: [],
      marks: [],
      truncated: false,
    },
  };
}

/** A rollout that went well in ten seconds, but for these parts. */
export function rolloutOf(part: Partial<RolloutSummary> = {}): RolloutSummary {
  return {
    from: "shop:v1",
    to: "shop:v2",
    strategy: "rolling",
    reason: "deploy",
    startS: 120,
    endS: 130,
    outcome: "completed",
    peakContainers: 6,
    minAvailable: 4,
    overlapS: 8,
    steps: [],
    ...part,
  };
}

function merge(service: ServiceSummary, parts: Parts<ServiceSummary>): ServiceSummary {
  const merged: Record<string, unknown> = { ...service };
  for (const [key, part] of Object.entries(parts)) {
    const before = merged[key];
    const isGroup = typeof part === "object" && part !== null && !Array.isArray(part);
    merged[key] = isGroup && typeof before === "object" && before !== null ? { ...before, ...part } : part;
  }
  return merged as unknown as ServiceSummary;
}
