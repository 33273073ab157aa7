import { type Container, isActive, NOWHERE } from "./containers.ts";
import type { Host } from "./hosts.ts";
import type { Release } from "./services.ts";
import type { HostSpec, ServiceSpec, Taint } from "./spec.ts";

/** What a container is besides one of many: its place in a StatefulSet, or the host that a DaemonSet made it for. */
export interface Identity {
  readonly ordinal?: number;
  readonly pinned?: number;
}

/** What an identity is found among. */
export interface Surroundings {
  readonly hosts: readonly Host[];
  /** All containers of the service that are not gone. */
  readonly members: readonly Container[];
}

/** What the next container of a release is: nothing special but for a StatefulSet's and a DaemonSet's. */
export function identityOf(spec: ServiceSpec, release: Release, world: Surroundings): Identity {
  switch (spec.workload) {
    case "StatefulSet":
      return { ordinal: freeOrdinal(world.members) };
    case "DaemonSet":
      return { pinned: freeHost(spec, release, world) };
    default:
      return {};
  }
}

/**
 * True where a DaemonSet runs a container: the host is selected, also by the node affinity, and has no taint that it does not tolerate. It always
 * tolerates cordons and failing hosts (Kubernetes, DaemonSet page, "Taints and tolerations").
 */
export function mayRunDaemon({ nodeSelector, tolerations, unfitHosts }: ServiceSpec, host: HostSpec): boolean {
  if (unfitHosts?.has(host.name)) return false;
  const isTolerated = (taint: Taint) =>
    tolerations.some(
      ({ key, operator, value, effect }) =>
        (effect === undefined || effect === taint.effect) &&
        (key === undefined || key === "" || key === taint.key) &&
        (operator === "Exists" || (value ?? "") === taint.value),
    );
  const selected = Object.entries(nodeSelector).every(([key, value]) => host.labels[key] === value);
  return selected && host.taints.every((taint) => taint.effect === "PreferNoSchedule" || isTolerated(taint));
}

/** The least ordinal that no container holds, one that is still ending included: names come back. */
function freeOrdinal(members: readonly Container[]): number {
  const held = new Set(members.map(({ ordinal }) => ordinal));
  let ordinal = 0;
  while (held.has(ordinal)) ordinal++;
  return ordinal;
}

/** A host without any container of the service; else one where only other releases have one, to be replaced by this. */
function freeHost(service: ServiceSpec, release: Release, { hosts, members }: Surroundings): number {
  const eligible = hosts.filter(({ spec }) => mayRunDaemon(service, spec));
  const empty = eligible.find(({ id }) => members.every(({ pinned }) => pinned !== id));
  const shared = eligible.find(({ id }) =>
    members.every((one) => one.pinned !== id || (one.release !== release.id && isActive(one))),
  );
  return (empty ?? shared)?.id ?? NOWHERE;
}
