import type { Plan, RolloutView } from "../../rollout/strategy.ts";
import type { Invariant, Planning } from "../invariant.ts";

/** Looks at one instant, after which a state that goes on changing is taken to be a count of them. */
const LOOKS = 30;
/** And after which one that has grown each time is taken to grow for ever: nobody needs so many values of one instant. */
const GROWING_LOOKS = 300;

/**
 * A controller is woken for many reasons, and as often as it pleases the rest of the cluster (Kubernetes: reconciling is
 * level-triggered). A step that comes by being asked often enough comes too early on a busy day.
 */
export const looksDoNotCount: Invariant = {
  name: "looks-do-not-count",
  statement:
    "A plan that asks for no change asks for none when it is asked again at once, however often, and does not collect.",
  appliesTo: "rollout",
  onPlan(planning) {
    const { strategy, settings, view, plan } = planning;
    if (asksForChange(planning, plan)) return undefined;
    let state = plan.state;
    let known = JSON.stringify(view.state);
    let grows = true;
    for (let look = 1; look <= LOOKS || grows; look++) {
      const next = JSON.stringify(state);
      // The same question again: a strategy answers it alike.
      if (next === known) return undefined;
      // A count that gets another digit has not grown at the look before.
      grows &&= (next?.length ?? 0) > (known?.length ?? 0);
      if (look > GROWING_LOOKS) return `nothing has changed, and its state has grown at each of ${GROWING_LOOKS} looks`;
      known = next;
      const again = askAgain(planning, { strategy, settings, state });
      if (again === undefined) return undefined;
      if (asksForChange(planning, again))
        return `nothing has changed, but at look ${look + 1} it asks for ${wordsOf(again)}`;
      state = again.state;
    }
    return undefined;
  },
};

/** Undefined: it threw, which is another matter. */
function askAgain(
  { view }: Planning,
  { strategy, settings, state }: Pick<Planning, "strategy" | "settings"> & { readonly state: unknown },
): Plan | undefined {
  const seen: RolloutView = { ...view, state };
  try {
    return strategy.plan(seen, settings);
  } catch {
    return undefined;
  }
}

function asksForChange({ view, before }: Pick<Planning, "view" | "before">, plan: Plan): boolean {
  const releases = [view.next, ...view.previous];
  if (plan.outcome !== undefined && plan.outcome !== "stuck") return true;
  if (plan.scale?.some((wish) => releases.find(({ id }) => id === wish.release)?.desired !== wish.desired)) return true;
  const { receiving, weights } = plan;
  if (receiving !== undefined) {
    const wanted = (id: number) => receiving === "all" || receiving.includes(id);
    if (releases.some((one) => wanted(one.id) !== one.receiving)) return true;
  }
  return weights !== undefined && JSON.stringify(weights) !== JSON.stringify(before?.plan.weights);
}

function wordsOf({ outcome, scale, receiving, weights }: Plan): string {
  return JSON.stringify({ outcome, scale, receiving, weights });
}
