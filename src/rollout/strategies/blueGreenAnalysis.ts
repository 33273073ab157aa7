/** Argo Rollouts' analyses of a blue-green rollout: smoke tests before the switch, users' answers after it. */
import type { Micros } from "../../kernel/time.ts";
import { type AnalysisRun, type AnalysisSettings, beginAnalysis, lookAtAnalysis } from "../analysis.ts";
import type { Plan, RolloutView, Signals } from "../strategy.ts";
import type { PrePromotionAnalysis } from "./blueGreenSettings.ts";

/** How far the analysis before the switch is: plain data. */
export interface AnalysisProgress {
  readonly run: AnalysisRun;
  /** When the next measurement is due. */
  readonly dueAt: Micros;
  /** Synthetic requests asked for so far, of all measurements. */
  readonly asked: number;
  /** They are under way: the next look judges them. */
  readonly awaiting: boolean;
  readonly over: boolean;
  /** How often a person had said to go on when it was inconclusive; undefined: it was not. */
  readonly heldAt?: number | undefined;
}

/** What a look at the analysis says. */
export interface AnalysisVerdict {
  readonly kind: "over" | "failed" | "wait";
  readonly progress: AnalysisProgress;
  readonly notes: readonly string[];
  readonly wait: Pick<Plan, "smokeRequests" | "wakeAfter">;
}

const NO_ANSWERS: Signals = { succeeded: 0, failed: 0 };

/** Asks for the requests of a measurement that is due, and judges their answers at the next look. */
export function analysePreview(
  view: RolloutView,
  settings: PrePromotionAnalysis,
  before: AnalysisProgress | undefined,
): AnalysisVerdict {
  const { now, next, promotions, smoke = NO_ANSWERS } = view;
  const progress = before ?? begin(settings, now, smoke);
  if (progress.over) return { kind: "over", progress, notes: [], wait: {} };
  if (progress.heldAt !== undefined) {
    if (promotions > progress.heldAt)
      return { kind: "over", progress: { ...progress, over: true }, notes: [], wait: {} };
    return { kind: "wait", progress, notes: [HELD], wait: {} };
  }
  const note = `smoke tests ${next.image}`;
  if (!progress.awaiting) {
    if (progress.dueAt > now) return waiting(progress, note, { wakeAfter: progress.dueAt - now });
    const asked = progress.asked + settings.requests;
    return waiting({ ...progress, asked, awaiting: true }, note, { smokeRequests: asked });
  }
  if (smoke.succeeded + smoke.failed < progress.asked)
    return waiting(progress, note, { smokeRequests: progress.asked });
  const seen = lookAtAnalysis(settings, progress.run, { release: { ...next, signals: smoke }, now });
  const looked = { ...progress, run: seen.run, awaiting: false };
  const notes = seen.note === "" ? [note] : [seen.note];
  switch (seen.phase) {
    case "Successful":
      return { kind: "over", progress: { ...looked, over: true }, notes, wait: {} };
    case "Failed":
    case "Error":
      return { kind: "failed", progress: looked, notes, wait: {} };
    case "Inconclusive":
      return { kind: "wait", progress: { ...looked, heldAt: promotions }, notes: [...notes, HELD], wait: {} };
    default: {
      const dueAt = Math.max(now + 1, seen.wakeAt ?? now);
      return { kind: "wait", progress: { ...looked, dueAt }, notes, wait: { wakeAfter: dueAt - now } };
    }
  }
}

const HELD = "inconclusive; waits for a person to promote it";

function begin(settings: PrePromotionAnalysis, now: Micros, seen: Signals): AnalysisProgress {
  const run = beginAnalysis(settings, now, seen);
  const dueAt = Math.min(...run.metrics.map(({ nextAt }) => nextAt));
  return { run, dueAt, asked: seen.succeeded + seen.failed, awaiting: false, over: false };
}

function waiting(progress: AnalysisProgress, note: string, wait: AnalysisVerdict["wait"]): AnalysisVerdict {
  return { kind: "wait", progress, notes: [note], wait };
}

/** How far the analysis after the switch is: plain data. */
export interface PromotedProgress {
  readonly run: AnalysisRun;
  /** How often a person had said to go on when it was inconclusive; undefined: it was not. */
  readonly heldAt?: number | undefined;
}

/** Measures users' answers since the switch, as often as is due (postPromotionAnalysis). */
export function analysePromoted(
  { now, next, promotions }: RolloutView,
  settings: AnalysisSettings,
  before: PromotedProgress | undefined,
): {
  readonly kind: "over" | "failed" | "wait";
  readonly progress: PromotedProgress;
  readonly notes: readonly string[];
  readonly wakeAfter?: Micros | undefined;
} {
  const progress = before ?? { run: beginAnalysis(settings, now, next.signals) };
  if (progress.heldAt !== undefined) {
    return promotions > progress.heldAt
      ? { kind: "over", progress, notes: [] }
      : { kind: "wait", progress, notes: [HELD] };
  }
  const seen = lookAtAnalysis(settings, progress.run, { release: next, now });
  const looked = { run: seen.run };
  const notes = seen.note === "" ? [`analyses ${next.image}`] : [seen.note];
  switch (seen.phase) {
    case "Successful":
      return { kind: "over", progress: looked, notes };
    case "Failed":
    case "Error":
      return { kind: "failed", progress: looked, notes };
    case "Inconclusive":
      return { kind: "wait", progress: { ...looked, heldAt: promotions }, notes: [...notes, HELD] };
    default:
      return { kind: "wait", progress: looked, notes, wakeAfter: Math.max(1, (seen.wakeAt ?? now) - now) };
  }
}
