import type { HostView } from "../../src/scheduling/framework.ts";
import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

const CORE = 1000;

/** A rest of a core counts as a core. */
function rounded(host: HostView): HostView {
  return { ...host, freeMillicores: Math.ceil(host.freeMillicores / CORE) * CORE };
}

/** Counts free cores in whole ones, rounded up. Quantities of Kubernetes have `Value()`, which rounds up, and `MilliValue()`. */
export const mutant: Mutant = {
  bug: "counts free cores in whole ones, rounded up",
  real: "Quantities of Kubernetes have `Value()`, which rounds up, and `MilliValue()`.",
  within: 2000,
  plugin: schedulerWith({ fits: (request, host, snapshot) => fitsBut()(request, rounded(host), snapshot) }),
};
