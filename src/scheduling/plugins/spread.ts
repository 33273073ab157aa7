import type { HostView, PlacementRequest, SchedulerPlugin, Snapshot } from "../framework.ts";

/** Containers of the service already in each place (host or zone), over the hosts that may be used at all. */
interface Places {
  readonly counts: ReadonlyMap<string, number>;
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
    const here = places.counts.get(placeOf(service.spread.over, host)) ?? 0;
    return here > places.least ? "host(s) didn't match the required spread" : undefined;
  },
  score({ service }, host, places) {
    if (service.spread.over === "none") return 0;
    return -(places.counts.get(placeOf(service.spread.over, host)) ?? 0);
  },
};

function countPlaces(request: PlacementRequest, snapshot: Snapshot): Places {
  const { over } = request.service.spread;
  const onHost = snapshot.countsOf(request.service.name);
  const counts = new Map<string, number>();
  for (const host of snapshot.hosts) {
    if (host.cordoned || host.known === "unreachable") continue;
    const place = placeOf(over, host);
    counts.set(place, (counts.get(place) ?? 0) + (onHost.get(host.id) ?? 0));
  }
  return { counts, least: counts.size === 0 ? 0 : Math.min(...counts.values()) };
}

function placeOf(over: "host" | "zone" | "none", host: HostView): string {
  return over === "zone" ? host.spec.zone : host.spec.name;
}
