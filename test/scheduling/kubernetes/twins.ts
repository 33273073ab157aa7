import { expect } from "vitest";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import { DEFAULT_FILTERS, DEFAULT_SCORES, profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../../src/scheduling/kubernetes/schedulerCache.ts";
import { type NaiveNode, naiveFilters, naiveScores } from "./naiveScheduler.ts";

const scores = [...DEFAULT_SCORES].filter(([name]) => naiveScores.has(name));

/** The same cluster twice: once with sums and counts that are kept, once as plain lists. */
export class Twins {
  readonly cache: SchedulerCache;
  readonly scheduler: KubernetesScheduler;
  readonly naive: readonly NaiveNode[];

  constructor(nodes: readonly NodeInfo[]) {
    this.cache = new SchedulerCache({ nodes });
    this.scheduler = new KubernetesScheduler(profileOf({ scores: new Map(scores) }), this.cache);
    this.naive = this.cache.nodes.map((node) => ({ node, pods: [] }));
  }

  place(pod: PodInfo, node: number): void {
    this.cache.place(pod, node);
    this.naive[node]?.pods.push(pod);
  }

  remove(node: number): void {
    const pod = this.naive[node]?.pods.pop();
    if (pod !== undefined) this.cache.remove(pod, node);
  }

  reasons(pod: PodInfo, node: NaiveNode): readonly string[] {
    for (const name of DEFAULT_FILTERS) {
      const reasons = naiveFilters.get(name)?.(pod, node, this.naive) ?? [];
      if (reasons.length > 0) return reasons;
    }
    return [];
  }

  totals(pod: PodInfo, feasible: readonly NaiveNode[]): readonly number[] {
    const parts = scores.map(([name, weight]) =>
      (naiveScores.get(name)?.(pod, feasible, this.naive) ?? []).map((score) => score * weight),
    );
    return feasible.map((_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0), 0));
  }
}

/** Every filter and score of the pod, both ways. */
export function expectSameAnswers(twins: Twins, pod: PodInfo): void {
  const { scheduler, naive } = twins;
  const feasible = naive.filter((one, node) => {
    const reasons = twins.reasons(pod, one);
    expect(scheduler.firstRejection(pod, node)?.rejection.reasons ?? []).toEqual(reasons);
    expect(scheduler.fits(pod, node)).toBe(reasons.length === 0);
    expect(scheduler.rejectionCode(pod, node)).toBe(scheduler.firstRejection(pod, node)?.rejection.code);
    return reasons.length === 0;
  });
  const numbers = feasible.map((one) => naive.indexOf(one));
  const found = scheduler.scoreNodes(pod, numbers);
  for (const [name] of scores) {
    const wanted = naiveScores.get(name)?.(pod, feasible, naive) ?? [];
    const actual = numbers.map((node) => found.get(node)?.find(({ plugin }) => plugin === name)?.score);
    expect({ name, scores: actual }).toEqual({ name, scores: wanted });
  }
}
