import { formatDuration, type Micros, NEVER } from "../../kernel/time.ts";
import { blueGreenPause, delayedScaleDown, newSetSize, previewOrFull } from "../blueGreenRules.ts";
import { goesBackWithin, watchProgress } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, ReleaseView, RolloutView, Signals, Strategy } from "../strategy.ts";
import { type AnalysisProgress, analysePreview, analysePromoted, type PromotedProgress } from "./blueGreenAnalysis.ts";
import { type BlueGreenSettings, type BlueGreenStep, blueGreenSettings, judge } from "./blueGreenSettings.ts";

/** How far a blue-green rollout is: plain data. */
export interface BlueGreenState {
  /** Place in the order of steps. */
  readonly step: number;
  /** The releases that had the traffic at the beginning: where it goes back to. */
  readonly from: readonly number[];
  /** The new release was up and ready when this began, so neither a pause nor a verification is due. */
  readonly fast: boolean;
  readonly started: boolean;
  /** All replicas of the new release are wanted, not only those of the preview. */
  readonly full: boolean;
  /** The analysis before the switch, once it has begun. */
  readonly analysis?: AnalysisProgress | undefined;
  readonly readyAt?: number | undefined;
  readonly switchedAt?: number | undefined;
  /** The analysis after the switch, once it has begun. */
  readonly promoted?: PromotedProgress | undefined;
  /** The new release's answers up to when its verification began. */
  readonly base?: Signals | undefined;
  readonly verifyingSince?: number | undefined;
  readonly verifiedAt?: number | undefined;
  readonly removing: boolean;
  readonly failedAt?: number | undefined;
}

/** What a step says: it is over (with what is then true), or what it waits for. */
type Verdict =
  | { readonly kind: "done"; readonly state: BlueGreenState; readonly note?: Plan["note"] }
  | {
      readonly kind: "wait";
      readonly state: BlueGreenState;
      readonly plan: Pick<Plan, "outcome" | "wakeAfter" | "note" | "smokeRequests">;
    };

/**
 * Starts all new containers beside the old ones, directs the traffic to them when they are ready, verifies, and only
 * then removes the old ones: the four steps of a zero-downtime deployment, and Argo Rollouts' blueGreen
 * (docs/features/bluegreen.md).
 *
 * Too many errors after the switch: the traffic goes back to the old release, which is still there. Because the old
 * containers stay for `scaleDownDelay` after they got their last request, a release loses nothing even where they stop
 * without `preStop`, as long as the delay outlasts the balancers' lag.
 */
export const blueGreen: Strategy<BlueGreenSettings, BlueGreenState> = {
  kind: "strategy",
  name: "blue-green",
  describe: "Starts all new containers beside the old, switches the traffic at once, verifies, then removes the old.",
  settings: blueGreenSettings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (settings) => settings.revisionHistoryLimit,
  plan: planBlueGreen,
};

const STEPS: Readonly<
  Record<BlueGreenStep, (view: RolloutView, settings: BlueGreenSettings, state: BlueGreenState) => Verdict>
> = { start, ready, switch: switchOver, verify, remove };

function planBlueGreen(view: RolloutView<BlueGreenState>, settings: BlueGreenSettings): Plan<BlueGreenState> {
  let state = view.state ?? begin(view);
  const notes: string[] = [];
  const asked = view.abortAsked && !goesBackWithin(settings.rollbackWindow, view);
  if (asked && state.failedAt === undefined && !state.removing && canGoBack(view, state)) {
    state = { ...state, failedAt: view.now };
    notes.push("told to give up");
  }
  if (state.failedAt !== undefined) return switchBack(view, settings, { state, notes });
  for (let step = settings.order[state.step]; step !== undefined; step = settings.order[state.step]) {
    const verdict = STEPS[step](view, settings, state);
    state = verdict.state;
    const note = verdict.kind === "wait" ? verdict.plan.note : verdict.note;
    if (note !== undefined) notes.push(...[note].flat());
    if (state.failedAt !== undefined) return switchBack(view, settings, { state, notes });
    if (verdict.kind === "wait") return { ...verdict.plan, ...arrange(view, settings, state), state, note: notes };
    state = { ...state, step: state.step + 1 };
  }
  const whole = view.next.available >= view.replicas;
  const rest = whole ? ({ outcome: "completed" } as const) : watchProgress(view, settings.progressDeadlineSeconds);
  return { ...rest, ...arrange(view, settings, state), state, note: notes };
}

