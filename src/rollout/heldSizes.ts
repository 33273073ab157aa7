import { type FormerSize, proportionalScale } from "./proportionalScale.ts";
import type { RolloutView, ScaleTo } from "./strategy.ts";

/**
 * The sizes that a rollout asks for while a person holds it: nothing moves but what a change of the wanted number brings.
 *
 * The one release that has containers takes the whole; several share it in proportion (Kubernetes, sync.go, scale, which
 * a paused Deployment still does).
 *
 * @param size.former what the sizes were last made for; undefined: not known, so several releases stay as they are.
 */
export function heldSizes(
  { next, previous, replicas }: RolloutView,
  size: { readonly former: FormerSize | undefined; readonly surge: number },
): ScaleTo[] {
  const releases = [next, ...previous];
  const active = releases.filter(({ desired }) => desired > 0);
  if (active.length === 1) return active.map(({ id }) => ({ release: id, desired: replicas }));
  const { former, surge } = size;
  if (former === undefined || former.replicas === replicas) return [];
  const sets = releases.map(({ desired, available }) => ({ desired, available, former }));
  const wanted = proportionalScale(sets, { replicas, surge });
  return releases.map(({ id, desired }, place) => ({ release: id, desired: wanted[place] ?? desired }));
}
