import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** A required spread looks at nothing that is there already. Anti-affinity has two sides; the one of the existing containers is forgotten. */
export const mutant: Mutant = {
  bug: "a required spread looks at nothing that is there already",
  real: "Anti-affinity has two sides; the one of the existing containers is forgotten.",
  within: 2000,
  plugin: schedulerWith({
    fits: fitsBut(/already/),
  }),
};
