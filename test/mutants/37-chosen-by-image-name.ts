import type { Mutant } from "./base/mutant.ts";
import { schedulerWith } from "./base/schedulerBase.ts";

/** Breaks ties by the image's name. A hash of a name is a fair tie-break until the names are not. */
export const mutant: Mutant = {
  bug: "breaks ties by the image's name",
  real: "A hash of a name is a fair tie-break until the names are not.",
  within: 2000,
  plugin: schedulerWith({
    choose: (hosts, { image }) => hosts[image.length % hosts.length],
  }),
};
