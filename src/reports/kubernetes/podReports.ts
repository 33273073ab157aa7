import type { Cluster } from "../../cluster/cluster.ts";
import { type Container, NOWHERE, type Phase } from "../../cluster/containers.ts";
import type { Fact } from "../../cluster/facts.ts";
import { type Host, isHeard } from "../../cluster/hosts.ts";
import type { Micros } from "../../kernel/time.ts";

/** What the API server was last told of one container by its host: plain data. */
export interface PodReport {
  phase: Phase;
  /** The container's own readiness, as its host reported it; the control plane's verdict on its host is not in it. */
  ready: boolean;
  restarts: number;
  /** How long it waits before its next start, while it does. */
  backoff: Micros;
  /** When the latest try at its image failed, while it has none; undefined: none did. */
  pullFailedAt: Micros | undefined;
  /** When its process last ended before the present one; undefined: never did. */
  endedAt: Micros | undefined;
}

/** By container id; only those that are not gone. */
export type PodReports = Map<number, PodReport>;

/**
 * Keeps the reports true to what is heard. A host that is down or cut off reports nothing: kubectl goes on showing what it
 * last said, until the control plane deletes the pod.
 */
export function hearReport(fact: Fact, now: Micros, cluster: Cluster, reports: PodReports): void {
  switch (fact.kind) {
    case "container-created":
      reports.set(fact.container.id, newReport());
      return;
    case "container-phase":
      if (fact.container.phase === "gone") reports.delete(fact.container.id);
      else update(fact.container, cluster, reports);
      return;
    case "container-ready":
    case "container-unready":
      update(fact.container, cluster, reports);
      return;
    case "pull-failed": {
      const report = reports.get(fact.container.id);
      if (report !== undefined && isReporting(fact.container, cluster)) report.pullFailedAt = now;
      return;
    }
    case "container-died": {
      const report = reports.get(fact.container.id);
      if (report !== undefined && isReporting(fact.container, cluster)) report.endedAt = now;
      update(fact.container, cluster, reports);
      return;
    }
    case "host-up":
    case "host-mended":
      if (isHeard(fact.host)) catchUp(fact.host, now, cluster, reports);
      return;
    default:
      return;
  }
}

/** True while the API server hears of this container from its host, or it has none yet. */
export function isReporting(container: Container, cluster: Cluster): boolean {
  return container.host === NOWHERE || isHeard(cluster.host(container.host));
}

/** Before its first report. */
export function newReport(): PodReport {
  return { phase: "pending", ready: false, restarts: 0, backoff: 0, pullFailedAt: undefined, endedAt: undefined };
}

function update(container: Container, cluster: Cluster, reports: PodReports): void {
  const report = reports.get(container.id);
  if (report === undefined || !isReporting(container, cluster)) return;
  report.phase = container.phase;
  report.ready = container.probed;
  report.restarts = container.restarts;
  report.backoff = container.backoff;
  if (container.phase !== "pulling") report.pullFailedAt = undefined;
}

/** A process that ended unseen counts as ended when its host tells of it. */
function catchUp(host: Host, now: Micros, cluster: Cluster, reports: PodReports): void {
  for (const id of host.containers) {
    const container = cluster.container(id);
    const report = reports.get(id);
    if (report !== undefined && container.phase === "crashed") report.endedAt = now;
    update(container, cluster, reports);
  }
}
