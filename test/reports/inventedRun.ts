import type {
  ContainerLane,
  EventMark,
  FailureCause,
  PlaceWaitSummary,
  RequestSeries,
  RolloutSummary,
  RunResult,
  ServiceSummary,
  StateStep,
} from "../../src/metrics/result.ts";

/** What an invented run shows; everything left out is boring. */
export interface Invention {
  name?: string;
  services?: string[];
  durationS?: number;
  /** Failed requests per second inside `[from, to)`, by cause. */
  failing?: { from: number; to: number; perSecond: number; cause: FailureCause; root: string }[];
  outages?: { startS: number; endS: number; root: string }[];
  marks?: EventMark[];
  rollout?: Partial<RolloutSummary> | undefined;
  versions?: [string, string];
  perSecond?: number;
  surge?: number;
  waits?: PlaceWaitSummary[];
}

/** A plausible result of five containers on five hosts with a release at 2 min and a host lost at 5 min. */
export function inventedRun(invention: Invention = {}): RunResult {
  const { name = "five-on-five", services = ["shop"], durationS = 600 } = invention;
  const [v1, v2] = invention.versions ?? ["shop:v1", "shop:v2"];
  const requests = Object.fromEntries(services.map((service) => [service, requestSeries(invention, durationS)]));
  const marks = invention.marks ?? defaultMarks(services[0] ?? "shop", v2);
  const outages = (invention.outages ?? []).map((outage) => ({ ...outage, open: outage.endS >= durationS }));
  return {
    summary: {
      scenario: name,
      seed: 42,
      digest: "5f0c1a2b9d3e4f60",
      events: 812_345,
      simulatedS: durationS,
      measuredS: durationS - 30,
      wallS: 0.41,
      services: Object.fromEntries(services.map((service) => [service, serviceSummary(invention, requests[service])])),
      hosts: {
        utilisation: { cpu: 0.31, memory: 0.18 },
        imbalance: 0.08,
        used: 5,
        blastRadius: 0.2,
        hostSeconds: durationS * 5 - 120,
        downS: 120,
        byHost: Object.fromEntries(
          [1, 2, 3, 4, 5].map((n) => [`host-${n}`, { downS: n === 3 ? 120 : 0, outages: n === 3 ? 1 : 0 }]),
        ),
      },
      warnings: [],
    },
    series: {
      durationS,
      warmupS: 30,
      requests,
      containers: Object.fromEntries(services.map((service) => [service, stateSteps(v1, v2, invention.surge ?? 1)])),
      wanted: Object.fromEntries(services.map((service) => [service, [{ atS: 0, replicas: 5 }]])),
      outages: Object.fromEntries(services.map((service) => [service, outages])),
      lanes: services.flatMap((service) => lanes(service, v1, v2, durationS)),
      hosts: [1, 2, 3, 4, 5].map((n) => ({
        host: `host-${n}`,
        zone: n % 2 === 0 ? "b" : "a",
        troubles: n === 3 ? [{ kind: "down" as const, startS: 300, endS: 420 }] : [],
      })),
      marks,
      truncated: false,
    },
  };
}

function defaultMarks(service: string, v2: string): EventMark[] {
  return [
    { atS: 120, kind: "deploy", service, label: `deploy ${v2} (rolling)` },
    { atS: 181.2, kind: "rollout", service, label: "release done" },
    { atS: 300, kind: "failure", service: null, label: "host-3 crashed" },
    { atS: 352, kind: "control", service: null, label: "host-3 unreachable" },
    { atS: 420, kind: "recovery", service: null, label: "host-3 back" },
  ];
}

