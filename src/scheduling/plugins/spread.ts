import type { HostView, PlacementRequest, SchedulerPlugin, Snapshot } from "../framework.ts";
import { isSelected } from "./constraints.ts";

/** Containers of the service already in each place (host or zone), over the hosts that may be used at all. */
interface Places {
  /** How many the place of this host holds. */
  readonly countAt: (host: HostView) => number;
  readonly least: number;
}

/**
 * Keeps a service's containers apart, over hosts or zones, as its `spread` asks.
 *
 * Preferred: the emptier place scores more. Required: a place may hold at most one more than the emptiest
 * (Kubernetes: topologySpreadConstraints with maxSkew 1 and DoNotSchedule).
 */
export const spread: SchedulerPlugin<Places> = {
  kind: "scheduler-plugin",
  name: "spread",
  describe: "keeps a service's containers on different hosts or zones",
  normalise: true,
  prepare: countPlaces,
  filter({ service }, host, places) {
    if (!service.spread.required || service.spread.over === "none") return undefined;
    return places.countAt(host) > places.least ? "host(s) didn't match the required spread" : undefined;
  },
  score({ service }, host, places) {
    return service.spread.over === "none" ? 0 : -places.countAt(host);
  },
};

function countPlaces(request: PlacementRequest, snapshot: Snapshot): Places {
  const { over } = request.service.spread;
  if (over === "none") return { countAt: () => 0, least: 0 };
  const onHost = snapshot.countsOf(request.service.name);
  // A host that the service may not use anyway must not hold the others down (nodeAffinityPolicy: Honor).
  const usable = snapshot.hosts.filter(
    (host) => !host.cordoned && host.known === "reachable" && isSelected(request.service, host.spec),
  );
  if (over === "host") {
    let least = Number.POSITIVE_INFINITY;
    for (const { id } of usable) least = Math.min(least, onHost.get(id) ?? 0);
    return { countAt: (host) => onHost.get(host.id) ?? 0, least };
  }
  const counts = new Map<string, number>();
  for (const { id, spec } of usable) counts.set(spec.zone, (counts.get(spec.zone) ?? 0) + (onHost.get(id) ?? 0));
  let least = Number.POSITIVE_INFINITY;
  for (const count of counts.values()) least = Math.min(least, count);
  return { countAt: (host) => counts.get(host.spec.zone) ?? 0, least };
}
