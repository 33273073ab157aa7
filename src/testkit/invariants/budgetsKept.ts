import type { Cluster } from "../../cluster/cluster.ts";
import { isActive } from "../../cluster/containers.ts";
import type { BudgetSpec } from "../../cluster/policies.ts";
import { resolveUp } from "../../fields/countOrPercent.ts";
import type { Invariant } from "../invariant.ts";

/** Kubernetes, Disruptions page: evictions ask the budget; crashes and rollouts do not. */
export const budgetsKept: Invariant = {
  name: "budgets-kept",
  statement: "A drain never evicts a ready container where its service's budget has none to spare.",
  appliesTo: "placement",
  start: () => ({
    onFact(fact, _now, cluster) {
      if (fact.kind !== "container-deleted" || !fact.why.startsWith("drained")) return undefined;
      if (!fact.container.ready) return undefined;
      const { name, budget } = cluster.service(fact.container.service).spec;
      const shared = (cluster.scenario.budgets ?? []).filter(({ services }) => services.includes(name));
      const own = budget === undefined ? [] : [{ ...budget, services: [name] }];
      for (const { services, ...limits } of [...own, ...shared]) {
        const { needed, ready } = standing(limits, services, cluster);
        if (ready >= needed) continue;
        return `${fact.container.name} is evicted, and ${ready} stay ready where the budget asks for ${needed}`;
      }
      return undefined;
    },
  }),
};

/** Goes by what the services want; a Rollout's budget may ask for more while it changes, and never for less. */
function standing(
  { minAvailable, maxUnavailable }: BudgetSpec,
  names: readonly string[],
  cluster: Cluster,
): { readonly needed: number; readonly ready: number } {
  const covered = cluster.state.services.filter(({ spec }) => names.includes(spec.name));
  const wanted = covered.reduce((sum, { replicas }) => sum + replicas, 0);
  const least = minAvailable === undefined ? 0 : resolveUp(minAvailable, wanted);
  const needed = maxUnavailable === undefined ? least : Math.max(0, wanted - resolveUp(maxUnavailable, wanted));
  const ready = covered
    .flatMap(({ releases }) => releases.flatMap((release) => cluster.membersOf(release)))
    .filter((one) => isActive(one) && one.ready).length;
  return { needed, ready };
}
