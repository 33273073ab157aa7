import type { HostSpec, ServiceSpec } from "../../src/cluster/spec.ts";
import type { HostView, PlacementRequest, Snapshot } from "../../src/scheduling/framework.ts";
import { hostSpec, serviceSpec } from "../cluster/smallWorld.ts";

/** A host that is open and empty, unless the test says otherwise. */
export function hostView(id: number, part: Partial<HostView> = {}, spec: Partial<HostSpec> = {}): HostView {
  const full = hostSpec({ name: `host-${id + 1}`, ...spec });
  return {
    id,
    spec: full,
    freeMillicores: full.cpuMillicores,
    freeBytes: full.memoryBytes,
    cordoned: false,
    known: "reachable",
    containers: [],
    cached: [],
    ...part,
  };
}

export function request(service: Partial<ServiceSpec> = {}): PlacementRequest {
  return { id: 1, container: "shop-1", service: serviceSpec(service), image: "shop:v1", imageBytes: 0 };
}

/** `counts[id]`: containers of every service on that host. */
export function snapshot(hosts: readonly HostView[], counts: readonly number[] = []): Snapshot {
  return {
    hosts,
    countsOf: () => new Map(counts.map((count, id) => [id, count])),
    placed: () => [],
    placedVersion: () => ({}),
    nominated: new Map(),
    waiting: () => undefined,
    services: [],
    imageBytes: () => 0,
    budgets: () => [],
  };
}
