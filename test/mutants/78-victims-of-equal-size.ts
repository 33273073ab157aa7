import type { Mutant } from "./base/mutant.ts";
import { preemptWith, schedulerWith } from "./base/schedulerBase.ts";

/** Takes a victim's place to be as large as what is asked for. True wherever all containers are alike, as in most tests. */
export const mutant: Mutant = {
  bug: "takes a victim's place to be as large as what is asked for",
  real: "True wherever all containers are alike, as in most tests.",
  within: 3000,
  plugin: schedulerWith({
    otherwise: preemptWith(
      ({ service }, on) =>
        on
          .filter((one) => one.service.priority < service.priority)
          .slice(0, 1)
          .map(({ id }) => id),
      ({ service }) => service,
    ),
  }),
};
