/** What is worked out once for many pods: filters and scores made ready, and their answers by node. */
import type { NodeFilter, NodeScore, Plugin, RejectionCode } from "./plugin.ts";
import type { PodClass } from "./podIndex.ts";
import type { PodInfo, PodSpecInfo } from "./podInfo.ts";
import type { SchedulerProfile } from "./profile.ts";
import type { SchedulerCache } from "./schedulerCache.ts";

/** Plans kept before all are let go: label sets of StatefulSet pods are all different. */
const MOST_PLANS = 2_000;
/** Templates whose answers by node are kept; each costs a few bytes for each node. */
const MOST_TEMPLATES = 200;

/** A plugin's filter, ready for a pod. */
export interface ReadyFilter {
  readonly plugin: Plugin;
  readonly filter: NodeFilter;
}

/** A plugin's score, ready for a pod, with its weight. */
export interface ReadyScore {
  readonly plugin: Plugin;
  readonly weight: number;
  readonly score: NodeScore;
}

/** Answers of one template, by node. */
interface Answers {
  /** The node's generation when it was last asked; answers of another generation are void. */
  readonly asked: Int32Array;
  readonly isFeasible: Uint8Array;
  /** Of a rejection; 0 if nobody has asked. */
  readonly code: Uint8Array;
  readonly total: Float64Array;
}

const RESOLVABLE = 1;
const UNRESOLVABLE = 2;

/** What all pods of one template share: the filters and scores that the node alone decides. Answers hold until the node changes. */
export class TemplatePlan {
  readonly filters: readonly ReadyFilter[];
  readonly scores: readonly ReadyScore[];
  readonly answers: Answers;
  readonly #generations: Int32Array;

  constructor(filters: readonly ReadyFilter[], scores: readonly ReadyScore[], kept: Answers, generations: Int32Array) {
    this.filters = filters;
    this.scores = scores;
    this.answers = kept;
    this.#generations = generations;
  }

  passes(node: number): boolean {
    if (this.answers.asked[node] !== this.#generations[node]) this.#ask(node);
    return this.answers.isFeasible[node] === 1;
  }

  /** The weighted sum of the scores; of a node that passes. */
  total(node: number): number {
    if (this.answers.asked[node] !== this.#generations[node]) this.#ask(node);
    return this.answers.total[node] ?? 0;
  }

  /** Why it does not pass; asked only of such. */
  rejectionCode(node: number): RejectionCode {
    const { code } = this.answers;
    if (code[node] === 0) {
      const failed = this.filters.find(({ filter }) => !filter.passes(node));
      code[node] = failed?.filter.rejection(node).code === "Unschedulable" ? RESOLVABLE : UNRESOLVABLE;
    }
    return code[node] === RESOLVABLE ? "Unschedulable" : "UnschedulableAndUnresolvable";
  }

  #ask(node: number): void {
    const { asked, isFeasible, code, total } = this.answers;
    asked[node] = this.#generations[node] ?? 0;
    code[node] = 0;
    const passes = passesAll(this.filters, node);
    isFeasible[node] = passes ? 1 : 0;
    if (!passes) return;
    let sum = 0;
    for (const { score, weight } of this.scores) sum += weight * score.score(node);
    total[node] = sum;
  }
}

/** What all pods of one template, namespace and label set share. */
export interface PodPlan {
  /** The nodes to look at, if they are not all. */
  readonly candidates: readonly number[] | undefined;
  readonly template: TemplatePlan;
  /** The filters that look beyond the node. */
  readonly filters: readonly ReadyFilter[];
  /** The scores that look beyond the node. */
  readonly scores: readonly ReadyScore[];
  /** All filters in the profile's order: the first that says no gives the reasons. */
  readonly inOrder: readonly ReadyFilter[];
  /** Whether the template's filters all come before the others. */
  readonly isTemplateFirst: boolean;
}

/** The plans of one profile, as long as the nodes stay as they are (one epoch of the cache). */
export class PodPlans {
  readonly #profile: SchedulerProfile;
  readonly #cache: SchedulerCache;
  readonly #templates = new Map<PodSpecInfo, TemplatePlan>();
  readonly #plans = new Map<PodSpecInfo, Map<PodClass, PodPlan>>();
  #planCount = 0;
  #spare: Answers[] = [];

