import { isActive } from "../../cluster/containers.ts";
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
      const service = cluster.service(fact.container.service);
      const { budget } = service.spec;
      if (budget === undefined || !fact.container.ready) return undefined;
      const { minAvailable, maxUnavailable } = budget;
      const needed =
        maxUnavailable === undefined
          ? minAvailable && resolveUp(minAvailable, service.replicas)
          : Math.max(0, service.replicas - resolveUp(maxUnavailable, service.replicas));
      const left = service.releases
        .flatMap((release) => cluster.membersOf(release))
        .filter((one) => isActive(one) && one.ready);
      if (needed === undefined || left.length >= needed) return undefined;
      return `${fact.container.name} is evicted, and ${left.length} stay ready where the budget asks for ${needed}`;
    },
  }),
};
