import type { HostView, SchedulerPlugin } from "rehearsal";

/** How many containers of the service each rack holds. */
type RackCounts = ReadonlyMap<string, number>;

/** Spreads a service over racks, so that one broken switch does not take it whole. A host names its rack in a label: `rack: r1`. */
export const rackAware: SchedulerPlugin<RackCounts> = {
  kind: "scheduler-plugin",
  name: "rack-aware",
  describe: "prefers the rack that holds the fewest containers of the service",
  normalise: true,
  prepare(request, snapshot) {
    const counts = new Map<string, number>();
    const onHost = snapshot.countsOf(request.service.name);
    for (const host of snapshot.hosts) {
      const rack = rackOf(host);
      if (rack !== undefined) counts.set(rack, (counts.get(rack) ?? 0) + (onHost.get(host.id) ?? 0));
    }
    return counts;
  },
  filter(_request, host) {
    return rackOf(host) === undefined ? "host(s) had no rack label" : undefined;
  },
  score(_request, host, counts) {
    return -(counts.get(rackOf(host) ?? "") ?? 0);
  },
};

function rackOf(host: HostView): string | undefined {
  return host.spec.labels.rack;
}