  constructor(profile: SchedulerProfile, cache: SchedulerCache) {
    this.#profile = profile;
    this.#cache = cache;
  }

  of(pod: PodInfo): PodPlan {
    // A pod that names its node is alone with that.
    if (pod.nodeName !== undefined) return this.#make(pod);
    const podClass = this.#cache.index.classOf(pod);
    const known = this.#plans.get(pod.spec)?.get(podClass);
    if (known !== undefined) return known;
    if (this.#planCount >= MOST_PLANS) this.#forget();
    const plan = this.#make(pod);
    const bySpec = this.#plans.get(pod.spec) ?? new Map<PodClass, PodPlan>();
    this.#plans.set(pod.spec, bySpec.set(podClass, plan));
    this.#planCount++;
    return plan;
  }

  #make(pod: PodInfo): PodPlan {
    const template = this.#templateOf(pod);
    const filters = this.#readyFilters(pod, false);
    const ready = [...template.filters, ...filters];
    const { filters: order } = this.#profile;
    const inOrder = order.flatMap((plugin) => ready.filter((one) => one.plugin === plugin));
    return {
      candidates: this.#candidatesOf(pod),
      template,
      filters,
      scores: this.#readyScores(pod, false),
      inOrder,
      isTemplateFirst: template.filters.every((one, i) => inOrder[i] === one),
    };
  }

  #candidatesOf(pod: PodInfo): readonly number[] | undefined {
    const sets = this.#profile.filters.flatMap((plugin) => plugin.candidates?.(pod) ?? []);
    const [first, ...others] = sets;
    if (first === undefined) return undefined;
    const numbers = [...first]
      .filter((name) => others.every((names) => names.has(name)))
      .map((name) => this.#cache.numberOf(name));
    return numbers.filter((number) => number !== undefined).sort((a, b) => a - b);
  }

  #templateOf(pod: PodInfo): TemplatePlan {
    const known = this.#templates.get(pod.spec);
    if (known !== undefined) return known;
    // Plans point at their template: they go with it. The arrays serve again.
    if (this.#templates.size >= MOST_TEMPLATES) {
      for (const { answers } of this.#templates.values()) this.#spare.push(answers);
      this.#templates.clear();
      this.#forget();
    }
    const filters = this.#readyFilters(pod, true);
    const scores = this.#readyScores(pod, true);
    const plan = new TemplatePlan(filters, scores, this.#freshAnswers(), this.#cache.generations);
    this.#templates.set(pod.spec, plan);
    return plan;
  }

  #freshAnswers(): Answers {
    const spare = this.#spare.pop();
    spare?.asked.fill(0);
    if (spare !== undefined) return spare;
    const count = this.#cache.nodes.length;
    return {
      asked: new Int32Array(count),
      isFeasible: new Uint8Array(count),
      code: new Uint8Array(count),
      total: new Float64Array(count),
    };
  }

  #readyFilters(pod: PodInfo, isLocal: boolean): ReadyFilter[] {
    return this.#profile.filters.flatMap((plugin) => {
      const filter = plugin.isFilterLocal === isLocal ? plugin.filter?.(pod, this.#cache) : undefined;
      return filter === undefined ? [] : [{ plugin, filter }];
    });
  }

  #readyScores(pod: PodInfo, isLocal: boolean): ReadyScore[] {
    return this.#profile.scores.flatMap(({ plugin, weight }) => {
      const score = plugin.isScoreLocal === isLocal ? plugin.score?.(pod, this.#cache) : undefined;
      return score === undefined ? [] : [{ plugin, weight, score }];
    });
  }

  #forget(): void {
    this.#plans.clear();
    this.#planCount = 0;
  }
}

/** Whether all filters let a pod onto the node. */
export function passesAll(filters: readonly ReadyFilter[], node: number): boolean {
  for (const { filter } of filters) if (!filter.passes(node)) return false;
  return true;
}
