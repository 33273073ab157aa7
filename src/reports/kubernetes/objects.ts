import type { Cluster } from "../../cluster/cluster.ts";
import type { Release, Service } from "../../cluster/services.ts";

/** One object as Kubernetes' events name it. */
export interface ObjectName {
  /** As in a manifest: `Pod`, `ReplicaSet`, `Node`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Where objects live of which nobody said otherwise. */
export const DEFAULT_NAMESPACE = "default";

export function namespaceOf({ spec }: Service): string {
  return spec.pod?.namespace ?? DEFAULT_NAMESPACE;
}

/** Kubernetes' kind of what looks after a service; undefined where only a person does, or nobody. */
export function ownerKind(service: Service): "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | undefined {
  const kind = service.spec.workload ?? "Deployment";
  return service.orchestrated && kind !== "Pod" ? kind : undefined;
}

/**
 * What a release is called as a ReplicaSet: the service and the image's tag, `shop-v2`.
 *
 * Kubernetes appends a hash of the pod template instead, which says less. Two images of a service that differ in more than
 * the tag keep apart: the later one carries its whole name.
 */
export function replicaSetName(cluster: Cluster, release: Release): string {
  const service = cluster.service(release.service);
  const tag = tagOf(release.image.name);
  const taken = cluster.state.releases.some(
    (other) =>
      other.service === service.id &&
      other.id < release.id &&
      other.image.name !== release.image.name &&
      tagOf(other.image.name) === tag,
  );
  return `${service.spec.name}-${asName(taken ? release.image.name : tag)}`;
}

/** What Kubernetes names as the one that keeps a release's containers; undefined: nobody. */
export function keeperOf(cluster: Cluster, release: Release): ObjectName | undefined {
  const service = cluster.service(release.service);
  const kind = ownerKind(service);
  if (kind === undefined) return undefined;
  const namespace = namespaceOf(service);
  if (kind === "Deployment") return { kind: "ReplicaSet", namespace, name: replicaSetName(cluster, release) };
  return { kind, namespace, name: service.spec.name };
}

/** The name of the container inside a pod: the template's first, else the service's. */
export function containerName({ spec }: Service): string {
  const containers = spec.pod?.spec.containers;
  const first: unknown = Array.isArray(containers) ? containers[0] : undefined;
  if (typeof first === "object" && first !== null && "name" in first && typeof first.name === "string")
    return first.name;
  return spec.name;
}

/** An image without a tag is `latest` (Kubernetes, Images page); a digest is cut to twelve characters. */
function tagOf(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  const digest = last.indexOf("@");
  if (digest >= 0)
    return last
      .slice(digest + 1)
      .replace(/^sha256:/, "")
      .slice(0, 12);
  const colon = last.indexOf(":");
  return colon < 0 ? "latest" : last.slice(colon + 1);
}

/** Lower case, digits, hyphens and dots: what a name may have (Kubernetes, Object Names page). */
function asName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
}
