import { Simulation } from "../../src/simulation/simulation.ts";
import type { Mutant } from "./base/mutant.ts";
import { replaceMethod } from "./base/mutant.ts";

/** Whoever looks on draws from a stream of the run. An observer that jitters its own polling with the run's chance. */
export const mutant: Mutant = {
  bug: "whoever looks on draws from a stream of the run",
  real: "An observer that jitters its own polling with the run's chance.",
  within: 2000,
  patch: () =>
    replaceMethod(
      Simulation.prototype,
      "observe",
      (original) =>
        function (this: Simulation, observer) {
          original.call(this, (event) => {
            if (event.kind === "placement") this.world.streams.named("scheduler").next();
            observer?.(event);
          });
        },
    ),
};
