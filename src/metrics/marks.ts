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

/** So many hosts at one moment are told as a number, not by name. */
const MANY = 3;

/** Marks with those of many hosts at one moment made one: a lost zone is one thing that happened. In the same order. */
export function withHostsTogether(marks: readonly EventMark[]): EventMark[] {
  const together: EventMark[] = [];
  for (let i = 0; i < marks.length; ) {
    const first = marks[i] as EventMark;
    let end = i + 1;
    while (end < marks.length && isAlike(first, marks[end] as EventMark)) end++;
    if (end - i >= MANY) together.push({ ...first, label: `${end - i} hosts ${whatOf(first)}` });
    else together.push(...marks.slice(i, end));
    i = end;
  }
  return together;
}

function isAlike(one: EventMark, other: EventMark): boolean {
  const ofHosts = one.service === null && other.service === null && one.kind === other.kind;
  return ofHosts && one.atS === other.atS && whatOf(one) === whatOf(other);
}

/** `down` of `host-3 down`. */
function whatOf({ label }: EventMark): string {
  return label.slice(label.indexOf(" ") + 1);
}
