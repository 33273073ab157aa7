import { type Micros, NEVER, SECOND } from "../../kernel/time.ts";
import type { AnalysisRun } from "../analysis.ts";
import { basicCanaryCounts, type CanaryCounts } from "../canaryCounts.ts";
import { progressThresholdMet } from "../progressThreshold.ts";
import { cleanupUnhealthy, maxUnavailable, resolveFenceposts, scaleDownOld, sum } from "../rollingCounts.ts";
import { abortWeight, dynamicCanaryCounts, routedCanaryCounts, scaleInForce } from "../routedCanaryCounts.ts";
import type { ReleaseView, RolloutView, ScaleTo, Signals } from "../strategy.ts";
import type { CanarySettings } from "./canarySettings.ts";

/** How far a canary is: plain data. */
export interface CanaryState {
  /** Place in the steps; past the last one: on its way to the whole. */
  readonly step: number;
  /** When that step began. */
  readonly since: Micros;
  /** Promotions that were acted on. */
  readonly promotions: number;
  /** With a router: the new release's share of the traffic. */
  readonly percent: number;
  /** The new release's answers when its share was last set, or last judged. */
  readonly seen: Signals;
  /** The analysis that is the present step, and the one beside all steps. */
  readonly run?: AnalysisRun | undefined;
  readonly background?: AnalysisRun | undefined;
  /** The wanted number that the sizes were last made for. */
  readonly replicas?: number | undefined;
  /** An analysis was inconclusive: a person has to look. */
  readonly held: boolean;
  /** Users have met the new release. */
  readonly served: boolean;
  /** With a router: when the new release got all traffic. */
  readonly settledAt?: Micros | undefined;
  /** When it was given up, and when the new release's share was 0 since. */
  readonly failedAt?: Micros | undefined;
  readonly quietAt?: Micros | undefined;
}

/** The release in force before; undefined: there is none, or the rollout goes back to it. */
export function stableOf({ next, previous }: RolloutView): ReleaseView | undefined {
  return next.stable ? undefined : previous.find(({ stable }) => stable);
}

/** What an earlier rollout left: neither the new release nor the stable one. Newest first. */
export function olderOf(view: RolloutView): readonly ReleaseView[] {
  const stable = stableOf(view);
  return view.previous.filter(({ id }) => id !== stable?.id);
}

/** The share that the new release should have where the rollout stands (Argo Rollouts, canary.go, GetCurrentSetWeight). */
export function wantedWeight(view: RolloutView, settings: CanarySettings, state: CanaryState): number {
  const { steps, trafficRouting, dynamicStableScale } = settings;
  const stable = stableOf(view);
  if (state.failedAt !== undefined) {
    if (!trafficRouting || !dynamicStableScale) return 0;
    const weights = steps.flatMap((step) => (step.kind === "weight" ? [step.weight] : []));
    const { replicas, next: canary } = view;
    const wanted = abortWeight({ replicas, steps: weights, canary, stable, explicitDelay: abortDelay(settings) > 0 });
    return Math.min(wanted, state.percent);
  }
  if (stable === undefined || view.promotedInFull || state.step >= steps.length) return 100;
  const latest = steps.slice(0, state.step + 1).findLast((step) => step.kind === "weight");
  return latest?.kind === "weight" ? latest.weight : 0;
}

/** How long the new release is kept after an abort, unless told (Argo Rollouts, DefaultAbortScaleDownDelaySeconds). */
const ABORT_DELAY: Micros = 30 * SECOND;

/** `NEVER`: it is kept. Unless told, it goes with its traffic where the old release comes with it (replicaset.go, shouldDelayScaleDownOnAbort). */
export function abortDelay({ dynamicStableScale, abortScaleDownDelay }: CanarySettings): Micros {
  if (abortScaleDownDelay === "keep") return NEVER;
  return abortScaleDownDelay ?? (dynamicStableScale ? 0 : ABORT_DELAY);
}

/** How many containers the new and the stable release should have now. */
export function wantedCounts(view: RolloutView, settings: CanarySettings, state: CanaryState): CanaryCounts {
  const { replicas, next } = view;
  const stable = stableOf(view);
  const weight = wantedWeight(view, settings, state);
  if (!settings.trafficRouting) {
    const limits = resolveFenceposts(settings, replicas);
    const unavailable = maxUnavailable(limits, replicas);
    return basicCanaryCounts({
      replicas,
      weight,
      surge: limits.surge,
      unavailable,
      canary: next,
      stable,
      older: olderOf(view),
      leaving: sum([next, ...view.previous].map(({ existing, desired }) => Math.max(0, existing - desired))),
    });
  }
  const scales = settings.steps.map((step) => (step.kind === "analysis" ? undefined : step.scale));
  const input = {
    replicas,
    weight,
    promoted: weight === 100 && state.failedAt === undefined,
    scale: state.step < scales.length ? scaleInForce(scales, state.step) : undefined,
    aborted: state.failedAt !== undefined,
    keptAfterAbort: false,
    minContainers: settings.minContainers,
  };
  if (!settings.dynamicStableScale) return routedCanaryCounts(input);
  const trafficNow = { canary: state.percent, stable: 100 - state.percent };
  const counts = dynamicCanaryCounts({ ...input, trafficNow, committed: stable && next.desired });
  // Given up and told a delay of its own, it stays whole to the end of it.
  return input.aborted && abortDelay(settings) > 0
    ? { ...counts, canary: Math.max(counts.canary, next.desired) }
    : counts;
}

/** True when the containers are as the present weight wants them (canary.go, AtDesiredReplicaCountsForCanary). */
export function atDesiredCounts(view: RolloutView, settings: CanarySettings, state: CanaryState): boolean {
  const wanted = wantedCounts(view, settings, state);
  if (!progressThresholdMet(settings.replicaProgressThreshold, wanted.canary, view.next)) return false;
  const stable = stableOf(view);
  const created = stable === undefined || (stable.desired === wanted.stable && stable.existing === wanted.stable);
  if (settings.trafficRouting) return settings.dynamicStableScale || created;
  return created && sum(olderOf(view).map(({ available }) => available)) === 0;
}

/**
 * What an earlier rollout left goes: without a router as availability allows, broken ones first (Argo Rollouts,
 * canary.go, scaleDownOldReplicaSetsForCanary); with one when it has been without traffic for the delay.
 */
export function olderSizes(view: RolloutView, settings: CanarySettings): ScaleTo[] {
  const oldestFirst = [...olderOf(view)].reverse();
  if (settings.trafficRouting) {
    const over = view.now >= view.startedAt + settings.scaleDownDelay;
    return over ? oldestFirst.map(({ id }) => ({ release: id, desired: 0 })) : [];
  }
  const counted = oldestFirst.map(({ desired, available }) => ({ desired, available: Math.min(desired, available) }));
  const cleaned = cleanupUnhealthy(counted, sum(counted.map(({ desired }) => desired)));
  const all = [view.next, ...view.previous];
  const available = sum(all.map((release) => Math.min(release.desired, release.available)));
  const limits = resolveFenceposts(settings, view.replicas);
  const least = view.replicas - maxUnavailable(limits, view.replicas);
  const left = scaleDownOld(cleaned, available, least);
  return oldestFirst.map(({ id, desired }, place) => ({ release: id, desired: left[place] ?? desired }));
}
