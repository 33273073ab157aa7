import { z } from "zod";
import { type CountOrPercent, countOrPercent, resolveDown, resolveUp } from "../../../src/fields/countOrPercent.ts";
import { duration } from "../../../src/fields/duration.ts";
import type { Plan, ReleaseView, RolloutView, Strategy } from "../../../src/rollout/strategy.ts";

interface Settings {
  readonly maxSurge: CountOrPercent;
  readonly maxUnavailable: CountOrPercent;
  readonly minReadySeconds: number;
}

interface Bounds {
  readonly surge: number;
  readonly unavailable: number;
}

/** What a mutant may do otherwise than a rolling update should. */
export interface RollingParts {
  readonly bounds: (settings: Settings, replicas: number) => Bounds;
  readonly minReady: (settings: Settings) => number;
  /** Of a release, how many count as available. */
  readonly available: (release: ReleaseView) => number;
  /** How many more than the wanted number there may be. */
  readonly room: (view: RolloutView, bounds: Bounds) => number;
  /** How many old ones may go. */
  readonly spare: (view: RolloutView, bounds: Bounds) => number;
  readonly isDone: (view: RolloutView) => boolean;
  /** The old releases that it takes care of, oldest first. */
  readonly old: (view: RolloutView) => readonly ReleaseView[];
  readonly replicas: (view: RolloutView) => number;
}

/** Added up over releases. */
export function total(releases: readonly ReleaseView[], count: (release: ReleaseView) => number): number {
  return releases.reduce((sum, release) => sum + count(release), 0);
}

const available = (release: ReleaseView) => Math.min(release.available, release.desired);

const SOUND: RollingParts = {
  bounds: ({ maxSurge, maxUnavailable }, replicas) => {
    const surge = resolveUp(maxSurge, replicas);
    const unavailable = Math.min(resolveDown(maxUnavailable, replicas), replicas);
    return { surge, unavailable: surge === 0 && unavailable === 0 ? Math.min(1, replicas) : unavailable };
  },
  minReady: ({ minReadySeconds }) => minReadySeconds,
  available,
  room: ({ next, previous, replicas }, { surge }) =>
    replicas + surge - total([next, ...previous], (one) => Math.max(one.desired, one.existing)),
  spare: ({ next, previous, replicas }, { unavailable }) =>
    total([next, ...previous], available) - (replicas - unavailable),
  isDone: ({ next, previous, replicas }) =>
    next.desired === replicas &&
    next.available >= replicas &&
    total(previous, (one) => one.desired + one.existing) === 0,
  old: ({ previous }) => [...previous].reverse(),
  replicas: ({ replicas }) => replicas,
};

/** A plain rolling update, sound but for the parts that are given. */
export function rollingWith(changed: Partial<RollingParts>): Strategy {
  const parts = { ...SOUND, ...changed };
  const strategy: Strategy<Settings> = {
    kind: "strategy",
    name: "mutant",
    describe: "a rolling update with a bug",
    settings: z.strictObject({
      maxSurge: countOrPercent.prefault("25%"),
      maxUnavailable: countOrPercent.prefault("25%"),
      minReadySeconds: duration.prefault("0s"),
    }),
    minReady: parts.minReady,
    plan: (view, settings) => planWith(view, settings, parts),
  };
  return strategy as unknown as Strategy;
}

function planWith(shown: RolloutView, settings: Settings, parts: RollingParts): Plan {
  const view = { ...shown, replicas: parts.replicas(shown) };
  const { next, replicas } = view;
  if (parts.isDone(view)) {
    return {
      receiving: "all",
      scale: view.previous.map(({ id }) => ({ release: id, desired: 0 })),
      outcome: "completed",
    };
  }
  const bounds = parts.bounds(settings, replicas);
  if (next.desired > replicas) return { receiving: "all", scale: [{ release: next.id, desired: replicas }] };
  const more = Math.min(replicas - next.desired, parts.room(view, bounds));
  if (more > 0) return { receiving: "all", scale: [{ release: next.id, desired: next.desired + more }] };
  return { receiving: "all", scale: stopOld(view, parts.spare(view, bounds), parts) };
}

/** Unavailable ones go first, as far as the new ones' absence allows; then as many available ones as can be spared. */
function stopOld(view: RolloutView, spare: number, parts: RollingParts): NonNullable<Plan["scale"]> {
  let left = Math.max(0, spare);
  return parts.old(view).map((release) => {
    const idle = spare >= 0 ? Math.max(0, release.desired - parts.available(release)) : 0;
    const gone = Math.min(left, release.desired - idle);
    left -= gone;
    return { release: release.id, desired: release.desired - idle - gone };
  });
}
