import type { Mutant } from "./base/mutant.ts";
import { rollingWith } from "./base/rollingBase.ts";

/** With two old releases only the one that was in force is stopped. A second deploy on top of the first makes the list of old releases longer than one. */
export const mutant: Mutant = {
  bug: "with two old releases only the one that was in force is stopped",
  real: "A second deploy on top of the first makes the list of old releases longer than one.",
  within: 2000,
  plugin: rollingWith({
    old: ({ previous }) => previous.filter(({ stable }) => stable),
  }),
};
