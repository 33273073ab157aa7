/**
 * The scheduler once more, the slow way: nothing is kept, every count goes over all pods of all nodes. The rules are those of
 * the conformance cases' README; it shares only the matching of one selector or toleration with what it checks.
 */
import { selectorOf, selects } from "../../../src/scheduling/kubernetes/labels.ts";
import {
  isTolerated,
  matchesNodeTerm,
  matchesRequiredAffinity,
  toleratesNode,
} from "../../../src/scheduling/kubernetes/plugins/nodeConstraints.ts";
import {
  type AffinityTerm,
  type NodeInfo,
  type PodInfo,
  type SpreadConstraint,
  termCovers,
} from "../../../src/scheduling/kubernetes/podInfo.ts";

/** A node and the pods on it. */
export interface NaiveNode {
  readonly node: NodeInfo;
  readonly pods: PodInfo[];
}

const NO_LABELS = new Map<string, string>();
const covers = (term: AffinityTerm, pod: PodInfo) => termCovers(term, pod, NO_LABELS);
const domain = ({ node }: NaiveNode, key: string) => node.labels.get(key);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

type Filter = (pod: PodInfo, one: NaiveNode, all: readonly NaiveNode[]) => readonly string[];

/** Reasons by filter; none: it passes. */
export const naiveFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  [
    "NodeUnschedulable",
    ({ spec }, { node }) =>
      node.isUnschedulable && !toleratesCordon(spec.tolerations) ? ["node(s) were unschedulable"] : [],
  ],
  ["TaintToleration", ({ spec }, { node }) => (toleratesNode(spec, node) ? [] : ["node(s) had untolerated taint(s)"])],
  [
    "NodeAffinity",
    ({ spec }, { node }) =>
      matchesRequiredAffinity(spec, node) ? [] : ["node(s) didn't match Pod's node affinity/selector"],
  ],
  ["NodePorts", ports],
  ["NodeResourcesFit", fit],
  ["PodTopologySpread", spread],
  ["InterPodAffinity", interPod],
]);

