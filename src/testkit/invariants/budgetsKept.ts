import type { Cluster } from "../../cluster/cluster.ts";
import { isActive } from "../../cluster/containers.ts";
import type { BudgetSpec } from "../../cluster/policies.ts";
import type { Service } from "../../cluster/services.ts";
import { resolveUp } from "../../fields/countOrPercent.ts";
import type { Invariant } from "../invariant.ts";

const ROLLOUTS: ReadonlySet<string> = new Set(["blue-green", "canary"]);

/** A budget, and whose containers it counts together. */
interface Cover {
  readonly budget: BudgetSpec;
  readonly services: readonly string[];
}

/**
 * Kubernetes, Disruptions page: evictions ask the budget; crashes and rollouts do not. Of a container under two budgets the
 * eviction API wants nothing to know (registry/core/pod/storage/eviction.go).
 */
export const budgetsKept: Invariant = {
  name: "budgets-kept",
  statement: "A drain never evicts a ready container where a budget has none to spare, nor one under two budgets.",
  appliesTo: "placement",
  start({ scenario }) {
    const covers: Cover[] = [
      ...scenario.services.flatMap(({ name, budget }) => (budget === undefined ? [] : [{ budget, services: [name] }])),
      ...(scenario.budgets ?? []).map(({ services, ...budget }) => ({ budget, services })),
    ];
    if (covers.length === 0) return {};
    return {
      onFact(fact, _now, cluster) {
        if (fact.kind !== "container-deleted" || !fact.why.startsWith("drained") || !fact.container.ready)
          return undefined;
        const { container } = fact;
        const { name } = cluster.service(container.service).spec;
        const over = covers.filter(({ services }) => services.includes(name));
        if (over.length > 1) return `${container.name} is evicted, and is under ${over.length} budgets`;
        const short = over.map((cover) => shortage(cover, cluster)).find((why) => why !== undefined);
        return short && `${container.name} is evicted, and ${short}`;
      },
    };
  },
};

function shortage({ budget: { minAvailable, maxUnavailable }, services }: Cover, cluster: Cluster): string | undefined {
  const covered = cluster.state.services.filter(({ spec }) => services.includes(spec.name));
  const left = covered.flatMap((service) => membersOf(service, cluster)).filter((one) => isActive(one) && one.ready);
  const wanted = covered.reduce((sum, service) => sum + wantedOf(service, cluster), 0);
  const needed =
    maxUnavailable === undefined
      ? minAvailable && resolveUp(minAvailable, wanted)
      : Math.max(0, wanted - resolveUp(maxUnavailable, wanted));
  if (needed === undefined || left.length >= needed) return undefined;
  return `${left.length} stay ready where the budget asks for ${needed}`;
}

/**
 * What the owners of the containers want; an owner without a container is not seen (disruption.go, getExpectedScale). Of a
 * Rollout nobody looks at more than its ReplicaSets, which together may want less than it does (getPodReplicaSet).
 */
function wantedOf(service: Service, cluster: Cluster): number {
  const owning = service.releases.filter((release) => cluster.membersOf(release).length > 0);
  if (owning.length === 0) return 0;
  if (!ROLLOUTS.has(service.spec.strategy.name)) return service.replicas;
  return Math.min(
    service.replicas,
    owning.reduce((sum, { desired }) => sum + desired, 0),
  );
}

function membersOf(service: Service, cluster: Cluster) {
  return service.releases.flatMap((release) => cluster.membersOf(release));
}
