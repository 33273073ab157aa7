/** A pod and a node as the scheduler sees them: Kubernetes' objects, read once, never changed. */
import { type Labels, type Requirement, type Selector, selects } from "./labels.ts";

/** A pod. Many pods may share one `spec`: what is worked out for it is worked out once. */
export interface PodInfo {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** The node it is bound to. */
  readonly nodeName: string | undefined;
  /** The node an earlier preemption made room on. */
  readonly nominatedNodeName: string | undefined;
  readonly isTerminating: boolean;
  /** Its disruption condition says that the scheduler is evicting it for another pod. */
  readonly isPreemptionVictim: boolean;
  /** When it started, only compared with others' (any unit); Infinity for one that did not start yet. */
  readonly startTime: number;
  readonly spec: PodSpecInfo;
}

/** The part of a pod that its template fixes. */
export interface PodSpecInfo {
  readonly schedulerName: string;
  readonly priority: number;
  /** It has scheduling gates: nobody is to place it yet. */
  readonly isGated: boolean;
  readonly mayPreempt: boolean;
  readonly nodeSelector: Labels;
  /** Required node affinity: any term; `undefined` if there is none. */
  readonly requiredNodeTerms: readonly NodeSelectorTerm[] | undefined;
  readonly preferredNodeTerms: readonly PreferredNodeTerm[];
  readonly tolerations: readonly Toleration[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  /** Preferred terms; those of anti-affinity have a negative weight. */
  readonly preferredTerms: readonly WeightedTerm[];
  readonly spreadConstraints: readonly SpreadConstraint[];
  readonly hostPorts: readonly HostPort[];
  /** Requests by resource name, `cpu` in millicores, all else in whole units; overhead and init containers included. */
  readonly requests: ReadonlyMap<string, number>;
  /** The same where a container that does not say counts 100m and 200 MiB: what the allocation scores go by. */
  readonly nonZeroMillicores: number;
  readonly nonZeroBytes: number;
  /** Image names of all containers, with their tag. */
  readonly images: readonly string[];
  /** The selector of the ReplicaSet, StatefulSet or ReplicationController that owns the pod: for default spreading. */
  readonly ownerSelector: Selector | undefined;
}

/** A node. */
export interface NodeInfo {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  /** By resource name, `cpu` in millicores, `pods` a count, all else in whole units. */
  readonly allocatable: ReadonlyMap<string, number>;
  /** Sizes in bytes by image name with tag or digest. */
  readonly images: ReadonlyMap<string, number>;
}

/** One alternative of a node selector: all of it must hold; an empty one matches nothing. */
export interface NodeSelectorTerm {
  readonly expressions: readonly Requirement[];
  /** On `metadata.name` only. */
  readonly fields: readonly Requirement[];
}

/** A wish, with a weight of 1 to 100. */
export interface PreferredNodeTerm {
  readonly weight: number;
  readonly term: NodeSelectorTerm;
}

/** What a node's taint does to pods that do not tolerate it. */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** A node's taint. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

/** A pod's toleration; an absent effect or key stands for all. */
export interface Toleration {
  readonly key: string | undefined;
  readonly operator: "Equal" | "Exists";
  readonly value: string;
  readonly effect: TaintEffect | undefined;
}

/** One term of pod affinity or anti-affinity. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: Selector | undefined;
  /** The term owner's namespace if the term names none in any way. */
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by their labels, besides those named. */
  readonly namespaceSelector: Selector | undefined;
  /** The same text for the same pods, whatever the topology key. */
  readonly key: string;
}

/** A preferred term; a negative weight means away. */
export interface WeightedTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

/** One topology spread constraint. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** DoNotSchedule; else ScheduleAnyway. */
  readonly isHard: boolean;
  readonly selector: Selector | undefined;
  readonly minDomains: number;
  readonly honoursNodeAffinity: boolean;
  readonly honoursTaints: boolean;
  readonly matchLabelKeys: readonly string[];
}

/** A port that a container takes on its node. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** `namespace/name`. */
export function podKey(pod: Pick<PodInfo, "namespace" | "name">): string {
  return `${pod.namespace}/${pod.name}`;
}

/** Whether a term is about this pod. `namespaceLabels` are those of the pod's own namespace. */
export function termCovers(
  term: AffinityTerm,
  pod: Pick<PodInfo, "namespace" | "labels">,
  namespaceLabels: Labels,
): boolean {
  const isInNamespace = term.namespaces.has(pod.namespace) || selects(term.namespaceSelector, namespaceLabels);
  return isInNamespace && selects(term.selector, pod.labels);
}
