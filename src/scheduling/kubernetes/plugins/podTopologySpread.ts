import ln from "@stdlib/math-base-special-ln";
import type { DomainCounts, Topology } from "../domainCounts.ts";
import { type Selector, selectorOf, selects } from "../labels.ts";
import {
  type FeasibleNodes,
  MAX_NODE_SCORE,
  type NodeFilter,
  type NodeScore,
  type Plugin,
  resolvable,
  unresolvable,
} from "../plugin.ts";
import type { PodCounter } from "../podIndex.ts";
import type { PodInfo, SpreadConstraint } from "../podInfo.ts";
import type { SchedulerCache } from "../schedulerCache.ts";
import { keysRequired } from "../selectorsFromV1.ts";
import { matchesRequiredAffinity, toleratesNode } from "./nodeConstraints.ts";

/** Arguments of PodTopologySpread. */
export interface SpreadArgs {
  /** For pods without constraints of their own; `system` stands for Kubernetes' own two. */
  readonly defaults: "system" | readonly SpreadConstraint[];
}

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const SOFT = {
  isHard: false,
  selector: undefined,
  minDomains: 1,
  honoursNodeAffinity: true,
  honoursTaints: false,
  matchLabelKeys: [],
};
/** Source: Kubernetes, Pod Topology Spread Constraints page, built-in default constraints. */
const SYSTEM_DEFAULTS: readonly SpreadConstraint[] = [
  { ...SOFT, topologyKey: HOSTNAME, maxSkew: 3 },
  { ...SOFT, topologyKey: ZONE, maxSkew: 5 },
];

const MISSING_LABEL = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
const SKEWED = resolvable("node(s) didn't match pod topology spread constraints");

/** PodTopologySpread: like pods even over domains, as a must or as a wish. */
export function podTopologySpread(args: SpreadArgs): Plugin {
  return {
    name: "PodTopologySpread",
    isFilterLocal: false,
    isScoreLocal: false,
    filter: (pod, cache) => filter(constraintsOf(pod, cache, args, true), pod, cache),
    score(pod, cache) {
      const isSystem = pod.spec.spreadConstraints.length === 0 && args.defaults === "system";
      return score(constraintsOf(pod, cache, args, false), pod, cache, !isSystem);
    },
  };
}

/** A constraint with the selector that it really goes by. */
interface Constraint extends SpreadConstraint {
  readonly selector: Selector | undefined;
}

function constraintsOf(pod: PodInfo, cache: SchedulerCache, args: SpreadArgs, isHard: boolean): readonly Constraint[] {
  const own = pod.spec.spreadConstraints;
  if (own.length > 0) return own.filter((one) => one.isHard === isHard).map((one) => withMatchedKeys(one, pod));
  const defaults = (args.defaults === "system" ? SYSTEM_DEFAULTS : args.defaults).filter(
    (one) => one.isHard === isHard,
  );
  if (defaults.length === 0) return [];
  const selector = cache.defaultSelector(pod);
  return selector === undefined ? [] : defaults.map((one) => ({ ...one, selector }));
}

function withMatchedKeys(constraint: SpreadConstraint, pod: PodInfo): Constraint {
  const { selector, matchLabelKeys } = constraint;
  if (selector === undefined || matchLabelKeys.length === 0) return constraint;
  const more = keysRequired(matchLabelKeys, pod.labels, "In");
  return { ...constraint, selector: selectorOf([...selector.requirements, ...more]) };
}

/** Pods that a constraint counts: of the same namespace, not going away, selected. */
function counterOf({ selector }: Constraint, { namespace }: PodInfo, cache: SchedulerCache): PodCounter {
  const key = `spread ${namespace} ${selector?.key ?? "nothing"}`;
  return cache.index.counter(
    key,
    (pod) => pod.namespace === namespace && !pod.isTerminating && selects(selector, pod.labels),
  );
}

/** Those pods by domain, of nodes that take part: they have all of `keys` and pass the constraint's policies. */
function countsOf(constraint: Constraint, pod: PodInfo, cache: SchedulerCache, keys: readonly string[]): DomainCounts {
  const { topologyKey, honoursNodeAffinity, honoursTaints } = constraint;
  const { spec } = pod;
  const who = JSON.stringify([
    topologyKey,
    keys,
    honoursNodeAffinity ? [[...spec.nodeSelector], spec.requiredNodeTerms] : null,
    honoursTaints ? spec.tolerations : null,
  ]);
  const takesPart = () =>
    Uint8Array.from(cache.nodes, (node) => {
      if (!keys.every((key) => node.labels.has(key))) return 0;
      if (honoursNodeAffinity && !matchesRequiredAffinity(spec, node)) return 0;
      return honoursTaints && !toleratesNode(spec, node) ? 0 : 1;
    });
  return counterOf(constraint, pod, cache).byDomain(who, cache.topology(topologyKey), takesPart);
}

function filter(constraints: readonly Constraint[], pod: PodInfo, cache: SchedulerCache): NodeFilter | undefined {
  if (constraints.length === 0) return undefined;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const ready = constraints.map((constraint) => ({
    domainOf: cache.topology(constraint.topologyKey).domainOf,
    counts: countsOf(constraint, pod, cache, keys),
    self: selects(constraint.selector, pod.labels) ? 1 : 0,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains,
  }));
  const judge = (node: number) => {
    for (const { domainOf, counts, self, maxSkew, minDomains } of ready) {
      const domain = domainOf[node] ?? -1;
      if (domain < 0) return MISSING_LABEL;
      const least = counts.domainsTakingPart < minDomains ? 0 : counts.least;
      if ((counts.counts[domain] ?? 0) + self - least > maxSkew) return SKEWED;
    }
    return undefined;
  };
  return {
    passes: (node) => judge(node) === undefined,
    rejection: (node) => judge(node) ?? unresolvable(),
  };
}

