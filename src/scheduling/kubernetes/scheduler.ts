import { type FeasibleNodes, type NodeFilter, type NodeScore, type Plugin, type Rejection, resolvable } from "./plugin.ts";
import { type PodInfo, type PodSpecInfo, podKey } from "./podInfo.ts";
import type { SchedulerProfile } from "./profile.ts";
import type { SchedulerCache } from "./schedulerCache.ts";

/** Plans kept before all are let go: label sets of StatefulSet pods are all different. */
const MOST_PLANS = 2_000;
/** Templates whose answers by node are kept; each costs a few bytes for each node. */
const MOST_TEMPLATES = 200;

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

interface ReadyFilter {
  readonly plugin: Plugin;
  readonly filter: NodeFilter;
}

interface ReadyScore {
  readonly plugin: Plugin;
  readonly weight: number;
  readonly score: NodeScore;
}

/** What all pods of one template share: filters and scores that the node alone decides, and their answers by node. */
interface TemplatePlan {
  readonly filters: readonly ReadyFilter[];
  readonly scores: readonly ReadyScore[];
  readonly answers: Answers;
}

/** By node. */
interface Answers {
  /** The node's generation when it was last asked; answers of another generation are void. */
  readonly asked: Int32Array;
  readonly isFeasible: Uint8Array;
  readonly total: Float64Array;
}

/** What all pods of one template, namespace and label set share. */
interface PodPlan {
  readonly template: TemplatePlan;
  readonly filters: readonly ReadyFilter[];
  readonly scores: readonly ReadyScore[];
}

/**
 * The scheduling cycle of kube-scheduler for one profile: filter, score, normalise, weigh, sum, choose among the best by chance.
 *
 * It answers for one pod at a time and changes nothing in the cache. Answers that depend on the template and the node alone are kept
 * until the node changes; counts over pods are the cache's, so that no pod is looked at twice.
 *
 * Source: Kubernetes, Scheduling Framework and Scheduler Performance Tuning pages.
 */
export class KubernetesScheduler {
  readonly profile: SchedulerProfile;
  readonly cache: SchedulerCache;
  #epoch = -1;
  /** Where the next search begins, so that all nodes get their turn. */
  #start = 0;
  #templates = new Map<PodSpecInfo, TemplatePlan>();
  #plans = new Map<PodSpecInfo, Map<string, PodPlan>>();
  #planCount = 0;
  #spare: Answers[] = [];
  #feasible = new Int32Array(0);
  #totals = new Float64Array(0);
  #raw = new Float64Array(0);
  #tied = new Int32Array(0);

  constructor(profile: SchedulerProfile, cache: SchedulerCache) {
    this.profile = profile;
    this.cache = cache;
  }

  /** Chooses a node for a pod. `random` is uniform in [0, 1), drawn once if several nodes are best. */
  schedule(pod: PodInfo, random: () => number): Decision {
    const found = this.#findFeasible(pod);
    return this.#choose(this.#planFor(pod), found, random);
  }

  /** As `schedule`, and what was thought of each node that was looked at, by its number. */
  explain(pod: PodInfo, random: () => number): { decision: Decision; verdicts: ReadonlyMap<number, NodeVerdict> } {
    const count = this.cache.nodes.length;
    this.#planFor(pod);
    const start = this.#start;
    const found = this.#findFeasible(pod);
    const examined = found.count === 0 || this.#start === start ? count : (this.#start - start + count) % count;
    const verdicts = new Map<number, NodeVerdict>();
    const scored = this.#scoresOf(pod, found);
    for (let i = 0; i < examined; i++) {
      const node = (start + i) % count;
      const scores = scored.get(node);
      verdicts.set(node, scores === undefined ? this.#rejected(pod, node) : feasibleVerdict(scores));
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
    return this.#passesTemplate(plan.template, node) && passesAll(plan.filters, node);
  }

  /** Pods of no lower priority for which room was made on that node: they are counted as if they were there. */
  #waitingOn(pod: PodInfo, node: number): readonly PodInfo[] {
    const nominated = this.cache.nominatedOn(node);
    if (nominated.length === 0) return nominated;
    const own = podKey(pod);
    return nominated.filter((other) => other.spec.priority >= pod.spec.priority && podKey(other) !== own);
  }

  #rejectionNow(pod: PodInfo, node: number): { readonly plugin: string; readonly rejection: Rejection } | undefined {
    const { template, filters } = this.#planFor(pod);
    const ready = new Map([...template.filters, ...filters].map((one) => [one.plugin, one.filter]));
    for (const plugin of this.profile.filters) {
      const filter = ready.get(plugin);
      if (filter !== undefined && !filter.passes(node)) return { plugin: plugin.name, rejection: filter.rejection(node) };
    }
    return undefined;
  }

