import { z } from "zod";
import { countOrPercent } from "../../fields/countOrPercent.ts";
import type { Micros } from "../../kernel/time.ts";
import { deploymentComplete } from "../deploymentStatus.ts";
import { heldSizes } from "../heldSizes.ts";
import { progressDeadlineSeconds, revisionHistoryLimit, seconds, watchProgress } from "../progress.ts";
import { type FormerSize, proportionalScale } from "../proportionalScale.ts";
import {
  type Fenceposts,
  maxUnavailable,
  newReplicas,
  reconcileOld,
  resolveFenceposts,
  sum,
} from "../rollingCounts.ts";
import type { Plan, ReleaseView, RolloutView, ScaleTo, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  maxSurge: countOrPercent
    .prefault("25%")
    .describe("Containers above the wanted number, as a count or a percentage of it (rounded up)."),
  maxUnavailable: countOrPercent
    .prefault("25%")
    .describe("Containers below the wanted number, as a count or a percentage of it (rounded down)."),
  minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
  progressDeadlineSeconds,
  revisionHistoryLimit,
});

/** What a scenario may set of `rolling`. */
export type RollingSettings = z.output<typeof settings>;

/** The size that the releases were last shared out for; plain data. */
export interface RollingState {
  readonly size: FormerSize;
}

/**
 * Replaces old containers by new ones a few at a time (Kubernetes, RollingUpdate).
 *
 * In all never more than wanted + maxSurge, and of the available ones never fewer than wanted − maxUnavailable by its
 * own doing. A version that never gets ready stops it at the edge of that budget, and the old ones go on serving.
 */
export const rolling: Strategy<RollingSettings, RollingState> = {
  kind: "strategy",
  name: "rolling",
  describe: "Replaces old containers by new ones a few at a time (Kubernetes' RollingUpdate).",
  settings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (settings) => settings.revisionHistoryLimit,
  plan: planRolling,
};

function planRolling(view: RolloutView<RollingState>, limits: RollingSettings): Plan<RollingState> {
  const { replicas } = view;
  const fenceposts = resolveFenceposts(limits, replicas);
  const state = { size: { replicas, most: replicas + fenceposts.surge } };
  const always = { receiving: "all", state } as const;
  const resized = view.state !== undefined && view.state.size.replicas !== replicas;
  if (view.paused) {
    const scale = heldSizes(view, { former: view.state?.size, surge: fenceposts.surge });
    return { ...always, note: "paused", scale };
  }
  const shared = resized ? resize(view, fenceposts, view.state.size) : [];
  // Where sharing the change out changes nothing, the sync that noting the new size brings about goes on at once.
  const scale = shared.some(({ release, desired }) => sizeOf(view, release) !== desired)
    ? shared
    : step(view, fenceposts);
  const done = isComplete(view)
    ? ({ outcome: "completed" } as const)
    : watchProgress(view, limits.progressDeadlineSeconds);
  return { ...always, ...done, scale };
}

/** One sync of the controller: the new release first; the old ones only when the new one stays as it is. */
function step(view: RolloutView, { surge, unavailable }: Fenceposts): ScaleTo[] {
  const { next, previous, replicas } = view;
  const total = sum([next, ...previous].map(occupied));
  const desired = newReplicas({ replicas, surge, next: next.desired, total });
  if (desired !== next.desired) return [{ release: next.id, desired }];
  const oldestFirst = [...previous].reverse();
  const wanted = reconcileOld({
    replicas,
    unavailable: maxUnavailable({ surge, unavailable }, replicas),
    next: countsOf(next),
    old: oldestFirst.map(countsOf),
  });
  return oldestFirst.map((old, place) => ({ release: old.id, desired: wanted[place] ?? old.desired }));
}

function resize(view: RolloutView, { surge }: Fenceposts, former: FormerSize): ScaleTo[] {
  const releases = [view.next, ...view.previous];
  const sets = releases.map(({ desired, available }) => ({ desired, available, former }));
  const wanted = proportionalScale(sets, { replicas: view.replicas, surge });
  return releases.map((release, place) => ({ release: release.id, desired: wanted[place] ?? release.desired }));
}

function sizeOf({ next, previous }: RolloutView, id: number): number | undefined {
  return [next, ...previous].find((release) => release.id === id)?.desired;
}

/** Kubernetes, deployment_util.go, DeploymentComplete: all wanted ones new and available, no old one left. */
function isComplete({ next, previous, replicas }: RolloutView): boolean {
  const existing = next.existing + sum(previous.map((old) => old.existing));
  const available = Math.min(next.available, replicas);
  const settled = next.desired === replicas && previous.every((old) => old.desired === 0);
  return settled && deploymentComplete(replicas, { replicas: existing, updated: next.existing, available });
}

/**
 * Containers it may have or come to have: the surge also counts those that were told to go but have not been deleted
 * yet.
 */
function occupied(release: ReleaseView): number {
  return Math.max(release.desired, release.existing);
}

/**
 * When fewer are wanted than exist, the ones that are not ready go first, so of the available ones as many as are
 * wanted stay.
 */
function countsOf({ desired, available }: ReleaseView): { desired: number; available: number } {
  return { desired, available: Math.min(desired, available) };
}