/**
 * One that stands there whole, on its way out, is switched to at once; one that was given up and kept has no deadline, and is
 * proven like any other (Argo Rollouts, analysis.go: HasScaleDownDeadline).
 */
function begin({ next, previous, replicas, wasKept }: RolloutView): BlueGreenState {
  const existing = [next, ...previous].filter((release) => release.existing > 0);
  const receiving = existing.filter((release) => release.receiving);
  const from = (receiving.length > 0 ? receiving : previous).map((release) => release.id);
  const fast = !wasKept && next.existing > 0 && next.available >= replicas;
  return { step: 0, from, fast, started: false, full: fast, removing: false };
}

/** What should hold where the rollout stands: everything follows from the state. */
function arrange(view: RolloutView, settings: BlueGreenSettings, state: BlueGreenState): Plan {
  const { next, previous, replicas } = view;
  const dropped = state.switchedAt === undefined ? [] : aboveLimit(view, settings, state);
  const scale = previous.map((old) => {
    return { release: old.id, desired: dropped.includes(old.id) ? 0 : wantedOfOld(view, state, old) };
  });
  const size = sizeOfNew(view, settings, state);
  if (state.started) scale.push({ release: next.id, desired: state.full ? replicas : Math.max(size, next.desired) });
  return { scale, receiving: state.switchedAt === undefined ? stillThere(view, state.from) : [next.id] };
}

/** Those of the preview until the pause is over, then all. */
function sizeOfNew({ replicas, next }: RolloutView, settings: BlueGreenSettings, state: BlueGreenState): number {
  const preview = settings.previewReplicas && Math.min(settings.previewReplicas, replicas);
  const otherActive = state.from.some((id) => id !== next.id);
  return previewOrFull({ replicas, preview, otherActive, checkpoint: state.full, promoted: false });
}

/** Replaced releases that may not wait for their delay: older than the newest few that may. */
function aboveLimit({ previous }: RolloutView, settings: BlueGreenSettings, { from }: BlueGreenState): number[] {
  const replaced = previous.filter(({ id, desired }) => from.includes(id) && desired > 0);
  const sets = replaced.map(({ revision, desired }) => ({ revision, desired, deadline: NEVER }));
  const left = delayedScaleDown(sets, settings.scaleDownDelayRevisionLimit);
  return replaced.flatMap(({ id }, place) => (left[place] === 0 ? [id] : []));
}

function wantedOfOld({ replicas, previous }: RolloutView, state: BlueGreenState, old: ReleaseView): number {
  if (state.removing || !state.from.includes(old.id)) return 0;
  const alone = previous.filter(({ id }) => state.from.includes(id)).length === 1;
  // While it serves alone, it follows a change of the wanted number (Argo Rollouts, the active ReplicaSet).
  return alone && state.switchedAt === undefined ? replicas : old.desired;
}

function stillThere({ next, previous }: RolloutView, from: readonly number[]): number[] {
  return [next, ...previous].filter(({ id }) => from.includes(id)).map(({ id }) => id);
}

/** What serves nobody goes first, so that a deploy on top of another never makes three times the containers. */
function start({ next, previous }: RolloutView, _: BlueGreenSettings, state: BlueGreenState): Verdict {
  const idle = previous.filter((old) => !state.from.includes(old.id));
  if (!state.fast && sum(idle.map((old) => old.existing)) > 0) {
    return { kind: "wait", state, plan: { note: "removes what an earlier rollout left, first" } };
  }
  return { kind: "done", state: { ...state, started: true }, note: `starts ${next.image} beside the old` };
}

/** The pause and the analysis go side by side; the traffic may go when both are over (Argo Rollouts, bluegreen.go). */
function ready(view: RolloutView, settings: BlueGreenSettings, before: BlueGreenState): Verdict {
  const analysis = settings.prePromotionAnalysis;
  if (analysis === undefined || !isAnalysed(view, settings, before)) return promote(view, settings, before, true);
  const looked = analysePreview(view, analysis, before.analysis);
  const state = { ...before, analysis: looked.progress };
  if (looked.kind === "failed") {
    return { kind: "wait", state: { ...state, failedAt: view.now }, plan: { note: looked.notes } };
  }
  const verdict = promote(view, settings, state, looked.kind === "over");
  const said = verdict.kind === "done" ? verdict.note : verdict.plan.note;
  const note = [...looked.notes, ...[said ?? []].flat()];
  if (verdict.kind === "done") return { ...verdict, note };
  const wakeAfter = [looked.wait.wakeAfter, verdict.plan.wakeAfter].filter((time) => time !== undefined);
  const plan = {
    ...verdict.plan,
    ...looked.wait,
    note,
    wakeAfter: wakeAfter.length > 0 ? Math.min(...wakeAfter) : undefined,
  };
  return { ...verdict, plan };
}

