import type { Cluster } from "../cluster/cluster.ts";
import type { Fact, RolloutFact } from "../cluster/facts.ts";
import type { Service } from "../cluster/services.ts";
import type { NamedSettings } from "../cluster/spec.ts";
import { forgottenRevisions } from "./deploymentStatus.ts";
import type { RolloutFigures } from "./rolloutFigures.ts";
import {
  type ActiveRollout,
  newServiceRollouts,
  othersThan,
  type RolloutOutcome,
  type RolloutRow,
  type ServiceRollouts,
} from "./rolloutState.ts";
import type { Plan, RolloutReason } from "./strategy.ts";

/** More steps of one rollout than this help nobody; the latest are then left out. */
const MOST_STEPS = 500;

/** How a rollout is to go. */
export interface NewRollout {
  readonly named: NamedSettings;
  readonly reason: RolloutReason;
  readonly root: number;
  /** Old releases without containers that are remembered; undefined: all. */
  readonly remembered: number | undefined;
}

/** The books of all rollouts: opens them, keeps them true to the facts, closes them. Decides nothing. */
export class RolloutLedger {
  /** By service id. */
  state: ServiceRollouts[];
  readonly #cluster: Cluster;
  readonly #figures: RolloutFigures;

  constructor(cluster: Cluster, figures: RolloutFigures) {
    this.#cluster = cluster;
    this.#figures = figures;
    this.state = cluster.state.services.map(newServiceRollouts);
  }

  of(service: number): ServiceRollouts {
    return this.state[service] as ServiceRollouts;
  }

