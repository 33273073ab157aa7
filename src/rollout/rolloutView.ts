import type { Cluster } from "../cluster/cluster.ts";
import { isActive, isAvailable } from "../cluster/containers.ts";
import type { Release, Service } from "../cluster/services.ts";
import { type Micros, NEVER } from "../kernel/time.ts";
import { type DeploymentCounts, replicaSums } from "./deploymentStatus.ts";
import { type ActiveRollout, othersThan, type ServiceRollouts } from "./rolloutState.ts";
import type { ReleaseView, RolloutView, Signals } from "./strategy.ts";

/** What a view is made from. */
export interface ViewSources {
  readonly cluster: Cluster;
  readonly service: Service;
  readonly rollouts: ServiceRollouts;
  readonly minReady: Micros;
  readonly signalsOf: (release: number) => Signals;
}

/** Counts a release's containers as a strategy sees them. */
export function releaseView(release: Release, sources: ViewSources): ReleaseView {
  const { cluster, service, rollouts, minReady, signalsOf } = sources;
  let [existing, ready, available, terminating] = [0, 0, 0, 0];
  let [crashing, pending, unschedulable] = [0, 0, 0];
  for (const id of release.members) {
    const container = cluster.container(id);
    if (!isActive(container)) {
      terminating++;
      continue;
    }
    existing++;
    if (container.ready) ready++;
    if (isAvailable(container, cluster.now, minReady)) available++;
    if (container.phase === "backoff" || container.phase === "crashed") crashing++;
    if (container.phase !== "pending") continue;
    pending++;
    if (rollouts.unplaced.has(id)) unschedulable++;
  }
  return {
    id: release.id,
    image: release.image.name,
    revision: release.revision,
    desired: release.desired,
    existing,
    ready,
    available,
    terminating,
    crashing,
    pending,
    unschedulable,
    stable: service.stable === release.id,
    receiving: receives(service, release.id),
    signals: signalsOf(release.id),
  };
}

/** The rollout as its strategy sees it now. */
export function rolloutView(active: ActiveRollout, sources: ViewSources): RolloutView {
  const { cluster, service, rollouts } = sources;
  return {
    now: cluster.now,
    startedAt: active.row.startedAt,
    progressedAt: active.progressedAt,
    replicas: service.replicas,
    next: releaseView(cluster.release(active.next), sources),
    previous: othersThan(service, active.next).map((release) => releaseView(release, sources)),
    reason: active.row.reason,
    wasKept: rollouts.kept === active.next,
    promoted: active.promotions > 0,
    promotions: active.promotions,
    promotedInFull: active.promotedInFull,
    abortAsked: active.abortAsked,
    revisionsBack: active.revisionsBack,
    paused: rollouts.paused,
    smoke: active.smoke,
    state: active.state,
  };
}

/** True when ready containers of that release get traffic. */
export function receives(service: Service, release: number): boolean {
  return service.receiving === undefined || service.receiving.includes(release);
}

/** The figures by which a rollout gets on or does not. */
export function progressCounts({ next, previous }: RolloutView): DeploymentCounts {
  const releases = [next, ...previous];
  const { actual } = replicaSums(
    releases.map(({ desired, existing, terminating }) => ({ desired, actual: existing, terminating, observed: true })),
  );
  let [ready, available] = [0, 0];
  for (const release of releases) {
    ready += release.ready;
    available += release.available;
  }
  return { replicas: actual, updated: next.existing, ready, available };
}

/** When the next ready container of the service becomes available; NEVER if none is about to. */
export function nextAvailability({ cluster, service, minReady }: ViewSources): Micros {
  let earliest = NEVER;
  if (minReady === 0) return earliest;
  for (const release of service.releases) {
    for (const container of cluster.activeOf(release)) {
      const at = container.readySince + minReady;
      if (container.ready && at > cluster.now && at < earliest) earliest = at;
    }
  }
  return earliest;
}

/** `2 of shop:v2 have no place (3 Insufficient cpu)`, or nothing while all have one. */
export function waitingNote(view: RolloutView, rollouts: ServiceRollouts): string {
  const { unschedulable, image } = view.next;
  if (unschedulable === 0) return "";
  const reasons = [...rollouts.unplaced.values()].at(-1) ?? [];
  const why = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
  return `waits: ${unschedulable} of ${image} ${unschedulable === 1 ? "has" : "have"} no place${why}`;
}
