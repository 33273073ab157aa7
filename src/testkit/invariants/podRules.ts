import type { JsonMap, JsonValue, PodTemplate } from "../../cluster/podTemplate.ts";
import type { HostView, PlacementRequest, Snapshot } from "../../scheduling/framework.ts";
import type { Placement } from "../invariant.ts";

/** A container on a host, with its pod template: what rules between pods are about. */
export interface Neighbour {
  readonly name: string;
  readonly pod: PodTemplate;
  readonly isTerminating: boolean;
  readonly host: HostView;
}

/** What a placement by Kubernetes' rules is judged by; undefined where another scheduler places, or nothing was placed. */
export interface PodPlacement {
  readonly pod: PodTemplate;
  readonly host: HostView;
  readonly neighbours: readonly Neighbour[];
}

/** Pod templates only act with the scheduler `kubernetes`. Written apart from that scheduler's own reading of them. */
export function podPlacement({ scheduler, request, snapshot, verdict }: Placement): PodPlacement | undefined {
  if (scheduler !== "kubernetes" || verdict.kind !== "fits") return undefined;
  const host = snapshot.hosts[verdict.host];
  if (host === undefined) return undefined;
  return { pod: templateOf(request), host, neighbours: neighboursIn(snapshot) };
}

/** The place that a topology key divides hosts into; undefined: the host has no such label. */
export function placeOf({ spec }: HostView, key: string): string | undefined {
  if (key === "kubernetes.io/hostname") return spec.name;
  return key === "topology.kubernetes.io/zone" ? spec.zone : spec.labels[key];
}

/** The list under a path of keys; empty where there is none. */
export function listAt(map: JsonMap, ...path: readonly string[]): readonly JsonMap[] {
  let value: JsonValue | undefined = map;
  for (const key of path) value = isMap(value) ? value[key] : undefined;
  return Array.isArray(value) ? (value as readonly JsonMap[]) : [];
}

/** True where a term's `matchLabels` select a pod; other ways of selecting are answered undefined: nothing is said of them. */
export function selects(term: JsonMap, pod: PodTemplate): boolean | undefined {
  const selector = term.labelSelector;
  if (!isMap(selector) || Object.keys(selector).some((key) => key !== "matchLabels")) return undefined;
  const { matchLabels } = selector;
  if (!isMap(matchLabels)) return undefined;
  return Object.entries(matchLabels).every(([key, value]) => pod.labels[key] === value);
}

/** Terms of required anti-affinity of a pod. */
export function antiAffinityOf({ spec }: PodTemplate): readonly JsonMap[] {
  return listAt(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
}

/** Ports that a pod takes on its host, as `TCP 8080`. */
export function hostPortsOf({ spec }: PodTemplate): readonly string[] {
  return listAt(spec, "containers")
    .flatMap((container) => listAt(container, "ports"))
    .flatMap(({ hostPort, protocol = "TCP" }) => (typeof hostPort === "number" ? [`${protocol} ${hostPort}`] : []));
}

function neighboursIn(snapshot: Snapshot): Neighbour[] {
  return snapshot.hosts.flatMap((host) =>
    snapshot
      .placed(host.id)
      .map((one) => ({ name: one.name, pod: templateOf(one), isTerminating: one.isTerminating, host })),
  );
}

/** A service without a template is a pod labelled with its name. */
function templateOf({ service }: Pick<PlacementRequest, "service">): PodTemplate {
  const labels = { app: service.name };
  return service.pod ?? { namespace: "default", labels, spec: {}, ownerSelector: undefined };
}

function isMap(value: JsonValue | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
