/** The plugins about the node itself: NodeName, NodeUnschedulable, TaintToleration, NodeAffinity. */
import { holds, type Labels } from "../labels.ts";
import {
  MAX_NODE_SCORE,
  type NodeFilter,
  type NodeScore,
  normaliseByMax,
  type Plugin,
  unresolvable,
} from "../plugin.ts";
import type { NodeInfo, NodeSelectorTerm, PodSpecInfo, PreferredNodeTerm, Taint, Toleration } from "../podInfo.ts";

const WRONG_NAME = unresolvable("node(s) didn't match the requested node name");

/** NodeName: a pod that names its node gets that one. */
export const nodeName: Plugin = {
  name: "NodeName",
  isFilterLocal: false,
  isScoreLocal: false,
  filter(pod, cache) {
    const { nodeName } = pod;
    if (nodeName === undefined) return undefined;
    return { passes: (node) => cache.nodes[node]?.name === nodeName, rejection: () => WRONG_NAME };
  },
};

const CORDONED: Taint = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };
const UNSCHEDULABLE = unresolvable("node(s) were unschedulable");

/** NodeUnschedulable: a cordoned node takes only pods that tolerate the taint of that. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  isFilterLocal: true,
  isScoreLocal: false,
  filter(pod, cache) {
    if (!cache.traits.hasUnschedulable || isTolerated(CORDONED, pod.spec.tolerations)) return undefined;
    return { passes: (node) => cache.nodes[node]?.isUnschedulable === false, rejection: () => UNSCHEDULABLE };
  },
};

/** Whether some toleration covers the taint. Source: Kubernetes, Taints and Tolerations page. */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some(({ key, operator, value, effect }) => {
    if (effect !== undefined && effect !== taint.effect) return false;
    if (key !== undefined && key !== taint.key) return false;
    return operator === "Exists" || value === taint.value;
  });
}

/** Whether all taints that keep pods away are tolerated. */
export function toleratesNode(spec: PodSpecInfo, node: NodeInfo): boolean {
  return node.taints.every((taint) => taint.effect === "PreferNoSchedule" || isTolerated(taint, spec.tolerations));
}

const UNTOLERATED = unresolvable("node(s) had untolerated taint(s)");

/** Where no node has a soft taint, all get the full score. */
const ALL_ALIKE: NodeScore = { isSame: true, score: () => MAX_NODE_SCORE };

/** TaintToleration: hard taints filter; fewer soft ones not tolerated score higher. */
export const taintToleration: Plugin = {
  name: "TaintToleration",
  isFilterLocal: true,
  isScoreLocal: false,
  filter(pod, cache) {
    if (!cache.traits.hasHardTaints) return undefined;
    return nodeFilter(cache.nodes, (node) => (toleratesNode(pod.spec, node) ? undefined : UNTOLERATED));
  },
  score(pod, cache) {
    const tolerations = pod.spec.tolerations.filter(
      ({ effect }) => effect === undefined || effect === "PreferNoSchedule",
    );
    if (!cache.traits.hasSoftTaints) return ALL_ALIKE;
    const isIntolerable = (taint: Taint) => taint.effect === "PreferNoSchedule" && !isTolerated(taint, tolerations);
    return {
      score: (node) => cache.nodes[node]?.taints.filter(isIntolerable).length ?? 0,
      normalise: (scores, count) => normaliseByMax(scores, count, true),
    };
  },
};

function nodeFilter(
  nodes: readonly NodeInfo[],
  judge: (node: NodeInfo) => ReturnType<NodeFilter["rejection"]> | undefined,
): NodeFilter {
  const rejectionOf = (number: number) => {
    const node = nodes[number];
    return node === undefined ? undefined : judge(node);
  };
  return {
    passes: (node) => rejectionOf(node) === undefined,
    rejection: (node) => rejectionOf(node) ?? unresolvable(),
  };
}

/** What node selectors look at. */
export type NamedNode = Pick<NodeInfo, "name" | "labels">;

/** Whether all of one node selector term holds; a term without any requirement matches nothing. */
export function matchesNodeTerm({ expressions, fields }: NodeSelectorTerm, node: NamedNode): boolean {
  if (expressions.length === 0 && fields.length === 0) return false;
  const asFields: Labels = new Map([["metadata.name", node.name]]);
  return (
    expressions.every((requirement) => holds(requirement, node.labels)) &&
    fields.every((requirement) => holds(requirement, asFields))
  );
}

/** Whether the pod's nodeSelector and required node affinity both hold. Source: Kubernetes, Assigning Pods to Nodes page. */
export function matchesRequiredAffinity(spec: PodSpecInfo, node: NamedNode): boolean {
  for (const [key, value] of spec.nodeSelector) if (node.labels.get(key) !== value) return false;
  return spec.requiredNodeTerms?.some((term) => matchesNodeTerm(term, node)) ?? true;
}

/** The nodes that alternatives name, if each names some: so do the pods of a DaemonSet. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { fields } of terms) {
    const named = fields.find(({ operator }) => operator === "In");
    if (named === undefined) return undefined;
    for (const name of named.values) names.add(name);
  }
  return names;
}

/** Arguments of NodeAffinity: what the profile adds to every pod's own. */
export interface AddedAffinity {
  readonly required: readonly NodeSelectorTerm[] | undefined;
  readonly preferred: readonly PreferredNodeTerm[];
}

const MISMATCH = unresolvable("node(s) didn't match Pod's node affinity/selector");
const MISMATCH_ADDED = unresolvable("node(s) didn't match scheduler-enforced node affinity");

/** NodeAffinity: node selectors filter; preferred terms that hold add their weights. */
export function nodeAffinity(added: AddedAffinity): Plugin {
  const matchesAdded = (node: NodeInfo) => added.required?.some((term) => matchesNodeTerm(term, node)) ?? true;
  return {
    name: "NodeAffinity",
    isFilterLocal: true,
    isScoreLocal: false,
    candidates: ({ spec }) => namedNodes(spec.requiredNodeTerms ?? []),
    filter({ spec }, cache) {
      const isFree = spec.nodeSelector.size === 0 && spec.requiredNodeTerms === undefined;
      if (isFree && added.required === undefined) return undefined;
      return nodeFilter(cache.nodes, (node) => {
        if (!matchesAdded(node)) return MISMATCH_ADDED;
        return matchesRequiredAffinity(spec, node) ? undefined : MISMATCH;
      });
    },
    score({ spec }, cache) {
      const terms = [...added.preferred, ...spec.preferredNodeTerms].filter(({ weight }) => weight !== 0);
      if (terms.length === 0) return undefined;
      return {
        score(number) {
          const node = cache.nodes[number];
          if (node === undefined) return 0;
          return terms.reduce((sum, { weight, term }) => (matchesNodeTerm(term, node) ? sum + weight : sum), 0);
        },
        normalise: (scores, count) => normaliseByMax(scores, count, false),
      };
    },
  };
}