function toleratesCordon(tolerations: PodInfo["spec"]["tolerations"]): boolean {
  return isTolerated({ key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" }, tolerations);
}

function ports({ spec }: PodInfo, { pods }: NaiveNode): readonly string[] {
  const taken = pods.flatMap((pod) => pod.spec.hostPorts);
  const isClash = spec.hostPorts.some(({ ip, protocol, port }) =>
    taken.some(
      (other) =>
        other.port === port &&
        other.protocol === protocol &&
        (other.ip === ip || other.ip === "0.0.0.0" || ip === "0.0.0.0"),
    ),
  );
  return isClash ? ["node(s) didn't have free ports for the requested pod ports"] : [];
}

function requested(pods: readonly PodInfo[], name: string): number {
  return sum(pods.map((pod) => pod.spec.requests.get(name) ?? 0));
}

function fit({ spec }: PodInfo, { node, pods }: NaiveNode): readonly string[] {
  const room = node.allocatable.get("pods") ?? 0;
  const short = [...spec.requests].filter(
    ([name, amount]) => amount > 0 && amount > (node.allocatable.get(name) ?? 0) - requested(pods, name),
  );
  return [...(pods.length + 1 > room ? ["Too many pods"] : []), ...short.map(([name]) => `Insufficient ${name}`)];
}

/** Whether a node takes part in a constraint of the pod. */
function takesPart(pod: PodInfo, { node }: NaiveNode, constraint: SpreadConstraint, keys: readonly string[]): boolean {
  return (
    keys.every((key) => node.labels.has(key)) &&
    (!constraint.honoursNodeAffinity || matchesRequiredAffinity(pod.spec, node)) &&
    (!constraint.honoursTaints || toleratesNode(pod.spec, node))
  );
}

function matching(pod: PodInfo, { pods }: NaiveNode, constraint: SpreadConstraint): number {
  const more = constraint.matchLabelKeys.flatMap((key) => {
    const value = pod.labels.get(key);
    return value === undefined ? [] : [{ key, operator: "In" as const, values: [value] }];
  });
  const { selector } = constraint;
  const whole = selector === undefined ? undefined : selectorOf([...selector.requirements, ...more]);
  return pods.filter(
    (other) => other.namespace === pod.namespace && !other.isTerminating && selects(whole, other.labels),
  ).length;
}

function spread(pod: PodInfo, one: NaiveNode, all: readonly NaiveNode[]): readonly string[] {
  const hard = pod.spec.spreadConstraints.filter(({ isHard }) => isHard);
  const keys = hard.map(({ topologyKey }) => topologyKey);
  for (const constraint of hard) {
    const own = domain(one, constraint.topologyKey);
    if (own === undefined) return ["node(s) didn't match pod topology spread constraints (missing required label)"];
    const counts = new Map<string, number>();
    for (const other of all.filter((candidate) => takesPart(pod, candidate, constraint, keys))) {
      const name = domain(other, constraint.topologyKey) ?? "";
      counts.set(name, (counts.get(name) ?? 0) + matching(pod, other, constraint));
    }
    const least = counts.size < constraint.minDomains || counts.size === 0 ? 0 : Math.min(...counts.values());
    const self = selects(constraint.selector, pod.labels) ? 1 : 0;
    if ((counts.get(own) ?? 0) + self - least > constraint.maxSkew)
      return ["node(s) didn't match pod topology spread constraints"];
  }
  return [];
}

/** Whether some pod in the node's domain is as asked. */
function hasInDomain(
  one: NaiveNode,
  all: readonly NaiveNode[],
  key: string,
  isAsked: (pod: PodInfo) => boolean,
): boolean {
  const own = domain(one, key);
  return own !== undefined && all.some((other) => domain(other, key) === own && other.pods.some(isAsked));
}

function interPod(pod: PodInfo, one: NaiveNode, all: readonly NaiveNode[]): readonly string[] {
  const { requiredAffinity, requiredAntiAffinity } = pod.spec;
  const isAsked = (other: PodInfo) => requiredAffinity.every((term) => covers(term, other));
  const keys = requiredAffinity.map(({ topologyKey }) => topologyKey);
  const hasKeys = keys.every((key) => one.node.labels.has(key));
  const isBeside = keys.every((key) => hasInDomain(one, all, key, isAsked));
  const isFirst =
    isAsked(pod) && !all.some((other) => keys.some((key) => other.node.labels.has(key)) && other.pods.some(isAsked));
  if (!hasKeys || !(isBeside || isFirst)) return ["node(s) didn't match pod affinity rules"];
  if (requiredAntiAffinity.some((term) => hasInDomain(one, all, term.topologyKey, (other) => covers(term, other))))
    return ["node(s) didn't match pod anti-affinity rules"];
  const isUnwanted = all.some((other) =>
    other.pods.some(({ spec }) =>
      spec.requiredAntiAffinity.some((term) => {
        const theirs = domain(other, term.topologyKey);
        return theirs !== undefined && theirs === domain(one, term.topologyKey) && covers(term, pod);
      }),
    ),
  );
  return isUnwanted ? ["node(s) didn't satisfy existing pods anti-affinity rules"] : [];
}

type Score = (pod: PodInfo, feasible: readonly NaiveNode[], all: readonly NaiveNode[]) => readonly number[];

/** Normalised scores of the feasible nodes, by plugin. */
export const naiveScores: ReadonlyMap<string, Score> = new Map<string, Score>([
  ["TaintToleration", taintScore],
  ["NodeAffinity", affinityScore],
  ["NodeResourcesFit", leastAllocated],
  ["NodeResourcesBalancedAllocation", balanced],
  ["PodTopologySpread", spreadScore],
  ["InterPodAffinity", interPodScore],
]);

function taintScore(pod: PodInfo, feasible: readonly NaiveNode[]): readonly number[] {
  const soft = pod.spec.tolerations.filter(({ effect }) => effect === undefined || effect === "PreferNoSchedule");
  const raw = feasible.map(
    ({ node }) =>
      node.taints.filter((taint) => taint.effect === "PreferNoSchedule" && !isTolerated(taint, soft)).length,
  );
  const most = Math.max(...raw);
  return raw.map((count) => (most === 0 ? 100 : 100 - Math.trunc((100 * count) / most)));
}

function affinityScore(pod: PodInfo, feasible: readonly NaiveNode[]): readonly number[] {
  const raw = feasible.map(({ node }) =>
    sum(pod.spec.preferredNodeTerms.map(({ weight, term }) => (matchesNodeTerm(term, node) ? weight : 0))),
  );
  const most = Math.max(...raw);
  return raw.map((weight) => (most === 0 ? 0 : Math.trunc((100 * weight) / most)));
}

function leastAllocated({ spec }: PodInfo, feasible: readonly NaiveNode[]): readonly number[] {
  return feasible.map(({ node, pods }) => {
    const left = (all: number, used: number) => (used > all ? 0 : Math.trunc(((all - used) * 100) / all));
    const cpu = node.allocatable.get("cpu") ?? 0;
    const memory = node.allocatable.get("memory") ?? 0;
    const scores = [
      ...(cpu > 0 ? [left(cpu, sum(pods.map((pod) => pod.spec.nonZeroMillicores)) + spec.nonZeroMillicores)] : []),
      ...(memory > 0 ? [left(memory, sum(pods.map((pod) => pod.spec.nonZeroBytes)) + spec.nonZeroBytes)] : []),
    ];
    return scores.length === 0 ? 0 : Math.trunc(sum(scores) / scores.length);
  });
}

function balanced({ spec }: PodInfo, feasible: readonly NaiveNode[]): readonly number[] {
  const names = ["cpu", "memory"];
  if (!names.some((name) => (spec.requests.get(name) ?? 0) > 0)) return feasible.map(() => 0);
  return feasible.map(({ node, pods }) => {
    const shares = names.flatMap((name) => {
      const all = node.allocatable.get(name) ?? 0;
      return all === 0 ? [] : [Math.min(1, (requested(pods, name) + (spec.requests.get(name) ?? 0)) / all)];
    });
    const [cpu = 0, memory = 0] = shares;
    return Math.trunc((1 - (shares.length === 2 ? Math.abs((cpu - memory) / 2) : 0)) * 100);
  });
}

function spreadScore(pod: PodInfo, feasible: readonly NaiveNode[], all: readonly NaiveNode[]): readonly number[] {
  const soft = pod.spec.spreadConstraints.filter(({ isHard }) => !isHard);
  if (soft.length === 0) return feasible.map(() => 0);
  const keys = soft.map(({ topologyKey }) => topologyKey);
  const isIgnored = ({ node }: NaiveNode) => !keys.every((key) => node.labels.has(key));
  const scored = feasible.filter((one) => !isIgnored(one));
  const rawOf = (one: NaiveNode) =>
    Math.round(
      sum(
        soft.map((constraint) => {
          const { topologyKey, maxSkew } = constraint;
          const isHostname = topologyKey === "kubernetes.io/hostname";
          const size = isHostname ? scored.length : new Set(scored.map((other) => domain(other, topologyKey))).size;
          const counted = isHostname
            ? [one]
            : all.filter(
                (other) =>
                  domain(other, topologyKey) === domain(one, topologyKey) && takesPart(pod, other, constraint, keys),
              );
          return sum(counted.map((other) => matching(pod, other, constraint))) * Math.log(size + 2) + maxSkew - 1;
        }),
      ),
    );
  const raw = new Map(scored.map((one) => [one, rawOf(one)]));
  const most = Math.max(0, ...raw.values());
  const least = Math.min(...raw.values());
  return feasible.map((one) => {
    const own = raw.get(one);
    if (own === undefined) return 0;
    return most === 0 ? 100 : Math.trunc((100 * (most + least - own)) / most);
  });
}

function interPodScore(pod: PodInfo, feasible: readonly NaiveNode[], all: readonly NaiveNode[]): readonly number[] {
  const raw = feasible.map((one) =>
    sum(
      all.flatMap((other) =>
        other.pods.flatMap((running) => {
          const together = (term: AffinityTerm) => {
            const own = domain(one, term.topologyKey);
            return own !== undefined && own === domain(other, term.topologyKey);
          };
          const part = (term: AffinityTerm, about: PodInfo, weight: number) =>
            together(term) && covers(term, about) ? weight : 0;
          return [
            ...pod.spec.preferredTerms.map(({ term, weight }) => part(term, running, weight)),
            ...running.spec.preferredTerms.map(({ term, weight }) => part(term, pod, weight)),
            ...running.spec.requiredAffinity.map((term) => part(term, pod, 1)),
          ];
        }),
      ),
    ),
  );
  const least = Math.min(...raw);
  const span = Math.max(...raw) - least;
  return raw.map((score) => (span === 0 ? 0 : Math.trunc(100 * ((score - least) / span))));
}
