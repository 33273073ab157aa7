import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { Service } from "../cluster/services.ts";
import type { Micros } from "../kernel/time.ts";
import {
  approvalHolds,
  type BudgetStatus,
  budgetStatus,
  type EvictionVerdict,
  evictionVerdict,
} from "./disruptionBudget.ts";

/** Plain rows: saved and restored with the run. */
export interface EvictionsState {
  /** When the eviction of a container was approved, by its id (PodDisruptionBudget, `status.disruptedPods`). */
  readonly approvals: Map<number, Micros>;
}

/**
 * Kubernetes' eviction API: deletes a container if its service's budget has one to spare, and else says to try later.
 *
 * Deletions by controllers, rolling updates and crashes do not ask, but what they take counts (Disruptions page). While the
 * control plane is down, nothing is approved.
 */
export class Evictions {
  readonly state: EvictionsState = { approvals: new Map() };
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** How the budget of a service stands now; undefined: it has none. */
  statusOf(service: Service): BudgetStatus | undefined {
    const { budget } = service.spec;
    if (budget === undefined) return undefined;
    const containers = service.releases.flatMap((release) => this.#cluster.membersOf(release));
    const healthy = containers.filter((container) => this.#isHealthy(container)).length;
    const owned = containers.length > 0 && service.spec.workload !== "Pod";
    return budgetStatus(budget, { scales: owned ? [service.replicas] : [], healthy, total: containers.length });
  }

  /** Evicts a container, or says that it may not go now. One on its way out already counts as evicted. */
  evict(container: Container, root: number, why: string): EvictionVerdict {
    if (!isActive(container)) return "evict";
    if (!this.#cluster.controlPlaneUp()) return "too-many-requests";
    const service = this.#cluster.service(container.service);
    const status = this.statusOf(service);
    if (status !== undefined) {
      const running = !["pending", "assigned", "pulling"].includes(container.phase);
      const verdict = evictionVerdict({ running, ready: container.ready }, service.spec.budget, status);
      if (verdict === "too-many-requests") return verdict;
      this.state.approvals.set(container.id, this.#cluster.now);
    }
    this.#cluster.deleteContainer(container, root, why);
    return "evict";
  }

  #hear(fact: Fact): void {
    if (fact.kind === "container-phase" && fact.container.phase === "gone") {
      this.state.approvals.delete(fact.container.id);
    }
  }

  #isHealthy(container: Container): boolean {
    if (!container.ready || !isActive(container)) return false;
    const approvedAt = this.state.approvals.get(container.id);
    if (approvedAt === undefined) return true;
    return !approvalHolds({ age: this.#cluster.now - approvedAt, deleting: container.deleted });
  }
}