  #rejected(pod: PodInfo, node: number): NodeVerdict {
    const found = this.firstRejection(pod, node) ?? { plugin: "", rejection: resolvable() };
    return { kind: "rejected", ...found };
  }

  #findFeasible(pod: PodInfo): FeasibleNodes {
    const plan = this.#planFor(pod);
    const { nodes } = this.cache;
    const total = nodes.length;
    const wanted = nodesToFind(total, this.profile.percentageOfNodesToScore);
    const filters = plan.filters.filter(({ filter }) => filter.isIdle?.() !== true);
    let count = 0;
    let looked = 0;
    let node = this.#start < total ? this.#start : 0;
    while (looked < total && count < wanted) {
      const isFeasible =
        this.cache.nominatedOn(node).length > 0
          ? this.fits(pod, node)
          : this.#passesTemplate(plan.template, node) && passesAll(filters, node);
      if (isFeasible) this.#feasible[count++] = node;
      looked++;
      node = node + 1 === total ? 0 : node + 1;
    }
    this.#start = node;
    return { nodes: this.#feasible, count };
  }

  #passesTemplate({ filters, scores, answers }: TemplatePlan, node: number): boolean {
    const generation = this.cache.generations[node] ?? 0;
    if (answers.asked[node] !== generation) {
      answers.asked[node] = generation;
      const isFeasible = passesAll(filters, node);
      answers.isFeasible[node] = isFeasible ? 1 : 0;
      if (isFeasible) {
        let total = 0;
        for (const { score, weight } of scores) total += weight * score.score(node);
        answers.total[node] = total;
      }
    }
    return answers.isFeasible[node] === 1;
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
    for (let i = 0; i < count; i++) {
      const node = nodes[i] ?? 0;
      // A node that had to be judged beside nominated pods may have changed since its total was kept.
      if (template.answers.asked[node] !== this.cache.generations[node]) this.#passesTemplate(template, node);
      totals[i] = template.answers.total[node] ?? 0;
    }
    for (const { score, weight } of scores) {
      if (!this.#scoreAll(score, feasible)) continue;
      for (let i = 0; i < count; i++) totals[i] = (totals[i] ?? 0) + weight * (this.#raw[i] ?? 0);
    }
  }

  /** Fills `#raw` with normalised scores; false if the plugin has no say. */
  #scoreAll(score: NodeScore, feasible: FeasibleNodes): boolean {
    const { nodes, count } = feasible;
    if (score.begin?.(feasible) === false) return false;
    for (let i = 0; i < count; i++) this.#raw[i] = score.score(nodes[i] ?? 0);
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
    const key = `${pod.nodeName ?? ""} ${this.cache.index.classKey(pod)}`;
    const known = this.#plans.get(pod.spec)?.get(key);
    if (known !== undefined) return known;
    if (this.#planCount >= MOST_PLANS) this.#forgetPlans();
    const plan: PodPlan = {
      template: this.#templateFor(pod),
      filters: this.#readyFilters(pod, false),
      scores: this.#readyScores(pod, false),
    };
    const bySpec = this.#plans.get(pod.spec) ?? new Map<string, PodPlan>();
    this.#plans.set(pod.spec, bySpec.set(key, plan));
    this.#planCount++;
    return plan;
  }

  #templateFor(pod: PodInfo): TemplatePlan {
    const known = this.#templates.get(pod.spec);
    if (known !== undefined) return known;
    // Plans point at their template: they go with it. The arrays serve again.
    if (this.#templates.size >= MOST_TEMPLATES) {
      for (const { answers } of this.#templates.values()) this.#spare.push(answers);
      this.#templates.clear();
      this.#forgetPlans();
    }
    const plan: TemplatePlan = {
      filters: this.#readyFilters(pod, true),
      scores: this.#readyScores(pod, true),
      answers: this.#freshAnswers(),
    };
    this.#templates.set(pod.spec, plan);
    return plan;
  }

  #freshAnswers(): Answers {
    const spare = this.#spare.pop();
    spare?.asked.fill(0);
    const count = this.cache.nodes.length;
    return (
      spare ?? { asked: new Int32Array(count), isFeasible: new Uint8Array(count), total: new Float64Array(count) }
    );
  }

  #readyFilters(pod: PodInfo, isLocal: boolean): ReadyFilter[] {
    return this.profile.filters.flatMap((plugin) => {
      const filter = plugin.isFilterLocal === isLocal ? plugin.filter?.(pod, this.cache) : undefined;
      return filter === undefined ? [] : [{ plugin, filter }];
    });
  }

  #readyScores(pod: PodInfo, isLocal: boolean): ReadyScore[] {
    return this.profile.scores.flatMap(({ plugin, weight }) => {
      const score = plugin.isScoreLocal === isLocal ? plugin.score?.(pod, this.cache) : undefined;
      return score === undefined ? [] : [{ plugin, weight, score }];
    });
  }

  #forgetPlans(): void {
    this.#plans.clear();
    this.#planCount = 0;
  }

  #startAfresh(): void {
    const count = this.cache.nodes.length;
    this.#epoch = this.cache.epoch;
    this.#forgetPlans();
    this.#templates.clear();
    this.#spare = [];
    this.#feasible = new Int32Array(count);
    this.#totals = new Float64Array(count);
    this.#raw = new Float64Array(count);
    this.#tied = new Int32Array(count);
    if (this.#start >= count) this.#start = 0;
  }
}

