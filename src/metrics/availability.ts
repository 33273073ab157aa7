import type { SloSpec } from "../cluster/spec.ts";
import { type Micros, SECOND, toMillis } from "../kernel/time.ts";
import { type Histogram, quantile } from "./histogram.ts";

/** When a service could not be reached: plain data. */
export interface Reachability {
  reachable: boolean;
  /** Since when it stands as it does, and what brought that about. */
  since: Micros;
  root: number;
  outages: { start: Micros; end: Micros; root: number }[];
}

/** Nothing is reachable before the run begins. */
export function newReachability(root: number): Reachability {
  return { reachable: false, since: 0, root, outages: [] };
}

/** The service can be reached from now on, or no longer. */
export function setReachable(row: Reachability, reachable: boolean, root: number, now: Micros): void {
  if (row.reachable === reachable) return;
  if (reachable && now > row.since) row.outages.push({ start: row.since, end: now, root: row.root });
  row.reachable = reachable;
  row.since = now;
  row.root = root;
}

/** An outage as far as it lies in the measured time; `open`: it had not ended by then. */
export interface MeasuredOutage {
  readonly start: Micros;
  readonly end: Micros;
  readonly open: boolean;
  readonly root: number;
}

/** The outages between two times, in order; those that began earlier count from `from`. */
export function outagesBetween(row: Reachability, from: Micros, to: Micros): MeasuredOutage[] {
  const all = row.outages.map((outage) => ({ ...outage, open: false }));
  if (!row.reachable && to > row.since) all.push({ start: row.since, end: to, root: row.root, open: true });
  return all
    .map((outage) => ({ ...outage, start: Math.max(outage.start, from), end: Math.min(outage.end, to) }))
    .filter((outage) => outage.end > outage.start);
}

/** Failures over sliding windows, second by second, for the burn rate: plain data. */
export interface BurnWindows {
  readonly lengths: readonly number[];
  second: number;
  ended: Uint32Array;
  failed: Uint32Array;
  sums: { ended: number; failed: number }[];
  /** The worst share of failed requests in any window of each length. */
  worst: number[];
  nowEnded: number;
  nowFailed: number;
}

/** Five minutes and an hour: the short windows of the SRE workbook's alerts. */
const WINDOWS_S: readonly number[] = [300, 3600];

/** Windows that begin empty at that second of the run. */
export function newBurnWindows(firstSecond: number): BurnWindows {
  return {
    lengths: WINDOWS_S,
    second: firstSecond,
    ended: new Uint32Array(3600),
    failed: new Uint32Array(3600),
    sums: WINDOWS_S.map(() => ({ ended: 0, failed: 0 })),
    worst: WINDOWS_S.map(() => 0),
    nowEnded: 0,
    nowFailed: 0,
  };
}

/** Moves on to the second of `now`, closing those before. */
export function advanceBurn(windows: BurnWindows, now: Micros): void {
  const second = Math.floor(now / SECOND);
  if (second - windows.second > 2 * windows.ended.length) {
    // Nothing happened for longer than any window: what is left of the past is nothing.
    for (let i = 0; i <= windows.ended.length; i++) closeSecond(windows);
    windows.second = second;
    return;
  }
  while (windows.second < second) closeSecond(windows);
}

function closeSecond(windows: BurnWindows): void {
  const place = windows.second % windows.ended.length;
  windows.lengths.forEach((length, i) => {
    const sum = windows.sums[i] as { ended: number; failed: number };
    const leaving = (((windows.second - length) % windows.ended.length) + windows.ended.length) % windows.ended.length;
    sum.ended += windows.nowEnded - (windows.ended[leaving] as number);
    sum.failed += windows.nowFailed - (windows.failed[leaving] as number);
    if (sum.ended > 0) windows.worst[i] = Math.max(windows.worst[i] as number, sum.failed / sum.ended);
  });
  windows.ended[place] = windows.nowEnded;
  windows.failed[place] = windows.nowFailed;
  windows.nowEnded = 0;
  windows.nowFailed = 0;
  windows.second++;
}

/** How a service stands against its objective. */
export interface SloVerdict {
  met: boolean;
  errorBudgetUsed: number | null;
  latencyMet: boolean;
  burnRate: { windowS: number; worst: number }[];
}

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/** Judges measured availability (null: nothing was asked) and latency against the objective. */
export function judgeSlo(slo: SloSpec, availability: number | null, latency: Histogram, burn: BurnWindows): SloVerdict {
  const latencyMet = slo.latency.every(({ percentile, below }) => {
    const found = quantile(latency, SHARES[percentile]);
    return found === undefined || toMillis(found) < toMillis(below);
  });
  const target = slo.availability;
  if (target === undefined) return { met: latencyMet, errorBudgetUsed: null, latencyMet, burnRate: [] };
  const allowed = 1 - target;
  const lost = 1 - (availability ?? 1);
  const used = allowed > 0 ? lost / allowed : null;
  const burnRate =
    allowed > 0 ? burn.lengths.map((windowS, i) => ({ windowS, worst: (burn.worst[i] as number) / allowed })) : [];
  return { met: latencyMet && (availability ?? 1) >= target, errorBudgetUsed: used, latencyMet, burnRate };
}
