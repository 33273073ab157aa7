import { formatDuration } from "../../kernel/time.ts";
import { type AnalysisLook, beginAnalysis, lookAtAnalysis } from "../analysis.ts";
import { canaryPauseOver } from "../blueGreenRules.ts";
import { goesBackWithin, watchProgress } from "../progress.ts";
import type { Plan, RolloutView } from "../strategy.ts";
import type { CanarySettings, CanaryStep } from "./canarySettings.ts";
import { atDesiredCounts, type CanaryState, stableOf, wantedWeight } from "./canarySizes.ts";

/** How the steps stand: the new state, what was said, and what the last one waits for. */
export interface StepsOutcome {
  readonly state: CanaryState;
  readonly notes: readonly string[];
  readonly wait: Pick<Plan, "outcome" | "wakeAfter">;
}

type Verdict =
  | { readonly kind: "done"; readonly state: CanaryState; readonly note?: string | undefined }
  | {
      readonly kind: "wait";
      readonly state: CanaryState;
      readonly note?: string | undefined;
      readonly wait: Pick<Plan, "outcome" | "wakeAfter">;
    };

/** Goes through the steps as far as they are over (Argo Rollouts, canary.go, syncRolloutStatusCanary). */
export function advance(view: RolloutView, settings: CanarySettings, before: CanaryState): StepsOutcome {
  let state = afterPromotions(view, settings, before);
  const notes: string[] = [];
  if (goesBackWithin(settings.rollbackWindow, view)) notes.push(`goes back to ${view.next.image}: skips all steps`);
  if (stableOf(view) === undefined || skipsAll(view, settings)) state = enter(state, settings.steps.length, view);
  for (let step = settings.steps[state.step]; step !== undefined; step = settings.steps[state.step]) {
    if (state.held) {
      notes.push("inconclusive; waits for a person to promote it");
      return { state, notes, wait: {} };
    }
    const verdict = look(step, view, settings, state);
    state = verdict.state;
    if (verdict.note !== undefined && verdict.note !== "") notes.push(verdict.note);
    if (state.failedAt !== undefined || verdict.kind === "wait") {
      return { state, notes, wait: verdict.kind === "wait" ? verdict.wait : {} };
    }
    state = enter(state, state.step + 1, view);
  }
  return { state, notes, wait: {} };
}

/** Nothing is left to be passed, analyses neither: a person said so, or it goes back (Argo Rollouts, analysis.go). */
function skipsAll(view: RolloutView, { rollbackWindow }: CanarySettings): boolean {
  return view.promotedInFull || goesBackWithin(rollbackWindow, view);
}

/** The analysis beside the steps: it can fail the rollout, or hold it. */
export function lookBeside(view: RolloutView, settings: CanarySettings, before: CanaryState): StepsOutcome {
  const { analysis } = settings;
  const due = analysis !== undefined && before.step >= analysis.startingStep && before.settledAt === undefined;
  if (!due || before.held || stableOf(view) === undefined || skipsAll(view, settings)) {
    return { state: before, notes: [], wait: {} };
  }
  const run = before.background ?? beginAnalysis(analysis, view.now, view.next.signals);
  const seen = lookAtAnalysis(analysis, run, { release: view.next, now: view.now });
  const state = { ...before, background: seen.run };
  const notes = seen.note === "" ? [] : [seen.note];
  if (isBad(seen)) return { state: { ...state, failedAt: view.now }, notes, wait: {} };
  if (seen.phase === "Inconclusive") return { state: { ...state, held: true }, notes, wait: {} };
  return { state, notes, wait: { wakeAfter: untilNext(seen, view) } };
}

/** A promotion ends what waits for a person, or else skips the present step (Argo Rollouts, `promote`). */
function afterPromotions(view: RolloutView, settings: CanarySettings, before: CanaryState): CanaryState {
  const { promotions } = view;
  if (promotions <= before.promotions) return before;
  const step = Math.min(settings.steps.length, before.step + promotions - before.promotions);
  const beside = before.held && settings.steps[before.step]?.kind !== "analysis";
  const next = beside ? before : enter(before, step, view);
  return { ...next, promotions, held: false, background: before.held ? undefined : before.background };
}

