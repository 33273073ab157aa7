import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isAvailable } from "../cluster/containers.ts";
import type { Service } from "../cluster/services.ts";
import type { Micros } from "../kernel/time.ts";
import type { ActiveRollout } from "./rolloutState.ts";
import { receives } from "./rolloutView.ts";

/**
 * Keeps the figures of a rollout true between facts: the most containers, the fewest available, the time both versions
 * serve.
 *
 * Exact, because each can only change at a fact.
 */
export class RolloutFigures {
  readonly #cluster: Cluster;
  /** How long a container of that rollout must be ready to count as available. */
  readonly #minReadyOf: (active: ActiveRollout) => Micros;

  constructor(cluster: Cluster, minReadyOf: (active: ActiveRollout) => Micros) {
    this.#cluster = cluster;
    this.#minReadyOf = minReadyOf;
  }

  /** Counts afresh, at the beginning of a rollout. */
  begin(service: Service, active: ActiveRollout): void {
    active.containers = 0;
    for (const release of service.releases) {
      const containers = this.#cluster.activeOf(release);
      active.containers += containers.length;
      active.readyOf.set(release.id, containers.filter((container) => container.ready).length);
    }
    active.row.peakContainers = active.containers;
    active.row.minAvailable = this.#available(service, active);
    this.serving(service, active);
  }

  created(active: ActiveRollout): void {
    active.containers++;
    active.row.peakContainers = Math.max(active.row.peakContainers, active.containers);
  }

  deleted(service: Service, active: ActiveRollout, container: Container): void {
    active.containers--;
    if (container.ready) this.readiness(service, active, { release: container.release, change: -1 });
  }

  /** A container that is not deleted became ready (+1), or ceased to be (−1, also by its deletion). */
  readiness(service: Service, active: ActiveRollout, what: { release: number; change: 1 | -1 }): void {
    active.readyOf.set(what.release, (active.readyOf.get(what.release) ?? 0) + what.change);
    if (what.change < 0) {
      active.row.minAvailable = Math.min(active.row.minAvailable, this.#available(service, active));
    }
    this.serving(service, active);
  }

  /** Readiness or the receiving releases changed: do both versions serve now? */
  serving(service: Service, active: ActiveRollout): void {
    const serves = (release: number) => (active.readyOf.get(release) ?? 0) > 0 && receives(service, release);
    const overlapping =
      serves(active.next) && [...active.readyOf.keys()].some((id) => id !== active.next && serves(id));
    if (overlapping === active.overlapping) return;
    if (active.overlapping) active.row.overlap += this.#cluster.now - active.overlapSince;
    active.overlapping = overlapping;
    active.overlapSince = this.#cluster.now;
  }

  /** The overlap so far, with what is still open. */
  overlapOf({ row, overlapping, overlapSince }: ActiveRollout): Micros {
    return overlapping ? row.overlap + this.#cluster.now - overlapSince : row.overlap;
  }

  /** With no minimum time, available is ready, which is counted already; else the containers are looked at. */
  #available(service: Service, active: ActiveRollout): number {
    const minReady = this.#minReadyOf(active);
    let count = 0;
    if (minReady === 0) {
      for (const ready of active.readyOf.values()) count += ready;
      return count;
    }
    for (const release of service.releases) {
      for (const id of release.members) {
        if (isAvailable(this.#cluster.container(id), this.#cluster.now, minReady)) count++;
      }
    }
    return count;
  }
}
