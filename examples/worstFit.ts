import type { HostView, PlacementRequest, Refusal, Scheduler, ServiceSpec, Snapshot, Taint } from "rehearsal";

/** Worst fit, as memory allocators know it: the host that has most left afterwards, so that the next large container finds room too. */
export const worstFit: Scheduler = {
  kind: "scheduler",
  name: "worst-fit",
  describe: "takes the host with the most free cores, however full it is in per cent",
  place(request, snapshot) {
    const refusals: Refusal[] = [];
    let best: HostView | undefined;
    for (const host of snapshot.hosts) {
      const reason = refusalOf(request, host) ?? crowding(request, host, snapshot);
      if (reason !== undefined) refusals.push({ host: host.spec.name, plugin: "worst-fit", reason });
      else if (best === undefined || host.freeMillicores > best.freeMillicores) best = host;
    }
    return best === undefined ? { kind: "unschedulable", refusals } : { kind: "fits", host: best.id, scores: [] };
  },
};

/** A scheduler of one's own answers for everything: nobody filters before it. */
function refusalOf({ service }: PlacementRequest, host: HostView): string | undefined {
  const { podLimit, taints } = host.spec;
  if (host.known === "unreachable") return "host(s) were unreachable";
  if (host.cordoned) return "host(s) were unschedulable";
  if (host.containers.length >= podLimit) return "Too many pods";
  if (host.freeMillicores < service.cpuMillicores) return "Insufficient cpu";
  if (host.freeBytes < service.memoryBytes) return "Insufficient memory";
  if (!isSelected(service, host)) return "host(s) didn't match the node selector";
  if (taints.some((taint) => repels(taint, service))) return "host(s) had untolerated taint(s)";
  return undefined;
}

function isSelected({ nodeSelector }: ServiceSpec, { spec }: HostView): boolean {
  return Object.entries(nodeSelector).every(([key, value]) => spec.labels[key] === value);
}

/** `PreferNoSchedule` only asks. A toleration without a key is for every taint, one without an effect for every effect. */
function repels(taint: Taint, { tolerations }: ServiceSpec): boolean {
  if (taint.effect === "PreferNoSchedule") return false;
  return !tolerations.some(
    ({ key = "", operator, value = "", effect = taint.effect }) =>
      effect === taint.effect && (key === "" || key === taint.key) && (operator === "Exists" || value === taint.value),
  );
}

/** A required spread: no place, host or zone, may get two more than the emptiest one that is open to the service. */
function crowding({ service }: PlacementRequest, host: HostView, snapshot: Snapshot): string | undefined {
  const { over, required } = service.spread;
  if (!required || over === "none") return undefined;
  const placeOf = ({ id, spec }: HostView) => (over === "host" ? id : spec.zone);
  const onHost = snapshot.countsOf(service.name);
  const counts = new Map<number | string, number>();
  for (const one of snapshot.hosts) {
    if (one.cordoned || one.known === "unreachable" || !isSelected(service, one)) continue;
    counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + (onHost.get(one.id) ?? 0));
  }
  const here = counts.get(placeOf(host)) ?? 0;
  return here > Math.min(...counts.values()) ? "host(s) didn't match the required spread" : undefined;
}
