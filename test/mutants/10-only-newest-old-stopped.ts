import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** With two old releases only the newer one is stopped. A second deploy on top of the first makes the list of old releases longer than one. */
export const mutant: Mutant = {
  bug: "with two old releases only the newer one is stopped",
  real: "A second deploy on top of the first makes the list of old releases longer than one.",
  within: 2000,
  plugin: rollingWith({
    old: ({ previous }) => previous.slice(0, 1),
    isDone: ({ next, replicas, previous }) =>
      next.available >= replicas && (previous[0]?.existing ?? 0) === 0 && previous.length <= 1,
  }),
};
