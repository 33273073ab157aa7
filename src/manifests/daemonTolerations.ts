import type { JsonMap } from "../cluster/podTemplate.ts";

/**
 * The spec of a DaemonSet's pods: its controller adds tolerations, so that they stay where others would be evicted, and go where
 * others may not. Source: Kubernetes, DaemonSet page, "Taints and tolerations".
 */
export function withDaemonTolerations(spec: JsonMap): JsonMap {
  const given = Array.isArray(spec.tolerations) ? spec.tolerations : [];
  return { ...spec, tolerations: [...given, ...daemonTolerations(spec)] };
}

function daemonTolerations({ hostNetwork }: JsonMap): readonly JsonMap[] {
  const executed = ["not-ready", "unreachable"].map((key) => [key, "NoExecute"] as const);
  const kept = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map(
    (key) => [key, "NoSchedule"] as const,
  );
  const network = hostNetwork === true ? [["network-unavailable", "NoSchedule"] as const] : [];
  return [...executed, ...kept, ...network].map(([key, effect]) => {
    return { key: `node.kubernetes.io/${key}`, operator: "Exists", effect };
  });
}