/** From when the preview is available on, whatever becomes of it; not where there is nothing to go wrong, or a person skips it. */
function isAnalysed(view: RolloutView, settings: BlueGreenSettings, state: BlueGreenState): boolean {
  const { next } = view;
  if (needsNoProof(view, settings, state) || !state.from.some((id) => id !== next.id)) return false;
  const wanted = sizeOfNew(view, settings, state);
  return state.analysis !== undefined || (next.available >= wanted && next.existing >= wanted);
}

/** It was there whole, a person skips everything, or it goes back by little (Argo Rollouts, analysis.go, reconcileAnalysisRuns). */
function needsNoProof(view: RolloutView, { rollbackWindow }: BlueGreenSettings, { fast }: BlueGreenState): boolean {
  return fast || view.promotedInFull || goesBackWithin(rollbackWindow, view);
}

function promote(view: RolloutView, settings: BlueGreenSettings, before: BlueGreenState, mayGo: boolean): Verdict {
  const { next, replicas, now } = view;
  const wanted = sizeOfNew(view, settings, before);
  const { autoPromotion } = settings;
  const pause = blueGreenPause({
    otherActive: before.from.some((id) => id !== next.id),
    available: next.available >= wanted && next.existing >= wanted,
    autoPromotion,
    pausedFor: now - (before.readyAt ?? now),
    resumed: before.fast || before.full || view.promoted || goesBackWithin(settings.rollbackWindow, view),
    held: view.paused,
  });
  if (pause === "wait") return overdue(view, settings, before);
  const state = { ...before, readyAt: before.readyAt ?? now };
  if (pause === "paused") {
    if (autoPromotion === undefined) {
      return { kind: "wait", state, plan: { note: "ready; waits for a person to promote it" } };
    }
    if (view.paused) return { kind: "wait", state, plan: { note: "ready; a person holds it" } };
    const note = `ready; promotes itself in ${formatDuration(autoPromotion)}`;
    return { kind: "wait", state, plan: { note, wakeAfter: state.readyAt + autoPromotion - now } };
  }
  if (!mayGo) return { kind: "wait", state, plan: {} };
  if (next.available >= replicas)
    return { kind: "done", state: { ...state, full: true }, note: `${next.image} is ready` };
  return {
    kind: "wait",
    state: { ...state, full: true },
    plan: { note: "promoted; grows from the preview to full size" },
  };
}

/** Not ready yet: goes on waiting, is stuck, or gives up if told to (Argo Rollouts, progressDeadlineAbort). */
function overdue(view: RolloutView, settings: BlueGreenSettings, state: BlueGreenState): Verdict {
  const plan = watchProgress(view, settings.progressDeadlineSeconds);
  const mayAbort = settings.progressDeadlineAbort && !goesBackWithin(settings.rollbackWindow, view);
  if (plan.outcome !== "stuck" || !mayAbort) return { kind: "wait", state, plan };
  return { kind: "wait", state: { ...state, failedAt: view.now }, plan: { note: plan.note } };
}

function switchOver({ next, now }: RolloutView, _: BlueGreenSettings, before: BlueGreenState): Verdict {
  const state = { ...before, full: true, switchedAt: now };
  return { kind: "done", state, note: `switches all traffic to ${next.image}` };
}

function verify(view: RolloutView, settings: BlueGreenSettings, before: BlueGreenState): Verdict {
  const { verification, postPromotionAnalysis } = settings;
  if (postPromotionAnalysis !== undefined && !needsNoProof(view, settings, before)) {
    return analyse(view, postPromotionAnalysis, before);
  }
  const isUnwatched = before.fast || goesBackWithin(settings.rollbackWindow, view);
  if (postPromotionAnalysis !== undefined || verification === undefined || isUnwatched)
    return { kind: "done", state: { ...before, verifiedAt: view.now } };
  const since = before.verifyingSince ?? view.now;
  const state = { ...before, verifyingSince: since, base: before.base ?? view.next.signals };
  const left = since + verification.for - view.now;
  const verdict = judge(view.next, state.base, { ...verification, serves: state.switchedAt !== undefined });
  if (verdict.bad && canSwitchBack(view, state)) {
    return { kind: "wait", state: { ...state, failedAt: view.now }, plan: { note: verdict.note } };
  }
  if (left > 0) {
    const wakeAfter = Math.min(left, verification.every);
    return { kind: "wait", state, plan: { note: `verifies ${view.next.image}`, wakeAfter } };
  }
  return { kind: "done", state: { ...state, verifiedAt: view.now }, note: verdict.note };
}

