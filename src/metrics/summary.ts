import type { Cluster } from "../cluster/cluster.ts";
import type { Service } from "../cluster/services.ts";
import { type Micros, toMillis, toSeconds } from "../kernel/time.ts";
import { CAUSES } from "../traffic/observer.ts";
import { judgeSlo, type MeasuredOutage, outagesBetween, type Reachability } from "./availability.ts";
import type { ContainerTally } from "./containerTally.ts";
import { quantile } from "./histogram.ts";
import { areaAt } from "./integral.ts";
import { withHostsTogether } from "./marks.ts";
import { placeWaitsOf } from "./placeWaits.ts";
import type { Recorder } from "./recorder.ts";
import { seriesOf } from "./requestBins.ts";
import { causeAndRoot, type RequestTally } from "./requestTally.ts";
import type {
  FailureCount,
  HostsSummary,
  LatencySummary,
  OutageSummary,
  RequestSummary,
  RolloutOutcome,
  RolloutSummary,
  RunSeries,
  RunSummary,
  ServiceSummary,
} from "./result.ts";

/** One rollout as its driver kept it. `endedAt` undefined: under way. */
export interface RolloutRecord {
  readonly from: string;
  readonly to: string;
  readonly strategy: string;
  readonly reason: "deploy" | "rollback";
  readonly startedAt: Micros;
  readonly endedAt: Micros | undefined;
  readonly outcome: RolloutOutcome;
  readonly peakContainers: number;
  readonly minAvailable: number;
  readonly overlap: Micros;
  readonly steps: readonly { readonly at: Micros; readonly note: string }[];
}

/** The figures alone, as they stand now, to the last bit: the noise of adding in some order is for the caller to round away. */
export function figuresOf(
  cluster: Cluster,
  recorder: Recorder,
  rolloutsOf: (service: number) => readonly RolloutRecord[],
): RunSummary {
  const { scenario, engine } = cluster;
  const now = engine.now;
  const from = Math.min(scenario.warmup, now);
  // From entries, not by assignment: a service may be called `__proto__`.
  const services = Object.fromEntries(
    cluster.state.services.map((service) => [
      service.spec.name,
      serviceSummary(cluster, recorder, service, rolloutsOf(service.id)),
    ]),
  );
  return {
    scenario: scenario.name,
    seed: cluster.streams.seed,
    digest: engine.digest(),
    events: engine.events,
    simulatedS: toSeconds(now),
    measuredS: toSeconds(now - from),
    wallS: 0,
    services,
    hosts: hostsSummary(recorder, from, now),
    warnings: [],
  };
}

function serviceSummary(
  cluster: Cluster,
  recorder: Recorder,
  service: Service,
  rollouts: readonly RolloutRecord[],
): ServiceSummary {
  const { id, spec } = service;
  const now = cluster.engine.now;
  const from = Math.min(cluster.scenario.warmup, now);
  const tally = recorder.state.requests[id] as RequestTally;
  const outages = outagesBetween(recorder.state.reachability[id] as Reachability, from, now);
  const downtime = downtimeOf(cluster, outages);
  const ended = tally.succeeded + tally.failed;
  const availability = ended === 0 ? null : tally.succeeded / ended;
  const slotTime = areaAt(tally.slots, now);
  return {
    requests: requestSummary(cluster, tally),
    availability: { requests: availability, time: now === from ? 1 : 1 - downtime.totalS / toSeconds(now - from) },
    downtime,
    degradedS: tally.degradedSeconds,
    latencyMs: latencyOf(tally),
    waitMs: { mean: tally.waits === 0 ? null : toMillis(tally.waitSum / tally.waits) },
    utilisation: slotTime === 0 ? 0 : areaAt(tally.busy, now) / slotTime,
    slo: spec.slo === undefined ? null : judgeSlo(spec.slo, availability, tally.latency, recorder.burnOf(id)),
    rollouts: rollouts.map(rolloutSummary),
    containers: containersOf(service, recorder.containers.state.services[id] as ContainerTally, cluster),
  };
}

function requestSummary(cluster: Cluster, tally: RequestTally): RequestSummary {
  const byVersion = new Map<string, { succeeded: number; failed: number }>();
  for (const release of cluster.state.releases) {
    const succeeded = tally.releaseSucceeded[release.id] ?? 0;
    const failed = tally.releaseFailed[release.id] ?? 0;
    if (succeeded + failed === 0) continue;
    const row = byVersion.get(release.image.name) ?? { succeeded: 0, failed: 0 };
    row.succeeded += succeeded;
    row.failed += failed;
    byVersion.set(release.image.name, row);
  }
  const failedAttempts: Record<string, number> = {};
  CAUSES.forEach((cause, i) => {
    const count = tally.failedAttempts[i] ?? 0;
    if (count > 0) failedAttempts[cause] = count;
  });
  return {
    arrived: tally.arrived,
    succeeded: tally.succeeded,
    failed: tally.failed,
    inFlight: tally.arrived - tally.succeeded - tally.failed,
    attempts: tally.attempts,
    retries: tally.retries,
    byVersion: Object.fromEntries(byVersion),
    failures: failuresOf(cluster, tally),
    failedAttempts,
  };
}

