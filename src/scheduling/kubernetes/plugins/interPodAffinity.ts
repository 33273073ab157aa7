import type { DomainCounts, Topology } from "../domainCounts.ts";
import { MAX_NODE_SCORE, type NodeFilter, type NodeScore, type Plugin, resolvable, unresolvable } from "../plugin.ts";
import type { HeldTerm } from "../podIndex.ts";
import { type AffinityTerm, type PodInfo, termCovers } from "../podInfo.ts";
import type { SchedulerCache } from "../schedulerCache.ts";

/** Arguments of InterPodAffinity. */
export interface InterPodAffinityArgs {
  /** What a placed pod's required affinity term adds to the score of nodes beside it, 0…100. */
  readonly hardPodAffinityWeight: number;
  /** Whether pods without preferred terms of their own go without this score. */
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

const NOT_BESIDE = unresolvable("node(s) didn't match pod affinity rules");
const NOT_AWAY = resolvable("node(s) didn't match pod anti-affinity rules");
const UNWANTED = resolvable("node(s) didn't satisfy existing pods anti-affinity rules");

/** InterPodAffinity: pods beside or away from other pods, by the labels of those and the topology of nodes. */
export function interPodAffinity(args: InterPodAffinityArgs): Plugin {
  return {
    name: "InterPodAffinity",
    isFilterLocal: false,
    isScoreLocal: false,
    filter,
    score: (pod, cache) => score(pod, cache, args),
  };
}

/** Pods by domain of one topology. */
interface Count {
  readonly topology: Topology;
  readonly counts: DomainCounts;
}

function filter(pod: PodInfo, cache: SchedulerCache): NodeFilter {
  const { requiredAffinity, requiredAntiAffinity } = pod.spec;
  const beside = requiredAffinity.map((term) => countOf(cache, requiredAffinity, term));
  const away = requiredAntiAffinity.map((term) => countOf(cache, [term], term));
  const unwantedBy = cache.index.termsAbout(pod, "avoids");
  const own = cache.namespaceLabels(pod.namespace);
  const coversItself = requiredAffinity.every((term) => termCovers(term, pod, own));
  /** The first of a series of pods that belong together has nobody to be beside. */
  const isFirst = () => coversItself && beside.every(({ counts }) => counts.total === 0);
  const judge = (node: number) => {
    if (!isBeside(beside, node, isFirst)) return NOT_BESIDE;
    if (away.some((count) => countAt(count, node) > 0)) return NOT_AWAY;
    return unwantedBy.some((held) => heldAt(held, node) > 0) ? UNWANTED : undefined;
  };
  const isFree = beside.length === 0 && away.length === 0;
  return {
    passes: (node) => judge(node) === undefined,
    rejection: (node) => judge(node) ?? unresolvable(),
    isIdle: () => isFree && unwantedBy.every(({ holders }) => holders.total === 0),
  };
}

/** Placed pods that match all of `terms`, by domain of the topology of one of them. */
function countOf(cache: SchedulerCache, terms: readonly AffinityTerm[], { topologyKey }: AffinityTerm): Count {
  const key = `affinity ${terms.map((term) => term.key).join("&")}`;
  const counter = cache.index.counter(key, (pod) => {
    const labels = cache.namespaceLabels(pod.namespace);
    return terms.every((term) => termCovers(term, pod, labels));
  });
  const topology = cache.topology(topologyKey);
  return { topology, counts: counter.byDomain(topologyKey, topology) };
}

function isBeside(beside: readonly Count[], node: number, isFirst: () => boolean): boolean {
  let isAlone = false;
  for (const { topology, counts } of beside) {
    const domain = topology.domainOf[node] ?? -1;
    if (domain < 0) return false;
    if ((counts.counts[domain] ?? 0) === 0) isAlone = true;
  }
  return !isAlone || isFirst();
}

function countAt({ topology, counts }: Count, node: number): number {
  const domain = topology.domainOf[node] ?? -1;
  return domain < 0 ? 0 : (counts.counts[domain] ?? 0);
}

function heldAt({ topology, holders }: HeldTerm, node: number): number {
  const domain = topology.domainOf[node] ?? -1;
  return domain < 0 ? 0 : (holders.counts[domain] ?? 0);
}

function score(pod: PodInfo, cache: SchedulerCache, args: InterPodAffinityArgs): NodeScore | undefined {
  const { preferredTerms } = pod.spec;
  if (args.ignorePreferredTermsOfExistingPods && preferredTerms.length === 0) return undefined;
  const own = preferredTerms.map(({ term, weight }) => ({ ...countOf(cache, [term], term), weight }));
  const preferredBy = cache.index.termsAbout(pod, "prefers");
  const neededBy = args.hardPodAffinityWeight === 0 ? [] : cache.index.termsAbout(pod, "needs");
  return {
    begin: () =>
      own.some(({ counts }) => counts.total > 0) ||
      preferredBy.some(({ holders }) => holders.total > 0) ||
      neededBy.some(({ holders }) => holders.total > 0),
    score(node) {
      let sum = 0;
      for (const one of own) sum += one.weight * countAt(one, node);
      for (const one of preferredBy) sum += one.weight * heldAt(one, node);
      for (const one of neededBy) sum += args.hardPodAffinityWeight * heldAt(one, node);
      return sum;
    },
    normalise,
  };
}

/** The lowest becomes 0 and the highest 100; all 0 if they are the same. */
function normalise(scores: Float64Array, count: number): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    least = Math.min(least, scores[i] ?? 0);
    most = Math.max(most, scores[i] ?? 0);
  }
  const span = most - least;
  // In this order, as kube-scheduler does in floating point: 100 * 0.29 is 28.999…, which becomes 28.
  for (let i = 0; i < count; i++)
    scores[i] = span > 0 ? Math.trunc(MAX_NODE_SCORE * (((scores[i] ?? 0) - least) / span)) : 0;
}
