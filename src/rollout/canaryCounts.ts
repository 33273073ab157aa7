import { sum } from "./rollingCounts.ts";

/** One set of containers in Argo's arithmetic: wanted (`spec.replicas`) and available ones. */
export interface CanarySet {
  readonly desired: number;
  readonly available: number;
}

/** How many containers of either kind there should be. */
export interface CanaryCounts {
  readonly canary: number;
  readonly stable: number;
}

/** What `basicCanaryCounts` goes by. */
export interface BasicCanaryInput {
  readonly replicas: number;
  /** Share of the canary in percent; 100 when it was promoted in full, or has no steps left. */
  readonly weight: number;
  readonly surge: number;
  /** Capped at `replicas`. */
  readonly unavailable: number;
  readonly canary: CanarySet | undefined;
  /** Undefined: nothing was ever promoted, or the canary itself was. */
  readonly stable: CanarySet | undefined;
  /** Neither canary nor stable: what an earlier rollout left. */
  readonly older: readonly CanarySet[];
  /** Containers above what is wanted that have not been deleted yet: they take up the room of new ones. 0 by default. */
  readonly leaving?: number;
}

/**
 * The split of `replicas` containers, or of one more where a surge is allowed, that comes closest to a weight.
 *
 * Between 0 and the whole, neither side gets none when two may exist; of two equally close the first wins: rounded up
 * before rounded down, without the extra container before with it (Argo Rollouts, canary.go,
 * approximateWeightedCanaryStableReplicaCounts).
 */
export function approximateWeights(input: {
  readonly replicas: number;
  readonly weight: number;
  readonly surge: number;
  readonly maxWeight?: number;
}): CanaryCounts {
  const { replicas, weight, surge, maxWeight = 100 } = input;
  if (replicas === 0) return { canary: 0, stable: 0 };
  const up = Math.ceil((replicas * weight) / maxWeight);
  const down = Math.floor((replicas * weight) / maxWeight);
  const noneAllowed = weight === maxWeight || weight === 0 || (replicas === 1 && surge === 0);
  const options: { readonly canary: number; readonly total: number }[] = [];
  if (up < replicas || noneAllowed) options.push({ canary: up, total: replicas });
  for (const total of surge > 0 ? [replicas, replicas + 1] : [replicas]) {
    if (total > replicas) options.push({ canary: up, total });
    if (!isHalf(total * (weight / maxWeight)) && (down !== 0 || noneAllowed)) options.push({ canary: down, total });
  }
  const distance = ({ canary, total }: { canary: number; total: number }) =>
    Math.abs((canary * maxWeight) / total - weight);
  let best = options[0] ?? { canary: 0, total: replicas };
  for (const option of options) if (distance(option) < distance(best)) best = option;
  return { canary: best.canary, stable: best.total - best.canary };
}

/**
 * The next numbers of a canary that is weighted by how many containers it has (Argo Rollouts, canary.go,
 * CalculateReplicaCountsForBasicCanary).
 *
 * Up goes the stable set first, within replicas + surge over all sets; down only the set that is on its way out, within
 * what may be unavailable, and nothing while older sets are left.
 */
export function basicCanaryCounts(input: BasicCanaryInput): CanaryCounts {
  const { replicas, canary, stable, older, surge } = input;
  const wanted =
    stable === undefined
      ? { canary: replicas, stable: 0 }
      : approximateWeights({ replicas, weight: input.weight, surge });
  const grown = scaledUp(input, wanted);
  if (sum(older.map((set) => set.desired)) > 0) return grown;
  const growing = canary === undefined || wanted.canary >= canary.desired;
  const countable = countableForScaleDown(canary, !growing) + countableForScaleDown(stable, growing);
  const least = replicas - input.unavailable;
  const excess = countable - least;
  if (excess <= 0) return grown;
  const most = replicas + surge;
  if (!growing) {
    const drained = { set: canary, count: scaledDown(canary, wanted.canary, excess) };
    const kept = { set: stable, count: grown.stable };
    const [first, second] = withinLimits(drained, kept, { most, least });
    return { canary: first, stable: second };
  }
  if (stable === undefined) return grown;
  const drained = {
    set: stable,
    count: stable.desired > wanted.stable ? scaledDown(stable, wanted.stable, excess) : grown.stable,
  };
  const [first, second] = withinLimits(drained, { set: canary, count: grown.canary }, { most, least });
  return { canary: second, stable: first };
}

/**
 * What a set counts for when something is to be taken away: the available ones or, of the set that goes, all wanted
 * ones, so that broken containers do not stop their own removal (canary.go, GetReplicasForScaleDown).
 */
export function countableForScaleDown(set: CanarySet | undefined, ignoreAvailability: boolean): number {
  if (set === undefined) return 0;
  return ignoreAvailability ? set.desired : Math.min(set.desired, set.available);
}

function scaledUp(input: BasicCanaryInput, wanted: CanaryCounts): CanaryCounts {
  const { replicas, surge, canary, stable, older, leaving = 0 } = input;
  const total = leaving + sum([canary, stable, ...older].map((set) => set?.desired ?? 0));
  let room = Math.max(0, replicas + surge - total);
  const grow = (set: CanarySet | undefined, goal: number): number => {
    const have = set?.desired ?? 0;
    const more = set === undefined ? 0 : Math.max(0, Math.min(room, goal - have));
    room -= more;
    return have + more;
  };
  const stableCount = grow(stable, wanted.stable);
  return { stable: stableCount, canary: grow(canary, wanted.canary) };
}

function scaledDown(set: CanarySet | undefined, goal: number, excess: number): number {
  return set === undefined ? 0 : Math.max(goal, set.desired - excess);
}

interface Adjusted {
  readonly set: CanarySet | undefined;
  readonly count: number;
}

/**
 * Takes what is above the surge limit from the set that stays, gives back what availability needs of it, and then takes
 * it from the set that goes (canary.go, adjustReplicaWithinLimits).
 */
function withinLimits(
  drained: Adjusted,
  kept: Adjusted,
  { most, least }: { readonly most: number; readonly least: number },
): [number, number] {
  if (kept.set === undefined) return [drained.count, kept.count];
  const over = (a: number, b: number) => Math.max(0, a + b - most);
  let count = kept.count - over(kept.count, drained.count);
  const available = Math.min(drained.set?.available ?? 0, drained.count) + Math.min(kept.set.available, count);
  const spare = Math.max(0, kept.set.available - count);
  count += Math.min(spare, Math.max(0, least - available));
  return [drained.count - over(count, drained.count), count];
}

function isHalf(amount: number): boolean {
  return amount - Math.trunc(amount) === 0.5;
}