/** Skipped, as before the switch, where there is nothing to go wrong or a person skips it (Argo Rollouts, analysis.go). */
function analyse(
  view: RolloutView,
  settings: NonNullable<BlueGreenSettings["postPromotionAnalysis"]>,
  before: BlueGreenState,
): Verdict {
  const over = { ...before, verifiedAt: view.now };
  if (before.from.every((id) => id === view.next.id)) return { kind: "done", state: over };
  const { kind, progress, notes, wakeAfter } = analysePromoted(view, settings, before.promoted);
  const state = { ...before, promoted: progress };
  // However the old release fares (Argo Rollouts, setPauseOrAbort).
  if (kind === "failed" && !state.removing && canGoBack(view, state)) {
    return { kind: "wait", state: { ...state, failedAt: view.now }, plan: { note: notes } };
  }
  if (kind === "wait") return { kind: "wait", state, plan: { note: notes, wakeAfter } };
  return { kind: "done", state: { ...over, promoted: progress }, note: notes };
}

/** The releases that had the traffic are still wanted. */
function canGoBack({ previous }: RolloutView, { from }: BlueGreenState): boolean {
  return previous.some((old) => from.includes(old.id) && old.desired > 0);
}

function canSwitchBack({ previous }: RolloutView, state: BlueGreenState): boolean {
  return !state.removing && previous.some((old) => state.from.includes(old.id) && old.ready > 0);
}

/**
 * The old containers go when the switch, or its verification, is `scaleDownDelay` past: balancers learn late.
 *
 * Put before the switch, it does not wait: there is nothing to wait for, and nothing left to serve.
 */
function remove(view: RolloutView, { scaleDownDelay }: BlueGreenSettings, before: BlueGreenState): Verdict {
  const since = before.verifiedAt ?? before.switchedAt;
  const left = before.switchedAt === undefined || since === undefined ? 0 : since + scaleDownDelay - view.now;
  if (left > 0) {
    const note = `keeps the old release for ${formatDuration(scaleDownDelay)}`;
    return { kind: "wait", state: before, plan: { note, wakeAfter: left } };
  }
  const state = { ...before, removing: true };
  if (sum(view.previous.map((old) => old.existing + old.desired)) === 0) return { kind: "done", state };
  return { kind: "wait", state, plan: { note: "removes the old release" } };
}

/**
 * The traffic goes back at once; the new containers a little later, for the balancers' sake
 * (abortScaleDownDelaySeconds).
 */
function switchBack(
  view: RolloutView,
  settings: BlueGreenSettings,
  { state, notes }: { readonly state: BlueGreenState; readonly notes: readonly string[] },
): Plan<BlueGreenState> {
  const { next, now, replicas } = view;
  const receiving = stillThere(view, state.from);
  const switched = state.switchedAt !== undefined;
  // An analysis that failed, or that was broken off, leaves the preview for people to look at; before it there is little to see.
  const delay = switched || state.analysis?.over === false ? settings.abortScaleDownDelay : 0;
  if (delay === "keep") {
    const outcome = switched ? "rolled-back" : "aborted";
    return { receiving, state, outcome, keepsNew: true, note: [...notes, `gives ${next.image} up, and keeps it`] };
  }
  const left = (state.failedAt ?? now) + delay - now;
  const deadline = left > 0 ? left : -1;
  const { desired } = newSetSize({
    replicas,
    desired: next.desired,
    aborted: true,
    delay: Math.max(1, delay),
    deadline,
  });
  if (left > 0) {
    const doing = switched
      ? "switches all traffic back to the old release"
      : `keeps ${next.image} a while, without traffic`;
    return { receiving, state, wakeAfter: left, note: [...notes, doing] };
  }
  const scale = [{ release: next.id, desired }];
  const note = [...notes, `gives ${next.image} up`];
  return { receiving, scale, state, outcome: switched ? "rolled-back" : "aborted", note };
}
