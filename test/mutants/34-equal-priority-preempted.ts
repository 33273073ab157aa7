import type { Mutant } from "./base/mutant.ts";
import { preemptWith, schedulerWith } from "./base/schedulerBase.ts";

/** Preempts containers of the same priority. Pod Priority page: only lower ones; less-or-equal is one character away. */
export const mutant: Mutant = {
  bug: "preempts containers of the same priority",
  real: "Pod Priority page: only lower ones; less-or-equal is one character away.",
  within: 2000,
  plugin: schedulerWith({
    otherwise: preemptWith(({ service }, on) =>
      on
        .filter((one) => one.service.priority <= service.priority)
        .slice(0, 1)
        .map(({ id }) => id),
    ),
  }),
};
