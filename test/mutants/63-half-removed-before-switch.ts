import type { Plan, RolloutView } from "../../src/rollout/strategy.ts";
import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

const sound = switchWith({});

/** Half of the old ones go to make room, while they still have all the traffic. fluxcd/flagger #1600: the primary shrinks to its minimum, and then gets everything. */
export const mutant: Mutant = {
  bug: "half of the old ones go to make room, while they still have all the traffic",
  real: "fluxcd/flagger #1600: the primary shrinks to its minimum, and then gets everything.",
  within: 2000,
  plugin: { ...sound, plan: (view, settings) => thinned(view, sound.plan(view, settings)) },
};

function thinned({ next, previous, replicas }: RolloutView, plan: Plan): Plan {
  const [old] = previous;
  const half = Math.ceil(replicas / 2);
  if (old === undefined || !old.receiving || next.receiving || old.desired <= half) return plan;
  return { ...plan, scale: [...(plan.scale ?? []), { release: old.id, desired: half }] };
}
