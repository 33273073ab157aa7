import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive } from "../cluster/containers.ts";
import type { Fact } from "../cluster/facts.ts";
import type { BudgetSpec, BudgetView } from "../cluster/policies.ts";
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
 * Strategies of an Argo Rollout. Its ReplicaSets are no Deployment's, so that a budget's controller takes each for a workload
 * of its own, and never looks at the Rollout (disruption.go, getPodReplicaSet).
 */
const BY_REPLICA_SET: ReadonlySet<string> = new Set(["blue-green", "canary"]);

/** A budget, and the services whose containers it counts together: by id, since a restored run has other rows. */
interface CoveringBudget {
  readonly limits: BudgetSpec;
  readonly services: readonly number[];
}

/**
 * Kubernetes' eviction API: deletes a container if the budget over it has one to spare, and else says to try later.
 *
 * A budget counts all services that it covers together. A container under two budgets is never evicted. Deletions by
 * controllers, rolling updates and crashes do not ask, but what they take counts (Disruptions page). While the control
 * plane is down, nothing is approved.
 */
export class Evictions {
  readonly state: EvictionsState = { approvals: new Map() };
  readonly #cluster: Cluster;
  readonly #budgets: readonly CoveringBudget[];
  /** By service id. */
  readonly #over: readonly (readonly CoveringBudget[])[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { services } = cluster.state;
    const own = services.flatMap((service): CoveringBudget[] =>
      service.spec.budget === undefined ? [] : [{ limits: service.spec.budget, services: [service.id] }],
    );
    const shared = (cluster.scenario.budgets ?? []).map(
      (limits): CoveringBudget => ({
        limits,
        services: services.filter(({ spec }) => limits.services.includes(spec.name)).map(({ id }) => id),
      }),
    );
    this.#budgets = [...own, ...shared];
    this.#over = services.map((service) => this.#budgets.filter((budget) => budget.services.includes(service.id)));
    cluster.journal.subscribe((fact) => this.#hear(fact));
  }

  /** How the budget over a service stands now, the first of several; undefined: there is none. */
  statusOf(service: Service): BudgetStatus | undefined {
    const [budget] = this.#over[service.id] ?? [];
    return budget === undefined ? undefined : this.#statusOf(budget);
  }

  /** Every budget as it stands now, with the names of the services that it covers. */
  budgets(): readonly BudgetView[] {
    return this.#budgets.map((budget) => ({
      services: budget.services.map((id) => this.#cluster.service(id).spec.name),
      disruptionsAllowed: this.#statusOf(budget).disruptionsAllowed,
    }));
  }

  /** Evicts a container, or says why it may not go now. One on its way out already counts as evicted. */
  evict(container: Container, root: number, why: string): EvictionVerdict {
    if (!isActive(container)) return "evict";
    if (!this.#cluster.controlPlaneUp()) return "too-many-requests";
    const service = this.#cluster.service(container.service);
    const [budget, second] = this.#over[service.id] ?? [];
    const status = this.statusOf(service);
    if (budget !== undefined && status !== undefined) {
      const running = !["pending", "assigned", "pulling"].includes(container.phase);
      if (running && second !== undefined) return "several-budgets";
      const verdict = evictionVerdict({ running, ready: container.ready }, budget.limits, status);
      if (verdict !== "evict") return verdict;
      this.state.approvals.set(container.id, this.#cluster.now);
    }
    this.#cluster.deleteContainer(container, root, why);
    return "evict";
  }

  #statusOf({ limits, services }: CoveringBudget): BudgetStatus {
    const scales: number[] = [];
    let [healthy, total, scaleless] = [0, 0, false];
    for (const id of services) {
      const service = this.#cluster.service(id);
      const containers = service.releases.flatMap((release) => this.#cluster.membersOf(release));
      const { workload } = service.spec;
      total += containers.length;
      healthy += containers.filter((container) => this.#isHealthy(container)).length;
      if (containers.length === 0 || workload === "Pod") continue;
      if (workload === "DaemonSet") scaleless = true;
      else scales.push(...this.#scalesOf(service));
    }
    return budgetStatus(limits, { scales, healthy, total, scaleless });
  }

  /** Wanted numbers of what owns a service's containers. */
  #scalesOf(service: Service): readonly number[] {
    if (!BY_REPLICA_SET.has(service.spec.strategy.name)) return [service.replicas];
    const owners = service.releases.filter((release) => this.#cluster.membersOf(release).length > 0);
    return owners.map(({ desired }) => desired);
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
