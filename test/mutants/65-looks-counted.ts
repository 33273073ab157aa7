import type { Plan, Strategy } from "../../src/rollout/strategy.ts";
import type { Mutant } from "./base/mutant.ts";
import { switchWith } from "./base/switchBase.ts";

const LOOKS = 8;
const SECOND = 1_000_000;

/** Waits for eight looks before it switches, where eight seconds were meant. A controller is woken as often as others please: reconciling is not a clock. */
export const mutant: Mutant = {
  bug: "waits for eight looks before it switches, where eight seconds were meant",
  real: "A controller is woken as often as others please: reconciling is not a clock.",
  within: 2000,
  plugin: counting() as unknown as Strategy,
};

function counting(): Strategy<unknown, number> {
  const { settings: _none, ...named } = switchWith({});
  return {
    ...named,
    plan: (view): Plan<number> => {
      const { next, replicas, state = 0 } = view;
      const looks = next.available >= replicas ? state + 1 : 0;
      const { plan } = switchWith({ mayMove: () => next.available >= replicas && looks > LOOKS });
      return { ...(plan({ ...view, state: undefined }, {}) as Plan<number>), state: looks, wakeAfter: SECOND };
    },
  };
}
