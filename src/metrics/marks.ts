import type { Fact } from "../cluster/facts.ts";
import { type Micros, toSeconds } from "../kernel/time.ts";
import type { EventMark } from "./result.ts";

/** The mark that a fact leaves on the time axis, if it is worth one. */
export function markOf(fact: Fact, now: Micros): EventMark | undefined {
  const atS = toSeconds(now);
  const mark = (kind: EventMark["kind"], label: string, service: string | null = null): EventMark => ({
    atS,
    kind,
    service,
    label,
  });
  switch (fact.kind) {
    case "host-down":
      return mark("failure", `${fact.host.spec.name} down`);
    case "host-up":
      return mark("recovery", `${fact.host.spec.name} up`);
    case "host-cut":
      return mark("failure", `${fact.host.spec.name} cut off`);
    case "host-mended":
      return mark("recovery", `${fact.host.spec.name} connected`);
    case "host-slow":
      return fact.host.slowFactors.length > 0
        ? mark("failure", `${fact.host.spec.name} slow`)
        : mark("recovery", `${fact.host.spec.name} at full speed`);
    case "host-unreachable":
      return mark("control", `${fact.host.spec.name} noticed missing`);
    case "replicas-changed":
      return mark("scale", `scale to ${fact.service.replicas}`, fact.service.spec.name);
    case "registry":
      return fact.up ? mark("recovery", "registry up") : mark("failure", "registry down");
    case "control-plane":
      return fact.up ? mark("recovery", "control plane up") : mark("failure", "control plane down");
    case "traffic-factor":
      return mark("traffic", `traffic × ${fact.factor}`, fact.service.spec.name);
    case "containers-crashed":
      return mark("failure", `${fact.count} killed`, fact.service.spec.name);
    case "rollout-began":
      return mark("deploy", `${fact.rollout.reason} ${fact.rollout.to}`, fact.service.spec.name);
    case "rollout-ended":
      return mark("rollout", `${fact.rollout.strategy} ${fact.outcome}`, fact.service.spec.name);
    default:
      return undefined;
  }
}
