/** Where a DaemonSet's controller makes no container, beyond its nodeSelector and its tolerations. */
import type { ClusterSpec, HostSpec, ServiceSpec } from "../cluster/spec.ts";
import { podFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import { matchesRequiredAffinity } from "../scheduling/kubernetes/plugins/nodeConstraints.ts";
import { nodeLabelsOf, templateOf } from "../scheduling/kubernetesObjects.ts";
import { KUBERNETES_SCHEDULER } from "./podTemplateReader.ts";

/**
 * DaemonSets with the hosts that their pods' required node affinity shuts out: the controller asks it before it makes a pod
 * (Kubernetes, daemon_controller.go, NodeShouldRunDaemonPod). Another scheduler does not know affinity, and a warning has said so.
 */
export function withUnfitHosts(services: readonly ServiceSpec[], cluster: ClusterSpec): readonly ServiceSpec[] {
  if (cluster.scheduler.name !== KUBERNETES_SCHEDULER) return services;
  return services.map((service) => {
    if (service.workload !== "DaemonSet" || service.pod?.spec.affinity === undefined) return service;
    const { metadata, spec } = templateOf(service, service.image);
    const pod = podFromV1({ metadata: { name: service.name, ...metadata }, spec });
    const isUnfit = (host: HostSpec) => {
      const labels = new Map(Object.entries(nodeLabelsOf(host)));
      return !matchesRequiredAffinity(pod.spec, { name: host.name, labels });
    };
    return { ...service, unfitHosts: new Set(cluster.hosts.filter(isUnfit).map(({ name }) => name)) };
  });
}