/** Most first; equal counts by root, then by cause, as they came up. */
function failuresOf(cluster: Cluster, tally: RequestTally): FailureCount[] {
  return [...tally.failures]
    .sort(([oneKey, one], [otherKey, other]) => other - one || oneKey - otherKey)
    .map(([key, count]) => {
      const { cause, root } = causeAndRoot(key);
      return {
        cause: CAUSES[cause] as FailureCount["cause"],
        root: cluster.state.roots[root]?.label ?? "unknown",
        count,
      };
    });
}

function downtimeOf(cluster: Cluster, outages: readonly MeasuredOutage[]): ServiceSummary["downtime"] {
  const list: OutageSummary[] = outages.map(({ start, end, open, root }) => ({
    startS: toSeconds(start),
    endS: toSeconds(end),
    open,
    root: cluster.state.roots[root]?.label ?? "unknown",
  }));
  const total = outages.reduce((sum, { start, end }) => sum + end - start, 0);
  const ended = outages.filter(({ open }) => !open);
  const endedTotal = ended.reduce((sum, { start, end }) => sum + end - start, 0);
  return {
    totalS: toSeconds(total),
    outages: outages.length,
    longestS: toSeconds(outages.reduce((most, { start, end }) => Math.max(most, end - start), 0)),
    meanTimeToRecoverS: ended.length === 0 ? null : toSeconds(endedTotal / ended.length),
    list,
  };
}

function latencyOf(tally: RequestTally): LatencySummary {
  // A bucket's middle may lie above the largest value in it.
  const at = (share: number) => {
    const value = quantile(tally.latency, share);
    return value === undefined ? null : toMillis(Math.min(value, tally.latencyMax));
  };
  return {
    mean: tally.succeeded === 0 ? null : toMillis(tally.latencySum / tally.succeeded),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: tally.succeeded === 0 ? null : toMillis(tally.latencyMax),
  };
}

function rolloutSummary(record: RolloutRecord): RolloutSummary {
  return {
    from: record.from,
    to: record.to,
    strategy: record.strategy,
    reason: record.reason,
    startS: toSeconds(record.startedAt),
    endS: record.endedAt === undefined ? null : toSeconds(record.endedAt),
    outcome: record.outcome,
    peakContainers: record.peakContainers,
    minAvailable: record.minAvailable,
    overlapS: toSeconds(record.overlap),
    steps: record.steps.map(({ at, note }) => ({ atS: toSeconds(at), note })),
  };
}

function containersOf(service: Service, tally: ContainerTally, cluster: Cluster): ServiceSummary["containers"] {
  const { now } = cluster;
  return {
    seconds: toSeconds(areaAt(tally.holding, now)),
    peak: tally.lasting.peak,
    peakIncludingTerminating: tally.holding.peak,
    surplusSeconds: toSeconds(areaAt(tally.surplus, now)),
    restarts: tally.restarts,
    pendingMeanS: tally.placed === 0 ? null : toSeconds(tally.pendingSum / tally.placed),
    unschedulable: tally.unschedulable.size,
    waits: placeWaitsOf(service, tally.waits, cluster),
    timeToRepairS: {
      mean: tally.repairs === 0 ? null : toSeconds(tally.repairSum / tally.repairs),
      longest: tally.repairs === 0 ? null : toSeconds(tally.repairLongest),
    },
  };
}

function hostsSummary(recorder: Recorder, from: Micros, now: Micros): HostsSummary {
  const shares = recorder.containers.state.services.map(
    (tally) => areaAt(tally.blast, now) / Math.max(1, areaAt(tally.present, now)),
  );
  return recorder.hosts.summary(from, now, Math.max(0, ...shares));
}

/** How the figures came about over time, up to now. */
export function seriesOfRun(cluster: Cluster, recorder: Recorder): RunSeries {
  const { scenario, engine, state } = cluster;
  const now = engine.now;
  const names = {
    release: (id: number) => cluster.release(id).image.name,
    cause: (id: number) => CAUSES[id] ?? "unknown",
  };
  const perService = <T>(make: (id: number) => T): Record<string, T> =>
    Object.fromEntries(state.services.map(({ id, spec }) => [spec.name, make(id)]));
  const wantedOf = (id: number) => recorder.chronicle.state.wanted[id] ?? [];
  const reachabilityOf = (id: number) => recorder.state.reachability[id] as Reachability;
  return {
    durationS: toSeconds(now),
    warmupS: toSeconds(Math.min(scenario.warmup, now)),
    requests: perService((id) => seriesOf(recorder.binsUpTo(id, now), now, names)),
    containers: perService((id) => recorder.chronicle.stepsOf(id)),
    wanted: perService((id) => wantedOf(id).map(({ at, replicas }) => ({ atS: toSeconds(at), replicas }))),
    outages: perService((id) => downtimeOf(cluster, outagesBetween(reachabilityOf(id), 0, now)).list),
    lanes: recorder.chronicle.lanes(now),
    hosts: recorder.chronicle.hostLanes(now),
    marks: withHostsTogether(recorder.chronicle.state.marks),
    truncated: recorder.chronicle.state.truncated,
  };
}
