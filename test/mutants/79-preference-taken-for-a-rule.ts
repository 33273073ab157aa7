import type { HostView } from "../../src/scheduling/framework.ts";
import type { Mutant } from "./base/mutant.ts";
import { fitsBut, schedulerWith } from "./base/schedulerBase.ts";

/** What only asks, forbids. */
function strict(host: HostView): HostView {
  const taints = host.spec.taints.map((taint) =>
    taint.effect === "PreferNoSchedule" ? { ...taint, effect: "NoSchedule" as const } : taint,
  );
  return { ...host, spec: { ...host.spec, taints } };
}

/** Takes a taint that only asks to stay away for one that forbids. Kubernetes has `PreferNoSchedule` beside `NoSchedule`. */
export const mutant: Mutant = {
  bug: "takes a taint that only asks to stay away for one that forbids",
  real: "Kubernetes has `PreferNoSchedule` beside `NoSchedule`; custom schedulers look at keys and forget the effect.",
  within: 2000,
  plugin: schedulerWith({ fits: (request, host, snapshot) => fitsBut()(request, strict(host), snapshot) }),
};
