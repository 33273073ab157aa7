import type { Release, Service } from "../cluster/services.ts";
import type { NamedSettings } from "../cluster/spec.ts";
import type { EventHandle } from "../kernel/eventQueue.ts";
import { type Micros, NEVER } from "../kernel/time.ts";
import type { DeploymentCounts } from "./deploymentStatus.ts";
import type { PlannedOutcome, RolloutReason, Signals } from "./strategy.ts";

/** How a rollout stands or ended; `superseded`: another deploy came on top of it. */
export type RolloutOutcome = PlannedOutcome | "superseded" | "in-progress";

/** One rollout of a service, under way or over: what reports tell of it. Plain data. */
export interface RolloutRow {
  /** The image in force before; `(nothing)` where a person starts a service for the first time. */
  readonly from: string;
  readonly to: string;
  readonly strategy: string;
  readonly reason: RolloutReason;
  readonly startedAt: Micros;
  /** Undefined while it is under way. */
  endedAt: Micros | undefined;
  outcome: RolloutOutcome;
  /** What was done when, in order. */
  readonly steps: { readonly at: Micros; readonly note: string }[];
  /** The most containers of the service at one time, those told to stop not counted. */
  peakContainers: number;
  /** The fewest available containers of the service, of all versions, at one time. */
  minAvailable: number;
  /** Time during which the new and an old release both had ready containers that receive traffic. */
  overlap: Micros;
}

/** A rollout under way: plain data. */
export interface ActiveRollout {
  readonly row: RolloutRow;
  readonly named: NamedSettings;
  /** The release to be put in force. */
  readonly next: number;
  readonly root: number;
  progressedAt: Micros;
  counts: DeploymentCounts | undefined;
  /** How often a person told it to go on, whether once for all, and whether to give up. */
  promotions: number;
  promotedInFull: boolean;
  abortAsked: boolean;
  /** By how many versions it goes back from the stable one; 0: it goes forward. */
  readonly revisionsBack: number;
  /** The new release's answers to synthetic requests; undefined: it got none. */
  smoke: Signals | undefined;
  /** What the strategy's last plan left behind. */
  state: unknown;
  /** Notes of the latest plan that had any. */
  lastNotes: readonly string[];
  /** The latest note on containers without a place; empty when all have one. */
  waiting: string;
  /** Running figures behind the row's: containers that count, and ready ones by release. */
  containers: number;
  readonly readyOf: Map<number, number>;
  overlapping: boolean;
  overlapSince: Micros;
}

/** All rollouts of one service, and what is scheduled for it: plain data. */
export interface ServiceRollouts {
  readonly history: RolloutRow[];
  active: ActiveRollout | undefined;
  /** What brought the latest change of the wanted number. */
  scaleRoot: number;
  /** Sizes differ from what is wanted though no rollout is under way. */
  unsettled: boolean;
  /** A release that was given up and yet keeps its containers, until the next rollout is over. */
  kept: number | undefined;
  /** Images of the releases that are remembered, in the order in which they were first made (Argo Rollouts goes by their age). */
  versions: string[];
  /** A person holds it. */
  paused: boolean;
  syncPending: boolean;
  /** The person is booked for this service's next act. */
  acting: boolean;
  timer: EventHandle;
  timerAt: Micros;
  /** Containers for which the scheduler found no place, and why. */
  readonly unplaced: Map<number, readonly string[]>;
  /** How often it was planned at one instant: a plan that never settles is a fault. */
  plannedAt: Micros;
  plansNow: number;
}

/** A service that has had no rollout yet. */
export function newServiceRollouts(): ServiceRollouts {
  return {
    history: [],
    active: undefined,
    scaleRoot: 0,
    unsettled: false,
    kept: undefined,
    versions: [],
    paused: false,
    syncPending: false,
    acting: false,
    timer: -1,
    timerAt: NEVER,
    unplaced: new Map(),
    plannedAt: -1,
    plansNow: 0,
  };
}

/** The releases other than `next` that have containers left or wanted, newest first. */
export function othersThan(service: Service, next: number): Release[] {
  return service.releases
    .filter((release) => release.id !== next && (release.desired > 0 || release.members.length > 0))
    .sort((one, other) => other.revision - one.revision || other.id - one.id);
}