  /** The rows of a service, oldest first, with the figures of one under way as they are now. */
  rowsOf(service: Service): readonly RolloutRow[] {
    const { history, active } = this.of(service.id);
    return history.map((row) => (row === active?.row ? { ...row, overlap: this.#figures.overlapOf(active) } : row));
  }

  /**
   * Opens a rollout to an image: with the release of that image that is still there, or a new one.
   *
   * Kubernetes likewise takes up the ReplicaSet of an unchanged template again (deployment_util.go, FindNewReplicaSet).
   */
  open(service: Service, image: string, how: NewRollout): void {
    const rollouts = this.of(service.id);
    const revisionsBack = this.#revisionsBack(service, image, how.remembered);
    const from = service.current < 0 ? "(nothing)" : this.#cluster.release(service.current).image.name;
    const known = othersThan(service, service.current).find((release) => release.image.name === image);
    if (known !== undefined) this.#cluster.reuseRelease(service, known);
    const next = known ?? this.#cluster.addRelease(service, image, how.root);
    const now = this.#cluster.now;
    const row: RolloutRow = {
      from,
      to: image,
      strategy: how.named.name,
      reason: how.reason,
      startedAt: now,
      endedAt: undefined,
      outcome: "in-progress",
      steps: [],
      peakContainers: 0,
      minAvailable: 0,
      overlap: 0,
    };
    const active: ActiveRollout = {
      row,
      named: how.named,
      next: next.id,
      root: how.root,
      progressedAt: now,
      counts: undefined,
      promotions: 0,
      promotedInFull: false,
      abortAsked: false,
      revisionsBack,
      smoke: undefined,
      state: undefined,
      lastNotes: [],
      waiting: "",
      containers: 0,
      readyOf: new Map(),
      overlapping: false,
      overlapSince: now,
    };
    rollouts.history.push(row);
    rollouts.active = active;
    this.#figures.begin(service, active);
    this.#cluster.announce({ kind: "rollout-began", service, rollout: this.#factOf(service, active) });
  }

  /** Takes a fact into the books. @returns the service whose rollout it may concern. */
  note(fact: Fact): number | undefined {
    switch (fact.kind) {
      case "container-created":
      case "container-deleted":
      case "container-ready":
      case "container-unready":
      case "container-phase":
      case "container-unschedulable":
        this.#noteContainer(fact);
        return fact.container.service;
      case "receiving-changed": {
        const { active } = this.of(fact.service.id);
        if (active !== undefined) this.#figures.serving(fact.service, active);
        return fact.service.id;
      }
      case "desired-changed":
      case "replicas-changed":
        return fact.service.id;
      default:
        return undefined;
    }
  }

  /** Writes a step down and tells it, if it says something new. */
  step(service: Service, active: ActiveRollout, note: Plan["note"], scaling: string): void {
    const notes = note === undefined ? [] : [note].flat();
    const fresh = notes.filter((line) => !active.lastNotes.includes(line));
    if (notes.length > 0) active.lastNotes = notes;
    if (fresh.length === 0 && scaling !== "") fresh.push(scaling);
    for (const line of fresh) this.#tell(service, active, line);
  }

  /** Says once per change that containers of the new release wait for a place. */
  waits(service: Service, active: ActiveRollout, note: string): void {
    if (note === active.waiting) return;
    active.waiting = note;
    if (note !== "") this.#tell(service, active, note);
  }

  /** Whether it is stuck now: told when it becomes so, taken back when it goes on. */
  judge(service: Service, active: ActiveRollout, { outcome, note }: Plan): void {
    if (outcome === "stuck") {
      if (active.row.outcome !== "stuck") this.step(service, active, note ?? "stuck", "");
      active.row.outcome = "stuck";
    } else if (active.row.outcome === "stuck") {
      active.row.outcome = "in-progress";
    }
  }

  end(service: Service, rollouts: ServiceRollouts, outcome: RolloutOutcome): void {
    const { active } = rollouts;
    if (active === undefined) return;
    active.row.overlap = this.#figures.overlapOf(active);
    active.row.outcome = outcome;
    if (outcome === "completed") service.stable = active.next;
    active.row.endedAt = this.#cluster.now;
    rollouts.active = undefined;
    this.#cluster.announce({ kind: "rollout-ended", service, rollout: this.#factOf(service, active), outcome });
  }

  /** After a rollout was given up: the largest of the old releases is the one in force again. */
  restore(service: Service, failed: ActiveRollout): void {
    const [kept] = othersThan(service, failed.next).sort((one, other) => other.desired - one.desired);
    if (kept !== undefined) this.#cluster.reuseRelease(service, kept);
  }

  /**
   * The image to go back to: the latest in the history that is neither the present one, nor one whose last rollout was
   * given up, nor forgotten.
   *
   * @param limit releases without containers that are remembered; undefined: all.
   */
  imageBefore(service: Service, limit: number | undefined): string | undefined {
    const { history } = this.of(service.id);
    const current = service.history.at(-1);
    const remembered = this.#remembered(service, limit);
    return service.history.findLast((image) => {
      if (!remembered.includes(image)) return false;
      const outcome = history.findLast((row) => row.to === image)?.outcome;
      return image !== current && outcome !== "rolled-back" && outcome !== "aborted";
    });
  }

  /**
   * How many versions lie between an image and the stable one, if it is older, and 1. A version that was forgotten is as new as any
   * when it comes again (Argo Rollouts, sync.go, isRollbackWithinWindow, which goes by the ReplicaSets' creation).
   */
  #revisionsBack(service: Service, image: string, limit: number | undefined): number {
    const rollouts = this.of(service.id);
    const [first] = service.history;
    const made = rollouts.versions.length === 0 && first !== undefined ? [first] : rollouts.versions;
    const stable = service.stable < 0 ? undefined : this.#cluster.release(service.stable).image.name;
    const kept = new Set([...this.#remembered(service, limit), service.history.at(-1), stable]);
    const versions = made.filter((version) => kept.has(version));
    if (!versions.includes(image)) versions.push(image);
    rollouts.versions = versions;
    return stable === undefined ? 0 : Math.max(0, versions.indexOf(stable) - versions.indexOf(image));
  }

  /** Images other than the present one, oldest first, without those that are too old and have no containers left. */
  #remembered(service: Service, limit: number | undefined): string[] {
    const current = service.history.at(-1);
    const images = service.history.filter(
      (image, place) => image !== current && service.history.lastIndexOf(image) === place,
    );
    const sizes = images.map((image) => {
      const release = service.releases.find((one) => one.image.name === image);
      return { desired: release?.desired ?? 0, actual: release?.members.length ?? 0 };
    });
    const forgotten = forgottenRevisions(sizes, limit);
    return images.filter((_, place) => !forgotten.includes(place));
  }

  #noteContainer(fact: Extract<Fact, { container: unknown }>): void {
    const { container } = fact;
    const service = this.#cluster.service(container.service);
    const { active, unplaced } = this.of(container.service);
    if (fact.kind === "container-unschedulable") unplaced.set(container.id, fact.reasons);
    else if (container.phase !== "pending" || container.deleted) unplaced.delete(container.id);
    if (active === undefined) return;
    const { release } = container;
    if (fact.kind === "container-created") this.#figures.created(active);
    else if (fact.kind === "container-deleted") this.#figures.deleted(service, active, container);
    else if (container.deleted) return;
    else if (fact.kind === "container-ready") this.#figures.readiness(service, active, { release, change: 1 });
    else if (fact.kind === "container-unready") this.#figures.readiness(service, active, { release, change: -1 });
  }

  #tell(service: Service, active: ActiveRollout, note: string): void {
    if (active.row.steps.length >= MOST_STEPS) return;
    active.row.steps.push({ at: this.#cluster.now, note });
    this.#cluster.announce({ kind: "rollout-step", service, rollout: this.#factOf(service, active), note });
  }

  #factOf(service: Service, { row, next }: ActiveRollout): RolloutFact {
    return {
      from: row.from,
      to: row.to,
      strategy: row.strategy,
      reason: row.reason,
      oldReleases: othersThan(service, next).map((release) => release.id),
      newRelease: next,
    };
  }
}
