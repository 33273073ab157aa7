import { Simulation } from "../../src/simulation/simulation.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** A fork counts into the tallies of the run that it came from. A copy of the outer map, and the rows shared. */
export const mutant: Mutant = {
  bug: "a fork counts into the tallies of the run that it came from",
  real: "A copy of the outer map, and the rows shared.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Simulation.prototype,
      "fork",
      (original) =>
        function (this: Simulation) {
          const twin = original.call(this);
          Object.assign(twin.world.recorder.state, this.world.recorder.state);
          return twin;
        },
    ),
};
