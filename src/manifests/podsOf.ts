/** The pods that workloads ask for, one by one, as the scheduler takes them. */

import type { JsonMap } from "../cluster/podTemplate.ts";
import { PodReader } from "../scheduling/kubernetes/fromV1.ts";
import { matchesRequiredAffinity, toleratesNode } from "../scheduling/kubernetes/plugins/nodeConstraints.ts";
import type { NodeInfo, PodInfo } from "../scheduling/kubernetes/podInfo.ts";
import { readSelector } from "../scheduling/kubernetes/selectorsFromV1.ts";
import { V1Field } from "../scheduling/kubernetes/v1Fields.ts";
import { withDaemonTolerations } from "./daemonTolerations.ts";
import { mapAt } from "./jsonMap.ts";
import { type ManifestObject, ManifestReport } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { contextOf } from "./readManifestSet.ts";
import { refuse } from "./readManifests.ts";
import type { Workload } from "./workload.ts";

/**
 * Every pod, in the order of the manifests. Pods of a StatefulSet are numbered from its first ordinal, those of a DaemonSet named after their nodes,
 * those of others numbered from 1.
 */
export function podsOf(set: ManifestSet, nodes: readonly NodeInfo[]): readonly PodInfo[] {
  refuseTooMany(set);
  const reader = new PodReader();
  return set.workloads.flatMap((workload) => {
    const context = {
      ...contextOf(set.priorities),
      ownerSelector: readSelector(new V1Field(workload.selector, "")),
    };
    return shapesOf(workload, nodes).map(({ name, spec }) => reader.read(podJson(workload, name, spec), context));
  });
}

/** More pods than any cluster has are a slip of the keys. */
const MOST_PODS = 1_000_000;

function refuseTooMany(set: ManifestSet): void {
  const report = new ManifestReport();
  let pods = 0;
  for (const { object, replicas = 0 } of set.workloads) {
    pods += replicas;
    if (pods <= MOST_PODS) continue;
    report.problem(object, ["spec", "replicas"], `${pods} pods in all, expected at most ${MOST_PODS}`);
    refuse(report.problems);
  }
}

interface PodShape {
  readonly name: string;
  readonly spec: JsonMap;
}

function podJson({ object, template }: Workload, name: string, spec: JsonMap): JsonMap {
  const { namespace, value } = object;
  // A pod of its own may be there already, and say so in its status.
  const own = object.kind === "Pod" ? { status: mapAt(value, "status") } : {};
  return { ...own, metadata: { name, namespace, labels: template.labels }, spec };
}

function shapesOf(workload: Workload, nodes: readonly NodeInfo[]): readonly PodShape[] {
  const { object, kind, template, replicas = 0 } = workload;
  const { name } = object;
  if (kind === "Pod") return [{ name, spec: template.json }];
  if (kind === "DaemonSet") return daemonPods(workload, nodes);
  const first = kind === "StatefulSet" ? firstOrdinal(object) : 1;
  return Array.from({ length: replicas }, (_, i) => ({ name: `${name}-${first + i}`, spec: template.json }));
}

/** 0, unless `ordinals.start` says another (Kubernetes, StatefulSet page, "Start ordinal"). */
function firstOrdinal({ value }: ManifestObject): number {
  const { start } = mapAt(mapAt(value, "spec"), "ordinals");
  return typeof start === "number" ? start : 0;
}

/** The DaemonSet controller makes a pod for each node that lets it, and binds it there by affinity. */
function daemonPods({ object, template }: Workload, nodes: readonly NodeInfo[]): readonly PodShape[] {
  const spec = withDaemonTolerations(template.json);
  const metadata = { name: object.name, namespace: object.namespace, labels: template.labels };
  const { spec: read } = new PodReader().read({ metadata, spec: { ...spec, priority: 0 } });
  return nodes
    .filter((node) => matchesRequiredAffinity(read, node) && toleratesNode(read, node))
    .map((node) => ({ name: `${object.name}-${node.name}`, spec: boundTo(spec, node.name) }));
}

/** Source: Kubernetes, DaemonSet page, "How Daemon Pods are scheduled": the node's name replaces the required terms. */
function boundTo(spec: JsonMap, node: string): JsonMap {
  const affinity = mapAt(spec, "affinity");
  const terms = [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }];
  const nodeAffinity: JsonMap = {
    ...mapAt(affinity, "nodeAffinity"),
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
  };
  return { ...spec, affinity: { ...affinity, nodeAffinity } };
}
