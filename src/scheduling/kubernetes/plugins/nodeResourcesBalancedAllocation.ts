import { MAX_NODE_SCORE, type Plugin } from "../plugin.ts";
import { isScalarResource } from "../requests.ts";
import type { ScoredResource } from "./nodeResourcesFit.ts";

/** NodeResourcesBalancedAllocation: nodes whose resources would be taken in like shares score higher. Actual requests count. */
export function nodeResourcesBalancedAllocation(scored: readonly ScoredResource[]): Plugin {
  return {
    name: "NodeResourcesBalancedAllocation",
    isFilterLocal: true,
    isScoreLocal: true,
    score({ spec }, { resources }) {
      const wanted = scored
        .map(({ name }) => ({ name, amount: spec.requests.get(name) ?? 0, ...resources.column(name) }))
        .filter(({ name, amount }) => amount > 0 || !isScalarResource(name));
      // Best effort pods would all go to the most evenly filled node, and fill it up.
      if (!wanted.some(({ amount }) => amount > 0)) return undefined;
      const shares = new Float64Array(wanted.length);
      return {
        score(node) {
          let count = 0;
          for (const { amount, allocatable, requested } of wanted) {
            const all = allocatable[node] ?? 0;
            if (all > 0) shares[count++] = Math.min(1, ((requested[node] ?? 0) + amount) / all);
          }
          return Math.trunc((1 - deviation(shares, count)) * MAX_NODE_SCORE);
        },
      };
    },
  };
}

/** The standard deviation of the first `count`, taken as the whole set; of two, half their difference. */
function deviation(shares: Float64Array, count: number): number {
  if (count < 2) return 0;
  if (count === 2) return Math.abs(((shares[0] ?? 0) - (shares[1] ?? 0)) / 2);
  let total = 0;
  for (let i = 0; i < count; i++) total += shares[i] ?? 0;
  const mean = total / count;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const off = (shares[i] ?? 0) - mean;
    squares += off * off;
  }
  return Math.sqrt(squares / count);
}
