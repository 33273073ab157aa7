import type { CountOrPercent } from "../fields/countOrPercent.ts";

/**
 * True when a set has come far enough for the next step (Argo Rollouts, canary.go, allReplicaProgressThresholdMet).
 *
 * A percentage is of the wanted ones, and of none it is always met; without a threshold all of them are.
 *
 * @param set undefined: there is none yet.
 */
export function progressThresholdMet(
  threshold: CountOrPercent | undefined,
  wanted: number,
  set: { readonly desired: number; readonly available: number } | undefined,
): boolean {
  if (threshold === undefined || set === undefined) {
    return set !== undefined && set.desired === wanted && set.available === wanted;
  }
  if (threshold.kind === "count") return set.available >= threshold.value;
  // Not divided first: 29 of 100 would come out below 29%.
  return wanted === 0 || set.available * 100 >= threshold.value * wanted;
}
