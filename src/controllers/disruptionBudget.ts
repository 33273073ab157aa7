import type { BudgetSpec } from "../cluster/policies.ts";
import { type CountOrPercent, resolveUp } from "../fields/countOrPercent.ts";
import { MINUTE, type Micros } from "../kernel/time.ts";

/** How a budget stands (Kubernetes, PodDisruptionBudgetStatus). */
export interface BudgetStatus {
  /** Containers that may be evicted now. */
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expected: number;
}

/** An approved eviction whose container is not being deleted by then has failed (disruption.go, DeletionTimeout). */
export const APPROVAL_LASTS: Micros = 2 * MINUTE;

/**
 * How many containers may go (Kubernetes, disruption.go, getExpectedPodCount and updatePdbStatus).
 *
 * Percentages are of what the owners want and round up, both ways, unlike a rollout's. A count of `minAvailable` alone
 * goes by the containers there are. Where nothing is expected, nothing may go; nor where a scale is asked for and an owner
 * has none (failSafe).
 *
 * @param counts.scales wanted numbers of the owners of the containers; `healthy` ones are ready, neither being deleted
 * nor approved for eviction; `total` are all that are matched.
 */
export function budgetStatus(
  { minAvailable, maxUnavailable }: Pick<BudgetSpec, "minAvailable" | "maxUnavailable">,
  counts: {
    readonly scales: readonly number[];
    readonly healthy: number;
    readonly total: number;
    /** Some of the containers have an owner without a scale, as a DaemonSet is one. */
    readonly scaleless?: boolean;
  },
): BudgetStatus {
  const scaled = counts.scales.reduce((sum, scale) => sum + scale, 0);
  const byCount = maxUnavailable === undefined && minAvailable?.kind === "count";
  if (counts.scaleless === true && !byCount) {
    return { disruptionsAllowed: 0, currentHealthy: counts.healthy, desiredHealthy: 0, expected: scaled };
  }
  const expected = byCount ? counts.total : scaled;
  const desiredHealthy =
    maxUnavailable === undefined
      ? atLeast(minAvailable, expected)
      : Math.max(0, expected - resolveUp(maxUnavailable, expected));
  const spare = counts.healthy - desiredHealthy;
  const disruptionsAllowed = expected <= 0 || spare <= 0 ? 0 : spare;
  return { disruptionsAllowed, currentHealthy: counts.healthy, desiredHealthy, expected };
}

/** True while an approval counts against the budget: the deletion under way, or still to be expected. */
export function approvalHolds(approval: { readonly age: Micros; readonly deleting: boolean }): boolean {
  return approval.deleting || approval.age <= APPROVAL_LASTS;
}

/**
 * What the eviction API says to a request. `too-many-requests`: 429, try again later. `several-budgets`: 500, "This pod has
 * more than one PodDisruptionBudget, which the eviction subresource does not support".
 */
export type EvictionVerdict = "evict" | "too-many-requests" | "several-budgets";

/**
 * Whether a container may be evicted now (Kubernetes, registry/core/pod/storage/eviction.go).
 *
 * One that has not started, or has ended, may always go. One that runs but is not ready may where the budget is met
 * without it, or always if the budget says so.
 */
export function evictionVerdict(
  container: { readonly running: boolean; readonly ready: boolean },
  budget: BudgetSpec | undefined,
  status: BudgetStatus,
): EvictionVerdict {
  if (budget === undefined || !container.running) return "evict";
  if (!container.ready) {
    const met = status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
    if (budget.unhealthy === "AlwaysAllow" || met) return "evict";
  }
  return status.disruptionsAllowed > 0 ? "evict" : "too-many-requests";
}

function atLeast(amount: CountOrPercent | undefined, expected: number): number {
  return amount === undefined ? 0 : resolveUp(amount, expected);
}
