import { nodeFromV1, podFromV1 } from "../../src/scheduling/kubernetes/fromV1.ts";
import { type Labels, pairsRequired, type Selector, selectorOf } from "../../src/scheduling/kubernetes/labels.ts";
import type { RejectionCode } from "../../src/scheduling/kubernetes/plugin.ts";
import type { PodInfo } from "../../src/scheduling/kubernetes/podInfo.ts";
import { SchedulerCache } from "../../src/scheduling/kubernetes/schedulerCache.ts";
import { readLabels, readSelector } from "../../src/scheduling/kubernetes/selectorsFromV1.ts";
import { V1Field } from "../../src/scheduling/kubernetes/v1Fields.ts";
import type { CaseJson } from "./conformanceCases.ts";

/** A list out of a case; nothing is an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The case's cluster with its running pods on it, and the incoming pod. */
export interface CaseCluster {
  readonly cache: SchedulerCache;
  readonly pod: PodInfo;
  readonly running: readonly PodInfo[];
}

/** Reads a case's objects. A running pod on no node, or on one that is gone, counts nowhere, unless it waits for room that was made for it. */
export function clusterOf(one: CaseJson): CaseCluster {
  const metadata = (json: unknown) => new V1Field(json, "").at("metadata");
  const namespaces = list(one.namespaces).map(
    (json) => [metadata(json).at("name").requiredText(), readLabels(metadata(json).at("labels"))] as const,
  );
  const services = list(one.services).map((json) => ({
    namespace: namespaceOf(json),
    selector: readLabels(new V1Field(json, "").at("spec").at("selector")),
  }));
  const cache = new SchedulerCache({
    nodes: list(one.nodes).map(nodeFromV1),
    namespaces: new Map<string, Labels>(namespaces),
    services,
  });
  const running = list(one.pods).map((json) => podFromV1(json));
  for (const pod of running) {
    const node = cache.numberOf(pod.nodeName ?? pod.nominatedNodeName ?? "");
    if (node === undefined) continue;
    if (pod.nodeName === undefined) cache.nominate(pod, node);
    else cache.place(pod, node);
  }
  return { cache, pod: podFromV1(one.pod, { ownerSelector: ownerSelector(one) }), running };
}

function namespaceOf(json: unknown): string {
  return new V1Field(json, "").at("metadata").at("namespace").text() || "default";
}

const OWNERS = {
  ReplicaSet: "replicaSets",
  ReplicationController: "replicationControllers",
  StatefulSet: "statefulSets",
};

/** The selector of the object that the incoming pod names as its owner, if the case has that object. */
function ownerSelector({ pod, ...one }: CaseJson): Selector | undefined {
  const references = new V1Field(pod, "pod").at("metadata").at("ownerReferences").items();
  for (const [kind, field] of Object.entries(OWNERS)) {
    for (const json of list(one[field])) {
      const name = new V1Field(json, field).at("metadata").at("name").text();
      const isOwner = references.some(
        (reference) => reference.at("kind").text() === kind && reference.at("name").text() === name,
      );
      if (!isOwner || namespaceOf(json) !== namespaceOf(pod)) continue;
      const selector = new V1Field(json, field).at("spec").at("selector");
      // Alone of the three, a ReplicationController's selector is a plain set of labels.
      return kind === "ReplicationController"
        ? selectorOf(pairsRequired(readLabels(selector)))
        : readSelector(selector);
    }
  }
  return undefined;
}

/** @throws Error naming the node if the case has none of that name */
export function nodeNumber(cache: SchedulerCache, name: string): number {
  const number = cache.numberOf(name);
  if (number === undefined) throw new Error(`the case has no node "${name}"`);
  return number;
}

/** What the case says that filtering said of each node; `undefined` if it does not. */
export function givenCodes(
  one: CaseJson,
  cache: SchedulerCache,
): ((node: number) => RejectionCode | undefined) | undefined {
  if (one.filterStatus === undefined) return undefined;
  const given = new Map<number, RejectionCode>();
  for (const [name, field] of new V1Field(one.filterStatus, "filterStatus").entries()) {
    const code = field.choice(["Unschedulable", "UnschedulableAndUnresolvable"]);
    if (code !== undefined) given.set(nodeNumber(cache, name), code);
  }
  return (node) => given.get(node);
}