function enter(state: CanaryState, step: number, { now }: RolloutView): CanaryState {
  return step === state.step ? state : { ...state, step, since: now, run: undefined };
}

function look(step: CanaryStep, view: RolloutView, settings: CanarySettings, state: CanaryState): Verdict {
  switch (step.kind) {
    case "weight": {
      const note = `gives ${view.next.image} ${step.weight}%`;
      if (!atDesiredCounts(view, settings, state)) return overdue(view, settings, { state, note });
      const percent = wantedWeight(view, settings, state);
      return { kind: "done", state: { ...state, percent, seen: view.next.signals }, note };
    }
    case "scale":
      if (!settings.trafficRouting || atDesiredCounts(view, settings, state)) return { kind: "done", state };
      return overdue(view, settings, { state, note: `sizes ${view.next.image} apart from its traffic` });
    case "pause":
      return pause(step.length, view, state);
    case "analysis":
      return analyse(step.analysis, view, state);
  }
}

function pause(length: number | undefined, { now }: RolloutView, state: CanaryState): Verdict {
  const pausedFor = now - state.since;
  if (canaryPauseOver({ length, pausedFor })) return { kind: "done", state };
  if (length === undefined) return { kind: "wait", state, note: "waits for a person to promote it", wait: {} };
  const note = `pauses for ${formatDuration(length)}`;
  return { kind: "wait", state, note, wait: { wakeAfter: length - pausedFor } };
}

function analyse(
  settings: Extract<CanaryStep, { kind: "analysis" }>["analysis"],
  view: RolloutView,
  before: CanaryState,
): Verdict {
  const { now, next } = view;
  const run = before.run ?? beginAnalysis(settings, now, before.seen);
  const seen = lookAtAnalysis(settings, run, { release: next, now });
  const state = { ...before, run: seen.run };
  if (isBad(seen)) return { kind: "done", state: { ...state, failedAt: now }, note: seen.note };
  switch (seen.phase) {
    case "Successful":
      return { kind: "done", state: { ...state, seen: next.signals }, note: seen.note };
    case "Inconclusive":
      return { kind: "wait", state: { ...state, held: true }, note: seen.note, wait: {} };
    default: {
      const note = seen.note === "" ? `analyses ${next.image}` : seen.note;
      return { kind: "wait", state, note, wait: { wakeAfter: untilNext(seen, view) } };
    }
  }
}

function isBad({ phase }: AnalysisLook): boolean {
  return phase === "Failed" || phase === "Error";
}

function untilNext({ wakeAt }: AnalysisLook, { now }: RolloutView): number | undefined {
  return wakeAt === undefined ? undefined : Math.max(1, wakeAt - now);
}

/** Time spent in pauses does not count: the clock starts with the step (Argo Rollouts, progress.go). */
export function overdue(
  view: RolloutView,
  settings: CanarySettings,
  { state, note }: { readonly state: CanaryState; readonly note?: string },
): Extract<Verdict, { kind: "wait" }> {
  const progressedAt = Math.max(view.progressedAt, state.since);
  const watched = watchProgress({ ...view, progressedAt }, settings.progressDeadlineSeconds);
  const said = watched.note === undefined ? note : [watched.note].flat().join("; ");
  const mayAbort = settings.progressDeadlineAbort && !goesBackWithin(settings.rollbackWindow, view);
  if (watched.outcome === "stuck" && mayAbort && stableOf(view) !== undefined) {
    return { kind: "wait", state: { ...state, failedAt: view.now }, note: said, wait: {} };
  }
  return { kind: "wait", state, note: said, wait: { outcome: watched.outcome, wakeAfter: watched.wakeAfter } };
}
