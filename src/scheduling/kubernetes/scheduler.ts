import { nodesToFind, selectHost } from "./hostSelection.ts";
import type { FeasibleNodes, NodeScore, Rejection, RejectionCode } from "./plugin.ts";
import { type PodInfo, podKey } from "./podInfo.ts";
import { type PodPlan, PodPlans, passesAll } from "./podPlans.ts";
import type { SchedulerProfile } from "./profile.ts";
import type { SchedulerCache } from "./schedulerCache.ts";

/** Where to put a pod, or that there is no place. */
export type Decision =
  | { readonly kind: "fits"; readonly node: number; readonly feasibleCount: number }
  | { readonly kind: "unschedulable" };

/** What the scheduler thought of one node. */
export type NodeVerdict =
  | { readonly kind: "feasible"; readonly scores: readonly PluginScore[]; readonly total: number }
  | { readonly kind: "rejected"; readonly plugin: string; readonly rejection: Rejection };

/** One plugin's part in a node's total: `score` 0…100 times `weight`. */
export interface PluginScore {
  readonly plugin: string;
  readonly score: number;
  readonly weight: number;
}

/**
 * The scheduling cycle of kube-scheduler for one profile: filter, score, normalise, weigh, sum, choose among the best by chance.
 *
 * It answers for one pod at a time and changes nothing in the cache but where the next search begins. Answers that depend on the template and the node alone are kept
 * until the node changes; counts over pods are the cache's, so that no pod is looked at twice.
 *
 * Source: Kubernetes, Scheduling Framework and Scheduler Performance Tuning pages.
 */
export class KubernetesScheduler {
  readonly profile: SchedulerProfile;
  readonly cache: SchedulerCache;
  #epoch = -1;
  #plans: PodPlans;
  #feasible = new Int32Array(0);
  #totals = new Float64Array(0);
  #raw = new Float64Array(0);
  #tied = new Int32Array(0);

  constructor(profile: SchedulerProfile, cache: SchedulerCache) {
    this.profile = profile;
    this.cache = cache;
    this.#plans = new PodPlans(profile, cache);
  }

  /** Chooses a node for a pod. `random` is uniform in [0, 1), drawn once if several nodes are best. */
  schedule(pod: PodInfo, random: () => number): Decision {
    const found = this.#findFeasible(pod);
    return this.#choose(this.#planFor(pod), found, random);
  }

  /** As `schedule`, and what was thought of each node that was looked at, by its number. */
  explain(pod: PodInfo, random: () => number): { decision: Decision; verdicts: ReadonlyMap<number, NodeVerdict> } {
    const count = this.cache.nodes.length;
    const { candidates } = this.#planFor(pod);
    const start = count === 0 ? 0 : this.cache.searchStart % count;
    const found = this.#findFeasible(pod);
    const looked = count === 0 ? 0 : (this.cache.searchStart - start + count) % count;
    const examined = found.count === 0 || looked === 0 || candidates !== undefined ? count : looked;
    const verdicts = new Map<number, NodeVerdict>();
    const scored = this.#scoresOf(pod, found);
    for (let i = 0; i < examined; i++) {
      const node = (start + i) % count;
      const scores = scored.get(node);
      const verdict = scores === undefined ? this.#rejected(pod, node) : feasibleVerdict(scores);
      if (verdict !== undefined) verdicts.set(node, verdict);
    }
    return { decision: this.#choose(this.#planFor(pod), found, random), verdicts };
  }

  /** The first filter that says no to the pod on that node, nominated pods there counted; `undefined` if all say yes. */
  firstRejection(pod: PodInfo, node: number): { readonly plugin: string; readonly rejection: Rejection } | undefined {
    const waiting = this.#waitingOn(pod, node);
    if (waiting.length === 0) return this.#rejectionNow(pod, node);
    for (const other of waiting) this.cache.attach(other, node);
    const withThem = this.#rejectionNow(pod, node);
    for (const other of waiting) this.cache.detach(other, node);
    return withThem ?? this.#rejectionNow(pod, node);
  }

  /** Whether all filters let the pod onto the node. */
  fits(pod: PodInfo, node: number): boolean {
    if (this.#waitingOn(pod, node).length > 0) return this.firstRejection(pod, node) === undefined;
    const plan = this.#planFor(pod);
    return plan.template.passes(node) && passesAll(plan.filters, node);
  }

  /** Pods of no lower priority for which room was made on that node: they are counted as if they were there. */
  #waitingOn(pod: PodInfo, node: number): readonly PodInfo[] {
    const nominated = this.cache.nominatedOn(node);
    if (nominated.length === 0) return nominated;
    const own = podKey(pod);
    return nominated.filter((other) => other.spec.priority >= pod.spec.priority && podKey(other) !== own);
  }

  /** Whether evictions could help the pod onto a node that rejects it; `undefined`: it does not reject it. */
  rejectionCode(pod: PodInfo, node: number): RejectionCode | undefined {
    const { template, filters, isTemplateFirst } = this.#planFor(pod);
    const isAlone = this.#waitingOn(pod, node).length === 0;
    if (isAlone && isTemplateFirst && !template.passes(node)) return template.rejectionCode(node);
    if (isAlone && isTemplateFirst && passesAll(filters, node)) return undefined;
    return this.firstRejection(pod, node)?.rejection.code;
  }

  /** Whether a node's answer depends on that node alone for now: no filter of the pod looks at other nodes' pods. */
  isJudgedAlone(pod: PodInfo, node: number): boolean {
    if (this.#waitingOn(pod, node).length > 0) return false;
    return this.#planFor(pod).filters.every(({ filter }) => filter.isIdle?.() === true);
  }

  #rejectionNow(pod: PodInfo, node: number): { readonly plugin: string; readonly rejection: Rejection } | undefined {
    const failed = this.#planFor(pod).inOrder.find(({ filter }) => !filter.passes(node));
    return failed && { plugin: failed.plugin.name, rejection: failed.filter.rejection(node) };
  }

  #rejected(pod: PodInfo, node: number): NodeVerdict | undefined {
    const found = this.firstRejection(pod, node);
    return found && { kind: "rejected", ...found };
  }

