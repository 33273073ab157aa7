import type { HostView, PlacementRequest, SchedulerPlugin } from "../framework.ts";

/** Enough cpu, memory and container slots are free (Kubernetes: NodeResourcesFit). */
export const resourcesFit: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "resources-fit",
  describe: "leaves out hosts with too little free cpu or memory, or no free container slot",
  filter({ service }, host) {
    if (host.containers.length >= host.spec.podLimit) return "Too many pods";
    if (service.cpuMillicores > host.freeMillicores) return "Insufficient cpu";
    if (service.memoryBytes > host.freeBytes) return "Insufficient memory";
    return undefined;
  },
};

/** Mean free share of cpu and memory, 0…100, once the container is there (Kubernetes: LeastAllocated). */
export const leastAllocated: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "least-allocated",
  describe: "prefers the host with the most free cpu and memory",
  score(request, host) {
    return meanFreeShare(request, host);
  },
};

/** Mean used share of cpu and memory, 0…100, once the container is there (Kubernetes: MostAllocated). */
export const mostAllocated: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "most-allocated",
  describe: "prefers the fullest host that still has room: packs",
  score(request, host) {
    return 100 - meanFreeShare(request, host);
  },
};

function meanFreeShare({ service }: PlacementRequest, host: HostView): number {
  const cpu = share(host.freeMillicores - service.cpuMillicores, host.spec.cpuMillicores);
  const memory = share(host.freeBytes - service.memoryBytes, host.spec.memoryBytes);
  return Math.floor((cpu + memory) / 2);
}

/** Whole hundredths, as Kubernetes' integer arithmetic gives them. */
function share(free: number, capacity: number): number {
  return capacity === 0 ? 0 : Math.floor((100 * Math.max(0, free)) / capacity);
}
