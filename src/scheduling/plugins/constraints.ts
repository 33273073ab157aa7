import type { HostSpec, ServiceSpec, Taint, Toleration } from "../../cluster/spec.ts";
import type { SchedulerPlugin } from "../framework.ts";

/** Hosts must carry every label that the service's `nodeSelector` names (Kubernetes: NodeAffinity). */
export const nodeSelector: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "node-selector",
  describe: "leaves out hosts without the labels that the service selects",
  filter({ service }, host) {
    return isSelected(service, host.spec) ? undefined : "host(s) didn't match the node selector";
  },
};

/** True where the host carries every label that the service selects. */
export function isSelected(service: ServiceSpec, host: HostSpec): boolean {
  for (const key of Object.keys(service.nodeSelector)) if (host.labels[key] !== service.nodeSelector[key]) return false;
  return true;
}

/** Taints must be tolerated; those that only ask to be avoided cost score (Kubernetes: TaintToleration). */
export const taints: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "taints",
  describe: "leaves out hosts with a taint that the service does not tolerate",
  normalise: true,
  filter({ service }, host) {
    const untolerated = host.spec.taints.find(
      (taint) => taint.effect !== "PreferNoSchedule" && !isTolerated(taint, service.tolerations),
    );
    return untolerated === undefined
      ? undefined
      : `host(s) had untolerated taint {${untolerated.key}: ${untolerated.value}}`;
  },
  score({ service }, host) {
    return -host.spec.taints.filter(
      (taint) => taint.effect === "PreferNoSchedule" && !isTolerated(taint, service.tolerations),
    ).length;
  },
};

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => {
    if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
    if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
    return toleration.operator === "Exists" || (toleration.value ?? "") === taint.value;
  });
}
