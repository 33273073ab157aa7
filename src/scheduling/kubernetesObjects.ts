/** The simulation's services and hosts as the v1 objects that kube-scheduler would see. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { HostSpec, ServiceSpec } from "../cluster/spec.ts";
import type { HostView, Snapshot } from "./framework.ts";
import { nodeFromV1 } from "./kubernetes/fromV1.ts";
import type { NodeInfo } from "./kubernetes/podInfo.ts";

/** Of a service without a namespace of its own. */
export const NAMESPACE = "default";

/** The hash that a Deployment writes onto the pods of one template: the version stands for it. */
const HASH = "pod-template-hash";

/** The labels of a service's pods, without the hash. */
export function labelsOf(service: ServiceSpec): Readonly<Record<string, string>> {
  return service.pod?.labels ?? { app: service.name };
}

/** What the ReplicaSet of one version selects. */
export function ownerSelectorOf(service: ServiceSpec, image: string): JsonMap {
  const own = service.pod?.ownerSelector ?? { matchLabels: labelsOf(service) };
  const matchLabels = own.matchLabels as JsonMap | undefined;
  return { ...own, matchLabels: { ...matchLabels, [HASH]: image } };
}

/** The pod that a container of this version is, as v1 writes it: the manifest's own template, or what the scenario says. */
export function templateOf(service: ServiceSpec, image: string): { metadata: JsonMap; spec: JsonMap } {
  const labels = { ...labelsOf(service), [HASH]: image };
  const metadata = { namespace: service.pod?.namespace ?? NAMESPACE, labels };
  if (service.pod !== undefined)
    return { metadata, spec: { priority: service.priority, ...withImage(service.pod.spec, image) } };
  const { cpuMillicores, memoryBytes } = service;
  return {
    metadata,
    spec: {
      priority: service.priority,
      nodeSelector: { ...service.nodeSelector },
      tolerations: service.tolerations.map(({ key, operator, value, effect }) => ({
        operator,
        ...(key === undefined ? {} : { key }),
        ...(value === undefined ? {} : { value }),
        ...(effect === undefined ? {} : { effect }),
      })),
      topologySpreadConstraints: spreadOf(service),
      containers: [
        { name: "main", image, resources: { requests: { cpu: `${cpuMillicores}m`, memory: `${memoryBytes}` } } },
      ],
    },
  };
}

/** The template as it is after a deploy: its first container runs that image. */
function withImage(spec: JsonMap, image: string): JsonMap {
  const [first, ...rest] = (spec.containers ?? []) as readonly JsonMap[];
  return first === undefined ? spec : { ...spec, containers: [{ ...first, image }, ...rest] };
}

function spreadOf(service: ServiceSpec): JsonMap[] {
  const { over, required } = service.spread;
  if (over === "none") return [];
  return [
    {
      maxSkew: 1,
      topologyKey: over === "zone" ? ZONE : HOSTNAME,
      whenUnsatisfiable: required ? "DoNotSchedule" : "ScheduleAnyway",
      labelSelector: { matchLabels: { ...labelsOf(service) } },
    },
  ];
}

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/** The labels of the node that a host is. */
export function nodeLabelsOf({ name, zone, labels }: HostSpec): Readonly<Record<string, string>> {
  return { [HOSTNAME]: name, [ZONE]: zone, ...labels };
}

/** The node that a host is, as v1 writes it, read. */
export function nodeOf(host: HostView, snapshot: Snapshot): NodeInfo {
  const { spec } = host;
  const unreachable = { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" };
  return nodeFromV1({
    metadata: { name: spec.name, labels: nodeLabelsOf(spec) },
    spec: {
      unschedulable: host.cordoned,
      taints: [...spec.taints, ...(host.known === "unreachable" ? [unreachable] : [])],
    },
    status: {
      allocatable: allocatableOf(spec),
      images: host.cached.map((name) => ({ names: [name], sizeBytes: snapshot.imageBytes(name) })),
    },
  });
}

/** The disk of a node of which nobody says how large it is: its kubelet always tells of one, and many charts ask for a little. */
export const USUAL_DISK = { "ephemeral-storage": "100Gi" };

function allocatableOf(spec: HostSpec): Record<string, string> {
  return {
    ...USUAL_DISK,
    ...spec.allocatable,
    cpu: `${spec.cpuMillicores}m`,
    memory: `${spec.memoryBytes}`,
    pods: `${spec.podLimit}`,
  };
}