function passesAll(filters: readonly ReadyFilter[], node: number): boolean {
  for (const { filter } of filters) if (!filter.passes(node)) return false;
  return true;
}

function feasibleVerdict(scores: readonly PluginScore[]): NodeVerdict {
  return { kind: "feasible", scores, total: scores.reduce((sum, { score, weight }) => sum + score * weight, 0) };
}

/**
 * The place of one of the highest among the first `count` totals, by chance if there are several; `undefined` if there are none.
 * `tied` is room for `count` numbers.
 */
export function selectHost(
  totals: Float64Array,
  count: number,
  random: () => number,
  tied: Int32Array,
): number | undefined {
  let best = Number.NEGATIVE_INFINITY;
  let tiedCount = 0;
  for (let i = 0; i < count; i++) {
    const total = totals[i] ?? 0;
    if (total > best) {
      best = total;
      tiedCount = 0;
    }
    if (total === best) tied[tiedCount++] = i;
  }
  if (tiedCount === 0) return undefined;
  return tied[tiedCount === 1 ? 0 : Math.floor(random() * tiedCount)];
}

const ENOUGH_NODES = 100;
const LEAST_PERCENTAGE = 5;

/**
 * How many feasible nodes are enough to choose from: all below 100; else a percentage, by default 50 less one for every 125
 * nodes, at least 5; never below 100 nodes. Source: Kubernetes, Scheduler Performance Tuning page.
 */
export function nodesToFind(nodeCount: number, percentageOfNodesToScore: number): number {
  if (nodeCount < ENOUGH_NODES || percentageOfNodesToScore >= 100) return nodeCount;
  const percentage =
    percentageOfNodesToScore > 0
      ? percentageOfNodesToScore
      : Math.max(LEAST_PERCENTAGE, 50 - Math.floor(nodeCount / 125));
  return Math.min(nodeCount, Math.max(ENOUGH_NODES, Math.floor((nodeCount * percentage) / 100)));
}
