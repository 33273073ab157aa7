import type { Cluster } from "../cluster/cluster.ts";
import type { Container } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Release, Service } from "../cluster/services.ts";
import { BAND, type EventKind } from "../kernel/engine.ts";
import { allowanceOf, inDeletionOrder, waitsForOthers } from "./workloadRules.ts";

/** The first batch of a slow start (controller_utils.go, SlowStartInitialBatchSize). */
const FIRST_BATCH = 1;
/** The most that one slow start creates before the next begins (replica_set.go, BurstReplicas). */
const BURST = 500;

/** What the controller remembers of one release. */
interface Shortage {
  /** Size of the next batch. */
  batch: number;
  /** Created since the slow start began. */
  created: number;
}

/** Plain rows: saved and restored with the run. */
export interface ReplicasState {
  /** Releases with a look already scheduled. */
  pending: Set<number>;
  /** Releases whose look fell into an outage of the control plane. */
  owed: Set<number>;
  /** Slow starts under way, by release. */
  shortages: Map<number, Shortage>;
}

/**
 * Keeps as many containers of each release as are wanted: Kubernetes' ReplicaSet controller.
 *
 * It looks `control.reaction` after a change, at most once per release at a time, and not while the control plane is down.
 * Missing containers are created in batches of 1, 2, 4, 8 …: Kubernetes' slowStartBatch waits for each batch's calls to be
 * answered before the next one, which here is one more reaction. Surplus ones are deleted at once, in `deletionOrder`.
 *
 * A service that is not orchestrated is looked at only when somebody has changed what is wanted: nobody replaces what died.
 */
export class ReplicasController {
  state: ReplicasState = { pending: new Set(), owed: new Set(), shortages: new Map() };
  readonly #cluster: Cluster;
  readonly #sync: EventKind;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#sync = cluster.engine.define("replicas-sync", BAND.control, (release) =>
      this.#look(cluster.release(release)),
    );
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  #hear(fact: Fact): void {
    switch (fact.kind) {
      case "desired-changed":
      case "release-created":
        this.#schedule(fact.release.id);
        return;
      case "container-deleted":
        this.#containerLost(fact.container);
        return;
      case "container-phase":
        // A deleted container stopped counting when it was deleted.
        if (fact.container.phase === "gone" && !fact.container.deleted) this.#containerLost(fact.container);
        if (fact.container.phase === "gone") this.#othersMoved(this.#cluster.service(fact.container.service));
        return;
      case "container-ready":
        this.#othersMoved(this.#cluster.service(fact.container.service));
        return;
      case "control-plane":
        if (fact.up) this.#lookEverywhere();
        return;
      default:
        return;
    }
  }

  #containerLost(container: Container): void {
    if (this.#cluster.service(container.service).orchestrated) this.#schedule(container.release);
  }

  /** It is back: it looks at everything that it keeps, as after a restart, and at what people changed meanwhile. */
  #lookEverywhere(): void {
    this.state.shortages.clear();
    for (const service of this.#cluster.state.services) {
      for (const { id } of service.releases) if (service.orchestrated || this.state.owed.has(id)) this.#schedule(id);
    }
    this.state.owed.clear();
  }

  #schedule(release: number): void {
    if (this.state.pending.has(release)) return;
    this.state.pending.add(release);
    this.#cluster.engine.after(this.#cluster.scenario.cluster.control.reaction, this.#sync, release);
  }

  #look(release: Release): void {
    this.state.pending.delete(release.id);
    if (!this.#cluster.controlPlaneUp()) {
      this.state.owed.add(release.id);
      return;
    }
    const active = this.#cluster.activeOf(release);
    const missing = release.desired - active.length;
    const service = this.#cluster.service(release.service);
    const allowed = allowanceOf(release, service, this.#cluster);
    const creatable = Math.min(missing, allowed.create);
    if (creatable > 0) this.#create(release, creatable);
    else this.state.shortages.delete(release.id);
    if (missing < 0) this.#delete(release, service, Math.min(-missing, allowed.delete));
  }

  #create(release: Release, missing: number): void {
    const { batch, created } = this.state.shortages.get(release.id) ?? { batch: FIRST_BATCH, created: 0 };
    const count = Math.min(missing, batch, BURST - created);
    for (let i = 0; i < count; i++) this.#cluster.createContainer(release, release.desiredRoot);
    if (count === missing) {
      this.state.shortages.delete(release.id);
      return;
    }
    if (created + count === BURST) this.state.shortages.delete(release.id);
    else this.state.shortages.set(release.id, { batch: 2 * batch, created: created + count });
    this.#schedule(release.id);
  }

  #delete(release: Release, service: Service, surplus: number): void {
    for (const container of inDeletionOrder(release, service, this.#cluster).slice(0, surplus))
      this.#cluster.deleteContainer(container, release.desiredRoot, "scaled down");
  }

  /** What holds one container of an ordered set back is another, of whichever release. */
  #othersMoved(service: Service): void {
    if (!waitsForOthers(service)) return;
    for (const { id } of service.releases) this.#schedule(id);
  }
}
