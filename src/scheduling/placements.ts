import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive, NOWHERE } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";

/** Stands for what a host held at one time: another object, something else. Unlike a number, no two runs share one. */
export type PlacedVersion = object;

/**
 * Who is where, kept up with the facts, so that no decision has to walk through all containers.
 *
 * Derived from the cluster's rows: no part of the run's state, and put together anew after `forget`.
 */
export class Placements {
  readonly #cluster: Cluster;
  /** By service: how many of its active containers each host holds. */
  readonly #counts = new Map<number, Map<number, number>>();
  /** By host. */
  readonly #versions = new Map<number, PlacedVersion>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** After the rows were put back: nothing that was heard holds any more. */
  forget(): void {
    this.#counts.clear();
    this.#versions.clear();
  }

  /** The same object as long as the host's containers are as they were. */
  versionOf(host: number): PlacedVersion {
    const known = this.#versions.get(host);
    if (known !== undefined) return known;
    const version = {};
    this.#versions.set(host, version);
    return version;
  }

  /** How many active containers of a service each host holds, by host id: a copy, which is the asker's. */
  countsOf(service: number): Map<number, number> {
    const known = this.#counts.get(service) ?? this.#recount(service);
    this.#counts.set(service, known);
    return new Map(known);
  }

  #recount(service: number): Map<number, number> {
    const counts = new Map<number, number>();
    for (const release of this.#cluster.service(service).releases) {
      for (const { host } of this.#cluster.activeOf(release)) {
        if (host !== NOWHERE) counts.set(host, (counts.get(host) ?? 0) + 1);
      }
    }
    return counts;
  }

  #hear(fact: Fact): void {
    if (!("container" in fact) || fact.container.host === NOWHERE) return;
    const { container } = fact;
    this.#versions.delete(container.host);
    if (fact.kind === "container-deleted") this.#add(container, -1);
    if (fact.kind !== "container-phase") return;
    if (container.phase === "assigned" && isActive(container)) this.#add(container, 1);
    // A deleted container stopped counting when it was deleted.
    if (container.phase === "gone" && !container.deleted) this.#add(container, -1);
  }

  #add({ service, host }: Container, change: number): void {
    const counts = this.#counts.get(service);
    if (counts === undefined) return;
    const left = (counts.get(host) ?? 0) + change;
    if (left > 0) counts.set(host, left);
    else counts.delete(host);
  }
}
