import type { Cluster } from "../cluster/cluster.ts";
import type { TiedEvent } from "../kernel/ties.ts";

/** Of which kinds the first number is a host, a service or a release; of most others it is a container. */
const OF_HOST = /^(host-(check|heartbeat|eviction|restored|upgrade-step)|drain.*|pull-finished|cut-mended|slow-ended)$/;
const OF_SERVICE =
  /^(rollout-.*|endpoints-.*|autoscaler-sync|request-arrives|user-asks|deadlines|traffic-factor-over)$/;
const OF_CONTAINER =
  /^(container-(started|restart|crash|exited|crashes-again)|probe|pull-retry|sig(term|kill)|host-told-to-(begin|end)|health-check-verdict|ejection-over|operator-.*|scheduler-flush)$/;

/** An event in words: what it is, and whom it is about. */
export function nameOfEvent({ kind, a }: TiedEvent, cluster: Cluster): string {
  const subject = subjectOf(kind, a, cluster);
  return subject === undefined ? kind : `${kind} of ${subject}`;
}

function subjectOf(kind: string, id: number, cluster: Cluster): string | undefined {
  const { hosts, services, releases, containers } = cluster.state;
  if (OF_HOST.test(kind)) return hosts[id]?.spec.name;
  if (OF_SERVICE.test(kind)) return services[id]?.spec.name;
  if (OF_CONTAINER.test(kind)) return containers[id]?.name;
  return kind === "replicas-sync" ? releases[id]?.image.name : undefined;
}
