import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

const sound = switchWith({});

/** A tenth of the traffic goes to the new one as soon as it exists, and all else is done well. argoproj/argo-rollouts #587: a weight set before the canary has a ready container. */
export const mutant: Mutant = {
  bug: "a tenth of the traffic goes to the new ones while none is ready; all else is done well",
  real: "argoproj/argo-rollouts #587: a weight set before the canary has a ready container.",
  within: 2000,
  plugin: {
    ...sound,
    plan: (view, settings) => {
      const plan = sound.plan(view, settings);
      const { next, previous } = view;
      const [old, ...others] = previous;
      if (old === undefined || others.length > 0 || !old.receiving || old.available === 0) return plan;
      if (next.existing === 0 || next.ready > 0 || plan.outcome !== undefined) return plan;
      const weights = [
        { release: old.id, percent: 90 },
        { release: next.id, percent: 10 },
      ];
      return { ...plan, receiving: "all", weights };
    },
  },
};
