import { z } from "zod";
import { duration } from "../../src/fields/duration.ts";
import type { Strategy } from "../../src/rollout/strategy.ts";
import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

/** ScaleDownDelay runs from the rollout's beginning, and is long over at the switch. argoproj/argo-rollouts #478: what the delay was brought in for. */
export const mutant: Mutant = {
  bug: "scaleDownDelay runs from the rollout's beginning, and is long over at the switch",
  real: "argoproj/argo-rollouts #478: what the delay was brought in for.",
  within: 2000,
  plugin: delayed(),
};

function delayed(): Strategy {
  const settings = z.strictObject({ scaleDownDelay: duration.prefault("30s") });
  const strategy: Strategy<z.output<typeof settings>> = {
    ...(switchWith({}) as Strategy<z.output<typeof settings>>),
    settings,
    plan: (view, { scaleDownDelay }) => {
      const left = view.startedAt + scaleDownDelay - view.now;
      const isMoved = (one: { readonly receiving: boolean }) => !one.receiving;
      const mayStopOld = () => left <= 0 && view.next.receiving && view.previous.every(isMoved);
      return { ...switchWith({ mayStopOld }).plan(view, {}), wakeAfter: left > 0 ? left : undefined };
    },
  };
  return strategy as unknown as Strategy;
}
