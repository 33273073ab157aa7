import type { HostView, PlacementRequest, Scheduler } from "rehearsal";

/** Worst fit, as memory allocators know it: the host that has most left afterwards, so that the next large container finds room too. */
export const worstFit: Scheduler = {
  kind: "scheduler",
  name: "worst-fit",
  describe: "takes the host with the most free cores, however full it is in per cent",
  place(request, { hosts }) {
    const refusals = [];
    let best: HostView | undefined;
    for (const host of hosts) {
      const reason = refusalOf(request, host);
      if (reason !== undefined) refusals.push({ host: host.spec.name, plugin: "worst-fit", reason });
      else if (best === undefined || host.freeMillicores > best.freeMillicores) best = host;
    }
    return best === undefined ? { kind: "unschedulable", refusals } : { kind: "fits", host: best.id, scores: [] };
  },
};

/** A scheduler of one's own answers for everything: nobody filters before it. */
function refusalOf({ service }: PlacementRequest, host: HostView): string | undefined {
  if (host.known === "unreachable") return "host(s) were unreachable";
  if (host.cordoned) return "host(s) were unschedulable";
  if (host.containers.length >= host.spec.podLimit) return "Too many pods";
  if (host.freeMillicores < service.cpuMillicores) return "Insufficient cpu";
  if (host.freeBytes < service.memoryBytes) return "Insufficient memory";
  return undefined;
}
