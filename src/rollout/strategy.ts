import type { ZodType } from "zod";
import type { TrafficWeight } from "../cluster/services.ts";
import type { Micros } from "../kernel/time.ts";

/** One release as a strategy sees it: how many containers it has, and how they do. */
export interface ReleaseView {
  /** Names it in a plan. */
  readonly id: number;
  readonly image: string;
  /** Counts up with every deploy of the service. */
  readonly revision: number;
  /** Containers wanted of it: Kubernetes' `spec.replicas`. */
  readonly desired: number;
  /** Containers that count as replicas: neither deleted nor gone. */
  readonly existing: number;
  /** Of the existing ones, those whose readiness probe passes, as far as the control plane was told. */
  readonly ready: number;
  /** Of the ready ones, those that have been so for the strategy's `minReady` without a break. */
  readonly available: number;
  /** Deleted, but not gone yet. */
  readonly terminating: number;
  /** Of the existing ones, those that crashed and wait for a restart. */
  readonly crashing: number;
  /** Of the existing ones, those that have no host yet. */
  readonly pending: number;
  /** Of the pending ones, those for which the scheduler has found no place. */
  readonly unschedulable: number;
  /** It is the one that was last in force alone: what Argo Rollouts calls stable. */
  readonly stable: boolean;
  /** True while its ready containers get the service's traffic. */
  readonly receiving: boolean;
  /** Attempts of users answered by this release since it exists. */
  readonly signals: Signals;
}

/** How a release's answers went: what a verification judges by. */
export interface Signals {
  readonly succeeded: number;
  readonly failed: number;
  /** Sum of the latencies of the succeeded ones, in µs; undefined: not measured. */
  readonly latency?: Micros | undefined;
}

/**
 * Everything a strategy may know when it decides.
 *
 * `State` is what the strategy's own last plan left behind; undefined at the first plan of a rollout.
 */
export interface RolloutView<State = unknown> {
  readonly now: Micros;
  readonly startedAt: Micros;
  /**
   * When the rollout last got on: more updated, ready or available containers, or fewer old ones (Kubernetes,
   * DeploymentProgressing).
   */
  readonly progressedAt: Micros;
  /** Containers that the user wants in all; may change while the rollout goes on. */
  readonly replicas: number;
  /** The release to be put in force. */
  readonly next: ReleaseView;
  /**
   * Every other release with containers left or wanted, newest first. More than one where a rollout was overtaken by
   * another.
   */
  readonly previous: readonly ReleaseView[];
  readonly reason: RolloutReason;
  /** The release to be put in force was given up by the rollout before, and kept for good (`Plan.keepsNew`). */
  readonly wasKept: boolean;
  /** A person has told a waiting rollout to go on. */
  readonly promoted: boolean;
  /** How often a person has done so in this rollout. */
  readonly promotions: number;
  /** A person has told it to skip every step that is left (Argo Rollouts, `promote --full`). */
  readonly promotedInFull: boolean;
  /** A person has told it to give up (Argo Rollouts, `abort`). */
  readonly abortAsked: boolean;
  /**
   * By how many versions the release to be put in force is older than the stable one: 1 for the one before it; 0 where it is newer,
   * or the same, or forgotten since.
   */
  readonly revisionsBack: number;
  /** A person holds the service's rollouts (Kubernetes, `kubectl rollout pause`): nothing moves but what a resize asks for. */
  readonly paused: boolean;
  /** The new release's answers to the plans' `smokeRequests` so far; undefined: none were sent. */
  readonly smoke?: Signals | undefined;
  readonly state: State | undefined;
}

/** Why a rollout is under way: a new version, or back to an earlier one. */
export type RolloutReason = "deploy" | "rollback";

/**
 * How a plan may call a rollout.
 *
 * `completed`: the new release alone is in force. `rolled-back` and `aborted`: an old one stays in force; the first
 * after the new one had traffic, the second before. These three end the rollout. `stuck` does not: as in Kubernetes, a
 * rollout past its progress deadline is only reported so, and goes on if it can.
 */
export type PlannedOutcome = "completed" | "rolled-back" | "aborted" | "stuck";

/** One wish of a plan: how many containers a release should have. */
export interface ScaleTo {
  readonly release: number;
  readonly desired: number;
}

/** What should be done now. Everything left out stays as it is. */
export interface Plan<State = unknown> {
  readonly scale?: readonly ScaleTo[] | undefined;
  /** The releases whose ready containers get traffic; `[]`: none, the site is closed; `all`: every one's. */
  readonly receiving?: readonly number[] | "all" | undefined;
  /**
   * How the traffic is split, in percent, 100 in all; `none`: not by weight. Releases left out get nothing. It comes on top
   * of `receiving`, which without it ends an earlier split: a share only reaches a release that receives.
   */
  readonly weights?: readonly TrafficWeight[] | "none" | undefined;
  readonly outcome?: PlannedOutcome | undefined;
  /** Of a rollout that is given up: the new release's containers stay, without traffic, until the next rollout. */
  readonly keepsNew?: boolean | undefined;
  /**
   * Synthetic requests that the new release should have got in all since the rollout began. Those that are lacking are sent at once,
   * and a new plan is asked for, which sees their answers in `smoke`.
   */
  readonly smokeRequests?: number | undefined;
  /**
   * Plan again after this time, at least 1 µs, even if nothing changes. A change in the view always brings a new plan.
   */
  readonly wakeAfter?: Micros | undefined;
  /** What this step is, for people; or several. What the plan before said too is recorded once. */
  readonly note?: string | readonly string[] | undefined;
  /** Plain data, handed back in the next view. */
  readonly state?: State | undefined;
}

/** How long a person takes: to notice that something is wrong, and to do one thing. */
export interface Pace {
  readonly notice: Micros;
  readonly act: Micros;
}

/**
 * A way of getting from one release of a service to another.
 *
 * `plan` is pure: the same view and settings give the same plan, and nothing else is touched. It is asked again after
 * every change of what it sees, so it need not foresee: it says what should hold now. A file that exports one such
 * object is a plug-in.
 */
export interface Strategy<Settings = unknown, State = unknown> {
  readonly kind: "strategy";
  readonly name: string;
  /** One sentence for lists and the reference page. */
  readonly describe: string;
  /** Checks and completes the settings written in the scenario; a strict object. Left out: it has none. */
  readonly settings?: ZodType<Settings> | undefined;
  /** `person`: nobody restarts, replaces or evicts this service's containers but a person, one act at a time. */
  readonly operatedBy?: "person" | "orchestrator" | undefined;
  /** True: for a while it serves nobody, on purpose, and the test kit does not ask it to keep what serves. */
  readonly closes?: boolean | undefined;
  /** How long a container must have been ready to count as available; 0 when left out (Kubernetes' minReadySeconds). */
  minReady?(settings: Settings): Micros;
  /** How many old releases without containers are remembered, to be rolled back to; undefined: all of them. */
  revisionHistoryLimit?(settings: Settings): number | undefined;
  /** Of the person that operates it. */
  pace?(settings: Settings): Pace;
  plan(view: RolloutView<State>, settings: Settings): Plan<State>;
}
