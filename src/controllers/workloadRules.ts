import type { Cluster } from "../cluster/cluster.ts";
import { type Container, isActive, NOWHERE } from "../cluster/containers.ts";
import type { Release, Service } from "../cluster/services.ts";
import { candidateOf, deletionOrder } from "./deletionOrder.ts";

/** How many containers of a release may be created, and deleted, now. */
export interface Allowance {
  readonly create: number;
  readonly delete: number;
}

const FREELY: Allowance = { create: Number.POSITIVE_INFINITY, delete: Number.POSITIVE_INFINITY };

/**
 * What a release's kind of workload lets its controller do now.
 *
 * A Deployment's: anything. A StatefulSet's: an ordinal is taken until its container is gone, and in order one at a time
 * while all others are ready (Kubernetes, stateful_set_control.go). A bare Pod is never replaced. Of a ReplicaSet, and
 * where updates wait for a deletion (OnDelete), only the present release makes new ones.
 */
export function allowanceOf(release: Release, service: Service, cluster: Cluster): Allowance {
  const { workload, strategy } = service.spec;
  if (workload === "StatefulSet") return ofStatefulSet(release, service, cluster);
  if (workload === "Pod") {
    const made = cluster.state.containers.filter((container) => container.release === release.id).length;
    return { ...FREELY, create: Math.max(0, release.desired - made) };
  }
  const onDelete = workload === "ReplicaSet" || strategy.name === "on-delete";
  return onDelete && release.id !== service.current ? { ...FREELY, create: 0 } : FREELY;
}

/** True where a container that is gone, or ready, may let the controller do what it could not do before. */
export function waitsForOthers({ spec }: Service): boolean {
  return spec.workload === "StatefulSet";
}

/** True where a container without a place would not have been created yet: one before it in its ordered set has none. */
export function isTooEarly({ service, ordinal, phase }: Container, cluster: Cluster): boolean {
  const { spec, releases } = cluster.service(service);
  if (phase !== "pending" || spec.workload !== "StatefulSet" || spec.podManagement === "Parallel") return false;
  return releases
    .flatMap((release) => cluster.membersOf(release))
    .some((other) => other.ordinal < ordinal && other.phase === "pending");
}

/** The containers of a release, the first to be deleted first. */
export function inDeletionOrder(release: Release, service: Service, cluster: Cluster): Container[] {
  const active = cluster.activeOf(release);
  if (service.spec.workload === "StatefulSet") return active.sort((one, other) => other.ordinal - one.ordinal);
  const siblings = service.releases.flatMap((one) => cluster.activeOf(one)).filter(({ host }) => host !== NOWHERE);
  if (service.spec.workload === "DaemonSet") return replacedFirst(active, siblings);
  const neighbours = new Map<number, number>();
  for (const { host } of siblings) neighbours.set(host, (neighbours.get(host) ?? 0) + 1);
  const candidates = active.map((container) => candidateOf(container, neighbours.get(container.host) ?? 0));
  return candidates.sort(deletionOrder).map(({ id }) => cluster.container(id));
}

function ofStatefulSet(release: Release, service: Service, cluster: Cluster): Allowance {
  const members = service.releases.flatMap((one) => cluster.membersOf(one));
  const free = Math.max(0, service.replicas - members.length);
  if (service.spec.podManagement === "Parallel") return { ...FREELY, create: free };
  const ending = members.some((container) => !isActive(container));
  const unready = members.filter((container) => isActive(container) && !container.ready);
  if (ending) return { create: 0, delete: 0 };
  const [highest] = inDeletionOrder(release, service, cluster);
  const onlyItself = unready.every((container) => container === highest);
  return { create: unready.length === 0 ? Math.min(1, free) : 0, delete: onlyItself ? 1 : 0 };
}

/** On hosts where another release's container is ready; then those that serve nobody; then the newest. */
function replacedFirst(active: readonly Container[], siblings: readonly Container[]): Container[] {
  const replaced = (container: Container) =>
    siblings.some(({ host, ready, release }) => ready && host === container.host && release !== container.release);
  return [...active].sort(
    (one, other) =>
      Number(replaced(other)) - Number(replaced(one)) || Number(one.ready) - Number(other.ready) || other.id - one.id,
  );
}
