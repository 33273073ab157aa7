import { z } from "zod";
import { type CountOrPercent, countOrPercent, resolveUp } from "../../fields/countOrPercent.ts";
import type { Micros } from "../../kernel/time.ts";
import { revisionHistoryLimit, seconds } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, RolloutView, ScaleTo, Strategy } from "../strategy.ts";

const isNone = ({ value }: CountOrPercent) => value === 0;

const settings = z
  .strictObject({
    maxUnavailable: countOrPercent
      .prefault(1)
      .describe("Hosts without a container at a time for the update, as a count or a percentage (rounded up)."),
    maxSurge: countOrPercent
      .prefault(0)
      .describe("Hosts with a container of either version at a time, as a count or a percentage (rounded up)."),
    minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
    revisionHistoryLimit,
  })
  .refine(({ maxUnavailable, maxSurge }) => isNone(maxUnavailable) !== isNone(maxSurge), {
    error: "expected one of maxUnavailable and maxSurge above 0, and the other 0",
  });

/** What a scenario may set of `daemon-set`; names and defaults are Kubernetes'. */
export type DaemonSetSettings = z.output<typeof settings>;

/**
 * Replaces the container of one host after another (Kubernetes, DaemonSet, RollingUpdate; daemon/update.go, rollingUpdate).
 *
 * With `maxUnavailable`, the old one is gone before the new one comes; with `maxSurge`, it goes when the new one beside it
 * is available. Old containers that are not available go at once: they serve nobody.
 *
 * Meant for services whose workload is a DaemonSet: one container per eligible host, kept there by its controller.
 */
export const daemonSet: Strategy<DaemonSetSettings> = {
  kind: "strategy",
  name: "daemon-set",
  describe: "Replaces the container of one host after another (Kubernetes' DaemonSet).",
  settings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (limits) => limits.revisionHistoryLimit,
  plan: planDaemonSet,
};

function planDaemonSet(view: RolloutView, limits: DaemonSetSettings): Plan {
  const { next, previous, replicas } = view;
  const left = sum(previous.map((old) => old.desired + old.existing + old.terminating));
  if (left === 0 && next.desired === replicas && next.existing === replicas && next.available >= replicas) {
    return { receiving: "all", outcome: "completed" };
  }
  const surge = resolveUp(limits.maxSurge, replicas);
  const scale = surge > 0 ? withSurge(view, surge) : withGap(view, resolveUp(limits.maxUnavailable, replicas));
  return { receiving: "all", scale };
}

/** The old one first; the new one when its host is free. */
function withGap({ next, previous, replicas }: RolloutView, unavailable: number): ScaleTo[] {
  const good = previous.map(({ desired, available }) => Math.min(desired, available));
  const away = replicas - sum(good) - Math.min(next.available, replicas);
  let room = Math.max(0, unavailable - away);
  const scale = previous.map(({ id }, place) => {
    const gone = Math.min(room, good[place] ?? 0);
    room -= gone;
    return { release: id, desired: (good[place] ?? 0) - gone };
  });
  const taken = sum(previous.map(({ existing, terminating }) => existing + terminating));
  return [...scale, { release: next.id, desired: Math.max(0, replicas - taken) }];
}

/** The new one beside the old; that goes when the new one is available. */
function withSurge({ next, previous, replicas }: RolloutView, surge: number): ScaleTo[] {
  const taken = sum(previous.map(({ desired, available }) => Math.min(desired, available)));
  const done = Math.min(next.available, replicas);
  let surplus = Math.max(0, taken - (replicas - done));
  const scale = previous.map(({ id, desired, available }) => {
    const good = Math.min(desired, available);
    const gone = Math.min(surplus, good);
    surplus -= gone;
    return { release: id, desired: good - gone };
  });
  const beside = Math.min(replicas, done + surge + Math.max(0, replicas - done - taken));
  return [...scale, { release: next.id, desired: Math.max(Math.min(next.desired, replicas), beside) }];
}
