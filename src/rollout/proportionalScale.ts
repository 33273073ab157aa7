/**
 * The size a rollout had when a set was last set: wanted containers, and those with the surge on top (Kubernetes'
 * annotations).
 */
export interface FormerSize {
  readonly replicas: number;
  readonly most: number;
}

/** One set of containers to be resized. */
export interface SizedSet {
  readonly desired: number;
  readonly available: number;
  readonly former: FormerSize;
}

/**
 * Shares a change of the wanted number, made in mid-rollout, over all releases in proportion to their size.
 *
 * With one active set it takes the whole; when the new one is already whole the old go to 0. Otherwise each gets its
 * share, rounded half away from zero, growing from the largest and newest, shrinking from the largest and oldest; what
 * rounding leaves over goes to the first (Kubernetes, sync.go, scale, and deployment_util.go, GetReplicaSetProportion).
 *
 * @param sets newest first, the new release first of all, unless `size.hasNew` says that there is none. @returns their new wanted numbers, in the same order.
 */
export function proportionalScale(
  sets: readonly SizedSet[],
  size: { readonly replicas: number; readonly surge: number; readonly hasNew?: boolean },
): number[] {
  const { replicas, surge, hasNew = true } = size;
  const active = sets.flatMap((set, place) => (set.desired > 0 ? [place] : []));
  const next = sets[0];
  if (next === undefined) return [];
  if (active.length <= 1) {
    const only = active[0] ?? 0;
    return sets.map((set, place) => (place === only ? replicas : set.desired));
  }
  if (hasNew && next.desired === replicas && next.former.replicas === replicas && next.available === replicas) {
    return sets.map((set, place) => (place === 0 ? set.desired : 0));
  }
  const most = replicas > 0 ? replicas + surge : 0;
  const total = sets.reduce((all, set) => all + set.desired, 0);
  return share(sets, active, { replicas, most, change: most - total });
}

function share(
  sets: readonly SizedSet[],
  active: readonly number[],
  size: { readonly replicas: number; readonly most: number; readonly change: number },
): number[] {
  const { change } = size;
  const desired = sets.map((set) => set.desired);
  const at = (place: number) => desired[place] ?? 0;
  const sizeOf = (place: number) => sets[place]?.desired ?? 0;
  const order = [...active].sort((x, y) => sizeOf(y) - sizeOf(x) || (change > 0 ? x - y : y - x));
  let given = 0;
  for (const place of order) {
    const left = change - given;
    if (left === 0) break;
    const fraction = fractionOf(sets[place], size);
    const share = change > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    desired[place] = at(place) + share;
    given += share;
  }
  const first = order[0] ?? 0;
  desired[first] = Math.max(0, at(first) + change - given);
  return desired;
}

function fractionOf(set: SizedSet | undefined, size: { readonly replicas: number; readonly most: number }): number {
  return set === undefined ? 0 : scaledFraction(set.desired, { ...size, former: set.former.most });
}

/**
 * By how much a set of `desired` containers changes with the whole: in proportion to what the whole was, with its surge,
 * when the set was last resized (Kubernetes, deployment_util.go, getReplicaSetFraction).
 *
 * @param size.most all containers there may be now, the surge included; `former` likewise before, 0: not known.
 */
export function scaledFraction(
  desired: number,
  size: { readonly replicas: number; readonly most: number; readonly former: number },
): number {
  if (size.replicas === 0) return -desired;
  return size.former === 0 ? 0 : Math.round((desired * size.most) / size.former) - desired;
}
