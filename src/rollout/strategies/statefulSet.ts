import { z } from "zod";
import { countOrPercent, resolveUp } from "../../fields/countOrPercent.ts";
import type { Micros } from "../../kernel/time.ts";
import { revisionHistoryLimit, seconds } from "../progress.ts";
import { sum } from "../rollingCounts.ts";
import type { Plan, ReleaseView, RolloutView, ScaleTo, Strategy } from "../strategy.ts";

const settings = z.strictObject({
  partition: z
    .int()
    .min(0)
    .default(0)
    .describe("Only ordinals from this one on are updated; the others stay as they are."),
  podManagementPolicy: z
    .enum(["OrderedReady", "Parallel"])
    .default("OrderedReady")
    .describe("OrderedReady: any container that is not ready stops the update; Parallel: only an updated one does."),
  maxUnavailable: countOrPercent
    .prefault(1)
    .describe("How many may be away at a time for the update, as a count or a percentage (rounded up)."),
  minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
  revisionHistoryLimit,
});

/** What a scenario may set of `stateful-set`; names and defaults are Kubernetes'. */
export type StatefulSetSettings = z.output<typeof settings>;

/**
 * Replaces containers one after another from the highest ordinal down, each stopped before its successor starts
 * (Kubernetes, StatefulSet, RollingUpdate; stateful_set_control.go, updateStatefulSet).
 *
 * It waits until what it replaced is available. A version that never gets ready stops it at its first container, and so it
 * does the version after that one: the broken container must be deleted by hand (StatefulSets page, "Forced rollback").
 * There is no progress deadline. With a partition it never ends: the lower ordinals keep the old version.
 *
 * Meant for services whose workload is a StatefulSet, whose controller then keeps ordinals and order. Volumes are not
 * simulated.
 */
export const statefulSet: Strategy<StatefulSetSettings> = {
  kind: "strategy",
  name: "stateful-set",
  describe: "Replaces containers one at a time from the highest ordinal down (Kubernetes' StatefulSet).",
  settings,
  minReady: ({ minReadySeconds }): Micros => minReadySeconds,
  revisionHistoryLimit: (limits) => limits.revisionHistoryLimit,
  plan: planStatefulSet,
};

function planStatefulSet(view: RolloutView, limits: StatefulSetSettings): Plan {
  const { next, previous, replicas } = view;
  const total = next.desired + sum(previous.map((old) => old.desired));
  if (total > replicas) return { receiving: "all", scale: shrunk(view, total - replicas) };
  if (total < replicas) return { receiving: "all", scale: grown(view, limits, replicas - total) };
  const lost = replacedByNew(view, limits);
  if (lost.length > 0) return { receiving: "all", scale: lost };
  const left = sum(previous.map((old) => old.desired + old.existing + old.terminating));
  if (left === 0 && next.available >= replicas) return { receiving: "all", outcome: "completed" };
  const old = previous.find(({ desired }) => desired > 0);
  if (old === undefined || total - next.desired <= limits.partition) {
    const holds = old !== undefined && next.available >= next.desired;
    return { receiving: "all", scale: [], note: holds ? `holds at partition ${limits.partition}` : undefined };
  }
  const away = replicas - sum([next, ...previous].map(({ available, desired }) => Math.min(available, desired)));
  const blocker = blockedBy(view, limits);
  if (blocker !== undefined) return { receiving: "all", scale: [], note: blocker };
  // One may always go where nothing blocks, even if an old one is broken: it may be that one.
  const room = Math.max(1, resolveUp(limits.maxUnavailable, replicas) - away);
  const count = Math.min(room, old.desired, total - next.desired - limits.partition);
  if (count <= 0) return { receiving: "all", scale: [] };
  const scale = [
    { release: old.id, desired: old.desired - count },
    { release: next.id, desired: next.desired + count },
  ];
  return { receiving: "all", scale };
}

/** A lost container from the partition on comes back in the new version (stateful_set_utils.go, newVersionedStatefulSetPod). */
function replacedByNew({ next, previous }: RolloutView, { partition }: StatefulSetSettings): ScaleTo[] {
  let room = sum(previous.map((old) => old.desired)) - partition;
  let moved = 0;
  const scale = previous.flatMap(({ id, desired, existing }) => {
    const lost = Math.min(Math.max(0, room), Math.max(0, desired - existing));
    room -= lost;
    moved += lost;
    return lost === 0 ? [] : [{ release: id, desired: desired - lost }];
  });
  return moved === 0 ? [] : [...scale, { release: next.id, desired: next.desired + moved }];
}

/** The highest ordinals go, and those are the updated ones, then the newest of the others. */
function shrunk({ next, previous }: RolloutView, surplus: number): ScaleTo[] {
  let left = surplus;
  return [next, ...previous].map(({ id, desired }) => {
    const gone = Math.min(left, desired);
    left -= gone;
    return { release: id, desired: desired - gone };
  });
}

/** New ordinals are above the others: of the new version, unless they are below the partition. */
function grown({ next, previous }: RolloutView, { partition }: StatefulSetSettings, missing: number): ScaleTo[] {
  const [newest] = previous;
  const kept = sum(previous.map((old) => old.desired));
  const below = newest === undefined || next.desired > 0 ? 0 : Math.min(missing, Math.max(0, partition - kept));
  const scale: ScaleTo[] = [{ release: next.id, desired: next.desired + missing - below }];
  if (newest !== undefined && below > 0) scale.push({ release: newest.id, desired: newest.desired + below });
  return scale;
}

/** Why nothing may be replaced now; undefined: something may. */
function blockedBy({ next, previous }: RolloutView, { podManagementPolicy }: StatefulSetSettings): string | undefined {
  const unsettled = (release: ReleaseView) =>
    release.existing !== release.desired || release.available < release.desired;
  if (unsettled(next) || next.terminating > 0) return `waits for ${next.image} to be ready`;
  if (podManagementPolicy === "Parallel") return undefined;
  const broken = previous.find((old) => unsettled(old) || old.terminating > 0);
  return broken === undefined ? undefined : `waits for ${broken.image} to be ready, or deleted by hand`;
}
