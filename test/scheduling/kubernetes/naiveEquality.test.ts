import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import { DEFAULT_FILTERS, DEFAULT_SCORES, profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler, nodesToFind } from "../../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../../src/scheduling/kubernetes/schedulerCache.ts";
import { anyNodes, anyPod, anySpreadingPod } from "./anyCluster.ts";
import { type NaiveNode, naiveFilters, naiveScores } from "./naiveScheduler.ts";

const scores = [...DEFAULT_SCORES].filter(([name]) => naiveScores.has(name));

/** The same cluster twice: once with sums and counts that are kept, once as plain lists. */
class Twins {
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

/** Pods that come at random places and go again. */
function anyHistory(pod: fc.Arbitrary<PodInfo>) {
  const isRemoval = fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0);
  return fc.array(fc.record({ pod, at: fc.nat(1000), isRemoval }), { maxLength: 20 });
}

describe("the scheduler with its kept sums", () => {
  it.each([
    { kind: "of all kinds", pod: anyPod },
    { kind: "that only spread", pod: anySpreadingPod },
  ])("gives the same reasons and scores for pods $kind as one that counts everything anew", ({ pod }) => {
    fc.assert(
      fc.property(anyNodes(6), anyHistory(pod), fc.array(pod, { minLength: 1, maxLength: 3 }), (nodes, history, probes) => {
        const twins = new Twins(nodes);
        for (const { pod, at, isRemoval } of history) {
          // Asked in between as well, so that answers are kept and must be given up.
          for (const probe of probes) twins.scheduler.schedule(probe, () => 0);
          if (isRemoval) twins.remove(at % nodes.length);
          else twins.place(pod, at % nodes.length);
        }
        for (const probe of probes) expectSameAnswers(twins, probe);
      }),
      { numRuns: 400 },
    );
  });

  it("chooses a node that the slow way finds best, pod after pod", () => {
    fc.assert(
      fc.property(anyNodes(8), fc.array(anyPod, { minLength: 1, maxLength: 20 }), fc.nat(99), (nodes, pods, roll) => {
        const twins = new Twins(nodes);
        for (const pod of pods) {
          const decision = twins.scheduler.schedule(pod, () => roll / 100);
          const feasible = twins.naive.filter((node) => twins.reasons(pod, node).length === 0);
          if (decision.kind === "unschedulable") {
            expect(feasible).toEqual([]);
            continue;
          }
          const totals = twins.totals(pod, feasible);
          const best = Math.max(...totals);
          const chosen = feasible.findIndex(({ node }) => node === twins.cache.nodes[decision.node]);
          expect(totals[chosen]).toBe(best);
          twins.place(pod, decision.node);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("looks at nodes in turn and stops when it has found enough", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 700 }),
        fc.integer({ min: 0, max: 100 }),
        fc.array(anyPod, { minLength: 1, maxLength: 4 }),
        (count, percentage, pods) => {
          const node = (i: number): NodeInfo => ({
            name: `n${i}`,
            labels: new Map([["zone", `z${i % 3}`]]),
            taints: i % 5 === 0 ? [{ key: "dedicated", value: "yes", effect: "NoSchedule" }] : [],
            isUnschedulable: false,
            allocatable: new Map([
              ["cpu", 4000],
              ["memory", 2 ** 32],
              ["pods", 9],
              ["example.com/gpu", i % 2],
            ]),
            images: new Map(),
          });
          const cache = new SchedulerCache({ nodes: Array.from({ length: count }, (_, i) => node(i)) });
          const profile = profileOf({ percentageOfNodesToScore: percentage });
          const scheduler = new KubernetesScheduler(profile, cache);
          const wanted = nodesToFind(count, percentage);
          let start = 0;
          for (const pod of pods) {
            const decision = scheduler.schedule(pod, () => 0.5);
            const feasible: number[] = [];
            let looked = 0;
            for (; looked < count && feasible.length < wanted; looked++) {
              const number = (start + looked) % count;
              if (scheduler.fits(pod, number)) feasible.push(number);
            }
            start = (start + looked) % count;
            if (decision.kind === "unschedulable") expect(feasible).toEqual([]);
            else {
              expect(decision.feasibleCount).toBe(feasible.length);
              expect(feasible).toContain(decision.node);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

function expectSameAnswers(twins: Twins, pod: PodInfo): void {
  const { scheduler, naive } = twins;
  const feasible = naive.filter((one, node) => {
    const reasons = twins.reasons(pod, one);
    expect(scheduler.firstRejection(pod, node)?.rejection.reasons ?? []).toEqual(reasons);
    expect(scheduler.fits(pod, node)).toBe(reasons.length === 0);
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
