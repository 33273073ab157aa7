import type { CAUSES } from "../traffic/observer.ts";

/** The outcome of one run: `summary` is the public JSON of `run --json`, `series` feeds charts and CSV. */

export interface FailureCount {
  cause: FailureCause;
  root: string;
  count: number;
}

/** What met a failed request. */
export type FailureCause = (typeof CAUSES)[number];

export interface RequestSummary {
  arrived: number;
  succeeded: number;
  failed: number;
  inFlight: number;
  attempts: number;
  retries: number;
  byVersion: Record<string, { succeeded: number; failed: number }>;
  /** Failed user requests by cause and root, most first. */
  failures: FailureCount[];
  /** Failed attempts by cause, retried or not. */
  failedAttempts: Record<string, number>;
}

export interface OutageSummary {
  startS: number;
  /** The end of the run for one still open then; `open` says so. */
  endS: number;
  open: boolean;
  root: string;
}

export interface LatencySummary {
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
}

export type RolloutOutcome = "completed" | "rolled-back" | "aborted" | "stuck" | "superseded" | "in-progress";

export interface RolloutSummary {
  from: string;
  to: string;
  strategy: string;
  reason: "deploy" | "rollback";
  startS: number;
  /** Null while it has not ended. */
  endS: number | null;
  outcome: RolloutOutcome;
  peakContainers: number;
  minAvailable: number;
  /** Time with both versions serving. */
  overlapS: number;
  steps: { atS: number; note: string }[];
}

/** Containers that found no place, or waited long for one, and had the same kinds of reasons. */
export interface PlaceWaitSummary {
  containers: number;
  /** So many there were, or should have been, at the end. */
  of: number;
  /** They had no place at the end. */
  open: boolean;
  /** When the first of them began to wait, and when the last one's wait ended: for `open` the end of the run. */
  startS: number;
  endS: number;
  longestS: number;
  /** How many hosts there were at the scheduler's last try; null: it has not tried. */
  hosts: number | null;
  /** How many of them said what then, as `3 Insufficient cpu`. */
  reasons: string[];
  /** Of an ordered StatefulSet: further ones, not created before these are ready. */
  behind: number;
}

export interface ServiceSummary {
  requests: RequestSummary;
  /** Null where nothing was asked. */
  availability: { requests: number | null; time: number };
  downtime: {
    totalS: number;
    outages: number;
    longestS: number;
    meanTimeToRecoverS: number | null;
    list: OutageSummary[];
  };
  degradedS: number;
  latencyMs: LatencySummary;
  waitMs: { mean: number | null };
  utilisation: number;
  /** Null where the service has no objective. `burnRate`: the worst window of each length. */
  slo: {
    met: boolean;
    errorBudgetUsed: number | null;
    latencyMet: boolean;
    burnRate: { windowS: number; worst: number }[];
  } | null;
  rollouts: RolloutSummary[];
  /** `surplusSeconds`: beyond the wanted replicas. */
  containers: {
    seconds: number;
    peak: number;
    peakIncludingTerminating: number;
    surplusSeconds: number;
    restarts: number;
    pendingMeanS: number | null;
    unschedulable: number;
    waits: PlaceWaitSummary[];
    /** From the loss of a container below the wanted number to being whole again: mean and longest. */
    timeToRepairS: { mean: number | null; longest: number | null };
  };
}

export interface HostsSummary {
  utilisation: { cpu: number; memory: number };
  imbalance: number;
  used: number;
  /** Time-weighted mean share of a service's ready containers on its fullest host, while it has any; the worst service. */
  blastRadius: number;
  hostSeconds: number;
  downS: number;
  byHost: Record<string, { downS: number; outages: number }>;
}

export interface RunSummary {
  scenario: string;
  seed: number;
  /** A hash over the whole event history: equal digests mean equal histories. */
  digest: string;
  events: number;
  simulatedS: number;
  measuredS: number;
  wallS: number;
  services: Record<string, ServiceSummary>;
  hosts: HostsSummary;
  warnings: string[];
}

/** Requests of one service in equal bins over the whole run (warm-up included). All arrays have one entry a bin. */
export interface RequestSeries {
  binS: number;
  arrived: number[];
  succeeded: number[];
  failed: number[];
  /** Answered per version: version → per bin. */
  byVersion: Record<string, number[]>;
  /** Failed per cause: cause → per bin. */
  byCause: Record<string, number[]>;
  /** Of the succeeded ones; null in a bin without any. Milliseconds. */
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
}

export type ContainerState =
  | "pending"
  | "assigned"
  | "pulling"
  | "starting"
  | "running"
  | "ready"
  | "unready"
  | "terminating"
  | "crashed"
  | "backoff"
  | "gone";

/** One step of a step function: from `atS` on, `count` containers of `version` are in `state`. */
export interface StateStep {
  atS: number;
  version: string;
  state: ContainerState;
  count: number;
}

/** The life of one container on one host; phases touch, in order. */
export interface ContainerLane {
  container: string;
  service: string;
  version: string;
  host: string;
  phases: { state: ContainerState; startS: number; endS: number }[];
}

export interface HostLane {
  host: string;
  zone: string;
  /** Times at which the host was not simply up. */
  troubles: { kind: "down" | "partitioned" | "slow" | "unreachable"; startS: number; endS: number }[];
}

/** A moment worth a mark on the time axis: timeline entries, hazards, rollout milestones. */
export interface EventMark {
  atS: number;
  kind: "deploy" | "rollout" | "failure" | "recovery" | "scale" | "traffic" | "control";
  service: string | null;
  label: string;
}

export interface RunSeries {
  durationS: number;
  warmupS: number;
  requests: Record<string, RequestSeries>;
  containers: Record<string, StateStep[]>;
  /** Wanted replicas over time, per service. */
  wanted: Record<string, { atS: number; replicas: number }[]>;
  outages: Record<string, OutageSummary[]>;
  lanes: ContainerLane[];
  hosts: HostLane[];
  marks: EventMark[];
  /** True where lanes or steps were cut to keep the report readable. */
  truncated: boolean;
}

export interface RunResult {
  summary: RunSummary;
  series: RunSeries;
}
