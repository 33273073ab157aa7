import type { Taint, Toleration } from "../../cluster/spec.ts";
import type { HostView, PlacementRequest, Snapshot } from "../../scheduling/framework.ts";

/** Why a container may not go to a host, by what every scheduler must hold to; undefined: it may. Written apart from the engine's own filters. */
export function objection(request: PlacementRequest, host: HostView, snapshot: Snapshot): string | undefined {
  return closed(host) ?? noRoom(request, host) ?? repelled(request, host) ?? crowded(request, host, snapshot);
}

/** Nothing new goes to a host that is cordoned, or that the control plane has given up. */
export function closed({ cordoned, known }: HostView): string | undefined {
  if (cordoned) return "it is cordoned";
  return known === "unreachable" ? "it is unreachable" : undefined;
}

/** Cpu, memory and container slots. */
export function noRoom({ service }: PlacementRequest, host: HostView): string | undefined {
  if (service.cpuMillicores > host.freeMillicores)
    return `${service.cpuMillicores}m cpu needed, ${host.freeMillicores}m free`;
  if (service.memoryBytes > host.freeBytes) return `${service.memoryBytes} bytes needed, ${host.freeBytes} free`;
  const { podLimit } = host.spec;
  return host.containers.length >= podLimit ? `all ${podLimit} container slots are taken` : undefined;
}

/** Taints that are not tolerated, and labels that are asked for and not there. */
export function repelled({ service }: PlacementRequest, { spec }: HostView): string | undefined {
  const taint = spec.taints.find((one) => one.effect !== "PreferNoSchedule" && !tolerates(service.tolerations, one));
  if (taint !== undefined) return `its taint ${taint.key}=${taint.value} is not tolerated`;
  const missing = Object.entries(service.nodeSelector).find(([key, value]) => spec.labels[key] !== value);
  return missing === undefined ? undefined : `it has no label ${missing.join("=")}`;
}

/** A required spread: at most one more than in the emptiest place that is open to the service. */
export function crowded({ service }: PlacementRequest, host: HostView, snapshot: Snapshot): string | undefined {
  const { over, required } = service.spread;
  if (!required || over === "none") return undefined;
  const placeOf = ({ id, spec }: HostView) => (over === "host" ? String(id) : spec.zone);
  const onHost = snapshot.countsOf(service.name);
  const open = snapshot.hosts.filter(
    (one) =>
      closed(one) === undefined &&
      Object.entries(service.nodeSelector).every(([key, value]) => one.spec.labels[key] === value),
  );
  const counts = new Map<string, number>();
  for (const one of open) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + (onHost.get(one.id) ?? 0));
  const least = Math.min(...counts.values());
  const here = counts.get(placeOf(host)) ?? 0;
  return here > least ? `its ${over} holds ${here} of ${service.name} already, another only ${least}` : undefined;
}

function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(
    ({ key = "", operator, value = "", effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === "" || key === taint.key) &&
      (operator === "Exists" || value === taint.value),
  );
}