  #findFeasible(pod: PodInfo): FeasibleNodes {
    const plan = this.#planFor(pod);
    const promised = pod.nominatedNodeName === undefined ? undefined : this.cache.numberOf(pod.nominatedNodeName);
    if (promised !== undefined && this.fits(pod, promised)) {
      // Room was made for it there: it goes there if it can, however others would score.
      this.#feasible[0] = promised;
      return { nodes: this.#feasible, count: 1 };
    }
    const { candidates } = plan;
    const nodeCount = this.cache.nodes.length;
    const total = candidates?.length ?? nodeCount;
    const wanted = nodesToFind(total, this.profile.percentageOfNodesToScore);
    const filters = plan.filters.filter(({ filter }) => filter.isIdle?.() !== true);
    // Of a list of candidates it begins at the same number, as kube-scheduler does.
    const start = total === 0 ? 0 : this.cache.searchStart % total;
    let count = 0;
    let looked = 0;
    while (looked < total && count < wanted) {
      const place = start + looked < total ? start + looked : start + looked - total;
      const node = candidates === undefined ? place : (candidates[place] ?? 0);
      const isFeasible =
        this.cache.nominatedOn(node).length > 0
          ? this.fits(pod, node)
          : plan.template.passes(node) && passesAll(filters, node);
      if (isFeasible) this.#feasible[count++] = node;
      looked++;
    }
    if (nodeCount > 0) this.cache.searchStart = (this.cache.searchStart + looked) % nodeCount;
    return { nodes: this.#feasible, count };
  }

  #choose(plan: PodPlan, feasible: FeasibleNodes, random: () => number): Decision {
    const { nodes, count } = feasible;
    const first = nodes[0];
    if (count === 0 || first === undefined) return { kind: "unschedulable" };
    if (count === 1) return { kind: "fits", node: first, feasibleCount: 1 };
    this.#sumTotals(plan, feasible);
    const chosen = selectHost(this.#totals, count, random, this.#tied);
    return { kind: "fits", node: nodes[chosen ?? 0] ?? first, feasibleCount: count };
  }

  #sumTotals({ template, scores }: PodPlan, feasible: FeasibleNodes): void {
    const { nodes, count } = feasible;
    const totals = this.#totals;
    const raw = this.#raw;
    for (let i = 0; i < count; i++) totals[i] = template.total(nodes[i] ?? 0);
    for (const { score, weight } of scores) {
      if (score.isSame === true || !this.#scoreAll(score, feasible)) continue;
      for (let i = 0; i < count; i++) totals[i] = (totals[i] ?? 0) + weight * (raw[i] ?? 0);
    }
  }

  /** Fills `#raw` with normalised scores; false if the plugin has no say. */
  #scoreAll(score: NodeScore, feasible: FeasibleNodes): boolean {
    const { nodes, count } = feasible;
    if (score.begin?.(feasible) === false) return false;
    if (score.scoreAll !== undefined) score.scoreAll(feasible, this.#raw);
    else for (let i = 0; i < count; i++) this.#raw[i] = score.score(nodes[i] ?? 0);
    score.normalise?.(this.#raw, count);
    return true;
  }

  /** Each plugin's score of each of those nodes, as if just they had passed the filters: by node number, in the profile's order. */
  scoreNodes(pod: PodInfo, nodes: readonly number[]): ReadonlyMap<number, readonly PluginScore[]> {
    return this.#scoresOf(pod, { nodes: Int32Array.from(nodes), count: nodes.length });
  }

  #scoresOf(pod: PodInfo, feasible: FeasibleNodes): ReadonlyMap<number, readonly PluginScore[]> {
    const { template, scores } = this.#planFor(pod);
    const ready = new Map([...template.scores, ...scores].map((one) => [one.plugin, one.score]));
    const byNode = new Map<number, PluginScore[]>();
    for (let i = 0; i < feasible.count; i++) byNode.set(feasible.nodes[i] ?? 0, []);
    for (const { plugin, weight } of this.profile.scores) {
      const score = ready.get(plugin);
      const hasSay = score !== undefined && this.#scoreAll(score, feasible);
      for (let i = 0; i < feasible.count; i++)
        byNode
          .get(feasible.nodes[i] ?? 0)
          ?.push({ plugin: plugin.name, score: hasSay ? (this.#raw[i] ?? 0) : 0, weight });
    }
    return byNode;
  }

  #planFor(pod: PodInfo): PodPlan {
    if (this.#epoch !== this.cache.epoch) this.#startAfresh();
    return this.#plans.of(pod);
  }

  #startAfresh(): void {
    const count = this.cache.nodes.length;
    this.#epoch = this.cache.epoch;
    this.#plans = new PodPlans(this.profile, this.cache);
    this.#feasible = new Int32Array(count);
    this.#totals = new Float64Array(count);
    this.#raw = new Float64Array(count);
    this.#tied = new Int32Array(count);
  }
}

function feasibleVerdict(scores: readonly PluginScore[]): NodeVerdict {
  return { kind: "feasible", scores, total: scores.reduce((sum, { score, weight }) => sum + score * weight, 0) };
}
