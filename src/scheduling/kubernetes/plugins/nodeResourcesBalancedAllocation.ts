import { MAX_NODE_SCORE, type Plugin } from "../plugin.ts";
import { isScalarResource } from "../requests.ts";
import type { ScoredResource } from "./nodeResourcesFit.ts";

/** NodeResourcesBalancedAllocation: nodes whose resources would be taken in like shares score higher. Actual requests count. */
export function nodeResourcesBalancedAllocation(scored: readonly ScoredResource[]): Plugin {
  return {
    name: "NodeResourcesBalancedAllocation",
    isLocal: true,
    score({ spec }, { resources }) {
      const wanted = scored
        .map(({ name }) => ({ name, amount: spec.requests.get(name) ?? 0, ...resources.column(name) }))
        .filter(({ name, amount }) => amount > 0 || !isScalarResource(name));
      // Best effort pods would all go to the most evenly filled node, and fill it up.
      if (!wanted.some(({ amount }) => amount > 0)) return undefined;
      const shares: number[] = [];
      return {
        score(node) {
          shares.length = 0;
          for (const { amount, allocatable, requested } of wanted) {
            const all = allocatable[node] ?? 0;
            if (all > 0) shares.push(Math.min(1, ((requested[node] ?? 0) + amount) / all));
          }
          return Math.trunc((1 - deviation(shares)) * MAX_NODE_SCORE);
        },
      };
    },
  };
}

/** The standard deviation of the whole set; of two, half their difference. */
function deviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0;
  const [first = 0, second = 0] = shares;
  if (shares.length === 2) return Math.abs((first - second) / 2);
  let total = 0;
  for (const share of shares) total += share;
  const mean = total / shares.length;
  let squares = 0;
  for (const share of shares) squares += (share - mean) * (share - mean);
  return Math.sqrt(squares / shares.length);
}
