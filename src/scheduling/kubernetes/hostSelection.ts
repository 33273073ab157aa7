/** How many nodes to choose from, and the choice among the best. */

/**
 * The place of one of the highest among the first `count` totals, by chance if there are several; `undefined` if there are none.
 * `tied` is room for `count` numbers.
 */
export function selectHost(
  totals: Float64Array,
  count: number,
  random: () => number,
  tied: Int32Array,
): number | undefined {
  let best = Number.NEGATIVE_INFINITY;
  let tiedCount = 0;
  for (let i = 0; i < count; i++) {
    const total = totals[i] ?? 0;
    if (total > best) {
      best = total;
      tiedCount = 0;
    }
    if (total === best) tied[tiedCount++] = i;
  }
  if (tiedCount === 0) return undefined;
  return tied[tiedCount === 1 ? 0 : Math.floor(random() * tiedCount)];
}

const ENOUGH_NODES = 100;
const LEAST_PERCENTAGE = 5;

/**
 * How many feasible nodes are enough to choose from: all below 100; else a percentage, by default 50 less one for every 125
 * nodes, at least 5; never below 100 nodes. Source: Kubernetes, Scheduler Performance Tuning page.
 */
export function nodesToFind(nodeCount: number, percentageOfNodesToScore: number): number {
  if (nodeCount < ENOUGH_NODES || percentageOfNodesToScore >= 100) return nodeCount;
  const percentage =
    percentageOfNodesToScore > 0
      ? percentageOfNodesToScore
      : Math.max(LEAST_PERCENTAGE, 50 - Math.floor(nodeCount / 125));
  return Math.min(nodeCount, Math.max(ENOUGH_NODES, Math.floor((nodeCount * percentage) / 100)));
}
