import type { Micros } from "../kernel/time.ts";
import { countIn, type Histogram, newHistogram } from "./histogram.ts";
import { type Integral, newIntegral } from "./integral.ts";

/** What became of one service's requests: plain numbers. Only requests that arrived after the warm-up are counted. */
export interface RequestTally {
  arrived: number;
  succeeded: number;
  failed: number;
  attempts: number;
  retries: number;
  latencySum: number;
  latencyMax: Micros;
  latency: Histogram;
  waitSum: number;
  waits: number;
  /** Failed user requests by root and cause: `root × 16 + cause` → count. */
  failures: Map<number, number>;
  /** By cause. */
  failedAttempts: number[];
  /** By release: succeeded and failed. */
  releaseSucceeded: number[];
  releaseFailed: number[];
  busy: Integral;
  /** Slots of containers whose process runs. */
  slots: Integral;
  /** Seconds of the clock with a failed request, and the latest of them. */
  degradedSeconds: number;
  lastDegraded: number;
}

export function newRequestTally(): RequestTally {
  return {
    arrived: 0,
    succeeded: 0,
    failed: 0,
    attempts: 0,
    retries: 0,
    latencySum: 0,
    latencyMax: 0,
    latency: newHistogram(),
    waitSum: 0,
    waits: 0,
    failures: new Map(),
    failedAttempts: new Array<number>(9).fill(0),
    releaseSucceeded: [],
    releaseFailed: [],
    busy: newIntegral(),
    slots: newIntegral(),
    degradedSeconds: 0,
    lastDegraded: -1,
  };
}

const CAUSES_AT_MOST = 16;

/** Counts a request that was answered, `latency` after its intended arrival; `bucket` is the latency's. */
export function tallySuccess(tally: RequestTally, release: number, latency: Micros, bucket: number): void {
  tally.succeeded++;
  tally.latencySum += latency;
  if (latency > tally.latencyMax) tally.latencyMax = latency;
  countIn(tally.latency, bucket);
  tally.releaseSucceeded[release] = (tally.releaseSucceeded[release] ?? 0) + 1;
}

/** Counts a request that failed for good. `release` −1: it never met one. */
export function tallyFailure(tally: RequestTally, release: number, cause: number, root: number): void {
  tally.failed++;
  const key = root * CAUSES_AT_MOST + cause;
  tally.failures.set(key, (tally.failures.get(key) ?? 0) + 1);
  if (release >= 0) tally.releaseFailed[release] = (tally.releaseFailed[release] ?? 0) + 1;
}

/** Cause and root of a key of `failures`. */
export function causeAndRoot(key: number): { cause: number; root: number } {
  return { cause: key % CAUSES_AT_MOST, root: Math.floor(key / CAUSES_AT_MOST) };
}