function requestSeries(invention: Invention, durationS: number): RequestSeries {
  const perSecond = invention.perSecond ?? 400;
  const bins = Array.from({ length: durationS }, (_, bin) => bin);
  const arrived = bins.map((bin) => (perSecond === 0 ? 0 : perSecond + ((bin * 7919) % 37) - 18));
  const failedAt = (bin: number, cause?: string): number =>
    (invention.failing ?? [])
      .filter((each) => bin >= each.from && bin < each.to && (cause === undefined || cause === each.cause))
      .reduce((sum, each) => sum + each.perSecond, 0);
  const failed = bins.map((bin) => failedAt(bin));
  const succeeded = bins.map((bin) => (arrived[bin] ?? 0) - (failed[bin] ?? 0));
  const share = (bin: number): number => Math.min(1, Math.max(0, (bin - 128) / 48));
  const [v1, v2] = invention.versions ?? ["shop:v1", "shop:v2"];
  const latency = (base: number): (number | null)[] =>
    bins.map((bin) =>
      (arrived[bin] ?? 0) === 0 ? null : base * (1 + ((bin * 31) % 17) / 60 + (bin > 300 && bin < 352 ? 0.5 : 0)),
    );
  const causes = [...new Set((invention.failing ?? []).map((each) => each.cause))];
  return {
    binS: 1,
    arrived,
    succeeded,
    failed,
    byVersion: {
      [v1]: bins.map((bin) => Math.round((succeeded[bin] ?? 0) * (1 - share(bin)))),
      [v2]: bins.map((bin) => Math.round((succeeded[bin] ?? 0) * share(bin))),
    },
    byCause: Object.fromEntries(causes.map((cause) => [cause, bins.map((bin) => failedAt(bin, cause))])),
    p50: latency(29),
    p95: latency(122),
    p99: latency(188),
  };
}

function serviceSummary(invention: Invention, series: RequestSeries | undefined): ServiceSummary {
  const sum = (values: number[] | undefined): number => (values ?? []).reduce((total, value) => total + value, 0);
  const [v1, v2] = invention.versions ?? ["shop:v1", "shop:v2"];
  const failed = sum(series?.failed);
  const arrived = sum(series?.arrived);
  const outages = (invention.outages ?? []).map((outage) => ({ ...outage, open: false }));
  const lengths = outages.map((outage) => outage.endS - outage.startS);
  const downS = sum(lengths);
  const failures = (invention.failing ?? [])
    .map(({ cause, root, from, to, perSecond }) => ({ cause, root, count: (to - from) * perSecond }))
    .sort((a, b) => b.count - a.count);
  const rollouts = invention.rollout === undefined && "rollout" in invention ? [] : [rolloutSummary(invention)];
  return {
    requests: {
      arrived,
      succeeded: arrived - failed,
      failed,
      inFlight: 0,
      attempts: arrived,
      retries: 0,
      byVersion: {
        [v1]: { succeeded: Math.round((arrived - failed) / 3), failed },
        [v2]: { succeeded: Math.round(((arrived - failed) * 2) / 3), failed: 0 },
      },
      failures,
      failedAttempts: Object.fromEntries(failures.map(({ cause, count }) => [cause, count])),
    },
    availability: { requests: arrived === 0 ? null : (arrived - failed) / arrived, time: 1 - downS / 570 },
    downtime: {
      totalS: downS,
      outages: outages.length,
      longestS: Math.max(0, ...lengths),
      meanTimeToRecoverS: outages.length === 0 ? null : downS / outages.length,
      list: outages,
    },
    degradedS: (series?.failed ?? []).filter((count) => count > 0).length,
    latencyMs: { mean: 40.2, p50: 29, p90: 95.4, p95: 122, p99: 188, p999: 284, max: 1_204.7 },
    waitMs: { mean: 0.4 },
    utilisation: 0.42,
    slo: {
      met: failed === 0,
      errorBudgetUsed: failed / (arrived * 0.001 + 1),
      latencyMet: true,
      burnRate: [{ windowS: 300, worst: 6.2 }],
    },
    rollouts,
    containers: {
      seconds: 3_105,
      peak: 5 + (invention.surge ?? 1),
      peakIncludingTerminating: 7,
      surplusSeconds: 105.4,
      restarts: 1,
      pendingMeanS: 0.012,
      unschedulable: invention.waits?.length ?? 0,
      waits: invention.waits ?? [],
      timeToRepairS: { mean: 52.1, longest: 52.1 },
    },
  };
}