/** One soft constraint made ready. */
interface SoftCount {
  readonly topology: Topology;
  /** By node for host names, else by domain. */
  readonly counts: Int32Array;
  readonly isPerNode: boolean;
  readonly allowance: number;
  /** When each domain was last seen among the feasible nodes, to count distinct ones without clearing. */
  readonly seen: Int32Array;
  weight: number;
}

/** Stands for a node that lacks a topology key, until the scores are scaled. */
const IGNORED = -1;

function score(
  constraints: readonly Constraint[],
  pod: PodInfo,
  cache: SchedulerCache,
  isEveryKeyNeeded: boolean,
): NodeScore | undefined {
  if (constraints.length === 0) return undefined;
  const keys = isEveryKeyNeeded ? constraints.map(({ topologyKey }) => topologyKey) : [];
  const soft = constraints.map((constraint) => softCount(constraint, pod, cache, keys));
  const partial = isEveryKeyNeeded ? soft.filter(({ topology }) => !topology.isComplete) : [];
  const isIgnored = (node: number) => {
    for (const { topology } of partial) if ((topology.domainOf[node] ?? -1) < 0) return true;
    return false;
  };
  let turn = 0;
  const rawScore = (node: number) => {
    if (isIgnored(node)) return IGNORED;
    let sum = 0;
    for (const one of soft) sum += partOf(one, node);
    return Math.round(sum);
  };
  return {
    begin(feasible) {
      turn++;
      weigh(soft, feasible, { turn, isIgnored: partial.length === 0 ? undefined : isIgnored });
      return true;
    },
    score: rawScore,
    scoreAll({ nodes, count }, scores) {
      if (partial.length > 0) {
        for (let i = 0; i < count; i++) scores[i] = rawScore(nodes[i] ?? 0);
        return;
      }
      scores.fill(0, 0, count);
      for (const one of soft) for (let i = 0; i < count; i++) scores[i] = (scores[i] ?? 0) + partOf(one, nodes[i] ?? 0);
      for (let i = 0; i < count; i++) scores[i] = Math.round(scores[i] ?? 0);
    },
    normalise,
  };
}

/** One constraint's part in a node's raw score. */
function partOf({ topology, counts, isPerNode, weight, allowance }: SoftCount, node: number): number {
  const domain = topology.domainOf[node] ?? -1;
  return domain < 0 ? 0 : (counts[isPerNode ? node : domain] ?? 0) * weight + allowance;
}

function softCount(constraint: Constraint, pod: PodInfo, cache: SchedulerCache, keys: readonly string[]): SoftCount {
  const { topologyKey, maxSkew } = constraint;
  const isPerNode = topologyKey === HOSTNAME;
  const topology = cache.topology(topologyKey);
  return {
    topology,
    isPerNode,
    counts: isPerNode ? counterOf(constraint, pod, cache).perNode : countsOf(constraint, pod, cache, keys).counts,
    allowance: maxSkew - 1,
    // The last place is for nodes without the label, which kube-scheduler counts as one domain more.
    seen: new Int32Array(topology.domainCount + 1),
    weight: 0,
  };
}

/** The more domains, the more one pod in one of them weighs: ln(domains + 2). `isIgnored` is undefined where no node is. */
function weigh(
  soft: readonly SoftCount[],
  feasible: FeasibleNodes,
  { turn, isIgnored }: { readonly turn: number; readonly isIgnored: ((node: number) => boolean) | undefined },
): void {
  const { nodes, count } = feasible;
  let nodesThatCount = count;
  if (isIgnored !== undefined) for (let i = 0; i < count; i++) if (isIgnored(nodes[i] ?? 0)) nodesThatCount--;
  for (const one of soft) {
    const domains = one.isPerNode ? nodesThatCount : domainsAmong(one, feasible, { turn, isIgnored });
    one.weight = ln(domains + 2);
  }
}

/** How many different domains the feasible nodes are in. Most clusters have few, and all are soon seen. */
function domainsAmong(
  { topology, seen }: SoftCount,
  { nodes, count }: FeasibleNodes,
  { turn, isIgnored }: { readonly turn: number; readonly isIgnored: ((node: number) => boolean) | undefined },
): number {
  const most = topology.domainCount + (topology.isComplete ? 0 : 1);
  let domains = 0;
  for (let i = 0; i < count && domains < most; i++) {
    const node = nodes[i] ?? 0;
    if (isIgnored?.(node) === true) continue;
    const domain = topology.domainOf[node] ?? -1;
    const place = domain < 0 ? topology.domainCount : domain;
    if (seen[place] === turn) continue;
    seen[place] = turn;
    domains++;
  }
  return domains;
}

/** Fewer is better: 100 × (most + least − raw) / most; ignored nodes get 0; all 100 if nobody has any. */
function normalise(scores: Float64Array, count: number): void {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const raw = scores[i] ?? 0;
    if (raw === IGNORED) continue;
    least = Math.min(least, raw);
    most = Math.max(most, raw);
  }
  for (let i = 0; i < count; i++) {
    const raw = scores[i] ?? 0;
    if (raw === IGNORED) scores[i] = 0;
    else scores[i] = most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - raw)) / most);
  }
}
