import { rolling } from "../../src/rollout/strategies/rolling.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

const LONGEST = 5_000_000;

/** A minReadySeconds above five seconds counts as five. A cap that was meant for the polling, and hit the setting. */
export const mutant: Mutant = {
  bug: "a minReadySeconds above five seconds counts as five",
  real: "A cap that was meant for the polling, and hit the setting.",
  within: 6000,
  patch: () =>
    replaceMethod(
      rolling,
      "minReady",
      (original) => (settings) => Math.min(LONGEST, original?.call(rolling, settings) ?? 0),
    ),
};