function rolloutSummary(invention: Invention): RolloutSummary {
  const [v1, v2] = invention.versions ?? ["shop:v1", "shop:v2"];
  return {
    from: v1,
    to: v2,
    strategy: "rolling",
    reason: "deploy",
    startS: 120,
    endS: 181.2,
    outcome: "completed",
    peakContainers: 7,
    minAvailable: 4,
    overlapS: 44.1,
    steps: [
      { atS: 120, note: "started 2 of shop:v2" },
      { atS: 131, note: "stopped 1 of shop:v1" },
      { atS: 181.2, note: "done" },
    ],
    ...invention.rollout,
  };
}

function stateSteps(v1: string, v2: string, surge: number): StateStep[] {
  const steps: StateStep[] = [
    { atS: 0, version: v1, state: "starting", count: 5 },
    { atS: 9, version: v1, state: "starting", count: 0 },
    { atS: 9, version: v1, state: "ready", count: 5 },
  ];
  for (let at = 0; at < 5; at += 1) {
    const t = 120 + at * 12;
    steps.push({ atS: t, version: v2, state: "starting", count: surge });
    steps.push({ atS: t + 6, version: v2, state: "starting", count: 0 });
    steps.push({ atS: t + 6, version: v2, state: "ready", count: at + 1 });
    steps.push({ atS: t + 6.1, version: v1, state: "ready", count: 4 - at });
    steps.push({ atS: t + 6.1, version: v1, state: "terminating", count: 1 });
    steps.push({ atS: t + 11, version: v1, state: "terminating", count: 0 });
  }
  steps.push({ atS: 300, version: v2, state: "ready", count: 4 });
  steps.push({ atS: 300, version: v2, state: "unready", count: 1 });
  steps.push({ atS: 422, version: v2, state: "unready", count: 0 });
  steps.push({ atS: 422, version: v2, state: "starting", count: 1 });
  steps.push({ atS: 430, version: v2, state: "starting", count: 0 });
  steps.push({ atS: 430, version: v2, state: "ready", count: 5 });
  return steps;
}

function lanes(service: string, v1: string, v2: string, durationS: number): ContainerLane[] {
  return [1, 2, 3, 4, 5].flatMap((n): ContainerLane[] => {
    const swap = 120 + (n - 1) * 12;
    return [
      {
        container: `${service}-${n}`,
        service,
        version: v1,
        host: `host-${n}`,
        phases: [
          { state: "starting", startS: 0, endS: 9 },
          { state: "ready", startS: 9, endS: swap + 6.1 },
          { state: "terminating", startS: swap + 6.1, endS: swap + 11 },
        ],
      },
      {
        container: `${service}-${n + 5}`,
        service,
        version: v2,
        host: `host-${n}`,
        phases:
          n === 3
            ? [
                { state: "pulling", startS: swap, endS: swap + 2 },
                { state: "starting", startS: swap + 2, endS: swap + 6 },
                { state: "ready", startS: swap + 6, endS: 300 },
                { state: "crashed", startS: 300, endS: 422 },
                { state: "starting", startS: 422, endS: 430 },
                { state: "ready", startS: 430, endS: durationS },
              ]
            : [
                { state: "pulling", startS: swap, endS: swap + 2 },
                { state: "starting", startS: swap + 2, endS: swap + 6 },
                { state: "ready", startS: swap + 6, endS: durationS },
              ],
      },
    ];
  });
}

/** A host lost for 41 s in the balancer's view, and a few requests cut off by the release. */
export function hurtRun(more: Invention = {}): RunResult {
  return inventedRun({
    failing: [
      { from: 300, to: 341, perSecond: 9, cause: "host-down", root: "timeline[1] crash host-3 at 5m" },
      { from: 300, to: 301, perSecond: 19, cause: "cut-off", root: "timeline[1] crash host-3 at 5m" },
      { from: 126, to: 131, perSecond: 1, cause: "connection-refused", root: "timeline[0] deploy shop:v2 at 2m" },
    ],
    outages: [{ startS: 301.5, endS: 304.2, root: "timeline[1] crash host-3 at 5m" }],
    ...more,
  });
}
