import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Service } from "../cluster/services.ts";
import { type Micros, SECOND, toSeconds } from "../kernel/time.ts";
import type { PlaceWaitSummary } from "./result.ts";

/** A shorter wait for a place is no news: making room for a container takes as long (30 s, Kubernetes' grace period). */
const WORTH_TELLING: Micros = 30 * SECOND;
/** So many kinds of reasons are told apart: a plug-in may word each refusal anew. */
const MOST_KINDS = 50;

/** What the scheduler said of a container at its last try; null hosts: it has not tried. */
interface Refusal {
  readonly hosts: number | null;
  readonly reasons: readonly string[];
}

/** Waits that have the same kinds of reasons: plain data. */
interface AlikeWaits {
  containers: number;
  start: Micros;
  end: Micros;
  longest: Micros;
  /** The latest one. */
  refusal: Refusal;
}

/** One service's containers without a place: plain data. */
export interface PlaceWaits {
  /** By container id, of those that wait now and were tried. */
  refused: Map<number, Refusal>;
  /** Long waits that are over, by their kinds of reasons. */
  ended: Map<string, AlikeWaits>;
}

const UNTRIED: Refusal = { hosts: null, reasons: [] };

export function newPlaceWaits(): PlaceWaits {
  return { refused: new Map(), ended: new Map() };
}

/** The same for refusals that differ only in how many hosts said what. */
export function kindsOf({ hosts, reasons }: Refusal): string {
  return JSON.stringify([hosts === null, ...reasons.map((reason) => reason.replace(/^\d+ /u, "")).sort()]);
}

/** It was placed, or is gone. */
export function endWait({ refused, ended }: PlaceWaits, { id, createdAt }: Container, now: Micros): void {
  const refusal = refused.get(id) ?? UNTRIED;
  refused.delete(id);
  if (now - createdAt > WORTH_TELLING) addTo(ended, refusal, createdAt, now);
}

/** Those that have no place now, then those that waited long for one; of each, what concerns most containers first. */
export function placeWaitsOf(service: Service, { refused, ended }: PlaceWaits, cluster: Cluster): PlaceWaitSummary[] {
  const { now } = cluster;
  const open = new Map<string, AlikeWaits>();
  const active = service.releases.flatMap((release) => cluster.activeOf(release));
  for (const { id, phase, createdAt } of active) {
    const refusal = refused.get(id);
    if (phase !== "pending" || (refusal === undefined && now - createdAt <= WORTH_TELLING)) continue;
    addTo(open, refusal ?? UNTRIED, createdAt, now);
  }
  const of = Math.max(service.replicas, active.length);
  const behind = heldBack(service, cluster);
  return [
    ...sorted(open).map((waits, at) => ({ ...summaryOf(waits), of, open: true, behind: at === 0 ? behind : 0 })),
    ...sorted(ended).map((waits) => ({ ...summaryOf(waits), of, open: false, behind: 0 })),
  ];
}

function addTo(rows: Map<string, AlikeWaits>, refusal: Refusal, start: Micros, end: Micros): void {
  const own = kindsOf(refusal);
  const key = rows.has(own) || rows.size < MOST_KINDS ? own : "";
  const before = rows.get(key);
  rows.set(key, {
    containers: (before?.containers ?? 0) + 1,
    start: Math.min(before?.start ?? start, start),
    end: Math.max(before?.end ?? end, end),
    longest: Math.max(before?.longest ?? 0, end - start),
    refusal,
  });
}

function sorted(rows: ReadonlyMap<string, AlikeWaits>): AlikeWaits[] {
  return [...rows.values()].sort((a, b) => b.containers - a.containers || a.start - b.start);
}

function summaryOf({ containers, start, end, longest, refusal }: AlikeWaits) {
  return {
    containers,
    startS: toSeconds(start),
    endS: toSeconds(end),
    longestS: toSeconds(longest),
    hosts: refusal.hosts,
    reasons: [...refusal.reasons],
  };
}

/** An ordered StatefulSet creates no further container while one is not ready. */
function heldBack(service: Service, cluster: Cluster): number {
  const { workload, podManagement } = service.spec;
  if (workload !== "StatefulSet" || podManagement === "Parallel") return 0;
  const members = service.releases.reduce((sum, release) => sum + cluster.membersOf(release).length, 0);
  return Math.max(0, service.replicas - members);
}
