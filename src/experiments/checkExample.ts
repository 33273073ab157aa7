import type { Scenario } from "../cluster/spec.ts";
import type { RunSummary, ServiceSummary } from "../metrics/result.ts";

/**
 * A summary that has every key a run of the scenario can have, one entry in each list, and invented values.
 *
 * Nothing but keys and kinds may be read off it: it tells a check that asks for what will never be there.
 */
export function exampleSummary(scenario: Scenario): RunSummary {
  const services = scenario.services.map((service) => [service.name, exampleService(scenario)] as const);
  const hosts = scenario.cluster.hosts.map((host) => [host.name, { downS: 0, outages: 0 }] as const);
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    digest: "",
    events: 0,
    simulatedS: 0,
    measuredS: 0,
    wallS: 0,
    services: Object.fromEntries(services),
    hosts: {
      utilisation: { cpu: 0, memory: 0 },
      imbalance: 0,
      used: 0,
      blastRadius: 0,
      hostSeconds: 0,
      downS: 0,
      byHost: Object.fromEntries(hosts),
    },
    warnings: [""],
  };
}

function exampleService(scenario: Scenario): ServiceSummary {
  const outage = { startS: 0, endS: 0, open: false, root: "" };
  const times = { startS: 0, endS: 0, longestS: 0 };
  const wait = { containers: 0, of: 0, open: false, ...times, hosts: 0, reasons: [""], behind: 0 };
  return {
    requests: {
      arrived: 0,
      succeeded: 0,
      failed: 0,
      inFlight: 0,
      attempts: 0,
      retries: 0,
      byVersion: Object.fromEntries(scenario.images.map((image) => [image.name, { succeeded: 0, failed: 0 }])),
      failures: [{ cause: "timeout", root: "", count: 0 }],
      failedAttempts: {},
    },
    availability: { requests: 0, time: 0 },
    downtime: { totalS: 0, outages: 0, longestS: 0, meanTimeToRecoverS: 0, list: [outage] },
    degradedS: 0,
    latencyMs: { mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 },
    waitMs: { mean: 0 },
    utilisation: 0,
    slo: { met: true, errorBudgetUsed: 0, latencyMet: true, burnRate: [{ windowS: 0, worst: 0 }] },
    rollouts: [
      {
        from: "",
        to: "",
        strategy: "",
        reason: "deploy",
        startS: 0,
        endS: 0,
        outcome: "completed",
        peakContainers: 0,
        minAvailable: 0,
        overlapS: 0,
        steps: [{ atS: 0, note: "" }],
      },
    ],
    containers: {
      seconds: 0,
      peak: 0,
      peakIncludingTerminating: 0,
      surplusSeconds: 0,
      restarts: 0,
      pendingMeanS: 0,
      unschedulable: 0,
      waits: [wait],
      timeToRepairS: { mean: 0, longest: 0 },
    },
  };
}
