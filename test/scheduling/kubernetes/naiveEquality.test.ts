import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodesToFind } from "../../../src/scheduling/kubernetes/hostSelection.ts";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import { profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../../src/scheduling/kubernetes/schedulerCache.ts";
import { anyNodes, anyPod, anySpreadingPod } from "./anyCluster.ts";
import { expectSameAnswers, Twins } from "./twins.ts";

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
      fc.property(
        anyNodes(6),
        anyHistory(pod),
        fc.array(pod, { minLength: 1, maxLength: 3 }),
        (nodes, history, probes) => {
          const twins = new Twins(nodes);
          for (const { pod, at, isRemoval } of history) {
            // Asked in between as well, so that answers are kept and must be given up.
            for (const probe of probes) {
              twins.scheduler.schedule(probe, () => 0);
              for (let node = 0; node < nodes.length; node++) twins.scheduler.rejectionCode(probe, node);
            }
            if (isRemoval) twins.remove(at % nodes.length);
            else twins.place(pod, at % nodes.length);
          }
          for (const probe of probes) expectSameAnswers(twins, probe);
        },
      ),
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
