import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectorOf } from "../../../src/scheduling/kubernetes/labels.ts";
import type { PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import {
  afterEvictions,
  type DisruptionBudget,
  findCandidates,
  losingNomination,
  preempt,
  queueOrder,
  Trials,
} from "../../../src/scheduling/kubernetes/preemption.ts";
import { profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../../src/scheduling/kubernetes/schedulerCache.ts";
import { anyNodes, anyPlainPod, anyPod } from "./anyCluster.ts";
import { node, pod } from "./builders.ts";
import { expectSameAnswers, Twins } from "./twins.ts";

const first = () => 0;

function budgetOf(app: string, disruptionsAllowed: number): DisruptionBudget {
  const selector = selectorOf([{ key: "app", operator: "In", values: [app] }]);
  return { namespace: "n1", selector, disruptionsAllowed, disruptedPods: new Set() };
}

/** The victims on one node, found by asking plain lists. */
function naiveVictims(twins: Twins, incoming: PodInfo, at: number, budgets: readonly DisruptionBudget[]) {
  const one = twins.naive[at];
  if (one === undefined) return undefined;
  const before = [...one.pods];
  const fits = () => twins.reasons(incoming, one).length === 0;
  const holdOnly = (pods: readonly PodInfo[]) => one.pods.splice(0, one.pods.length, ...pods);
  const lower = before
    .filter(({ spec }) => spec.priority < incoming.spec.priority)
    .sort((a, b) => b.spec.priority - a.spec.priority);
  const kept = before.filter((other) => !lower.includes(other));
  const left = budgets.map(({ disruptionsAllowed }) => disruptionsAllowed);
  const violating = lower.filter((other) => {
    let isViolating = false;
    budgets.forEach(({ namespace, selector }, i) => {
      const [requirement] = selector?.requirements ?? [];
      if (other.namespace !== namespace || other.labels.get("app") !== requirement?.values[0]) return;
      left[i] = (left[i] ?? 0) - 1;
      if ((left[i] ?? 0) < 0) isViolating = true;
    });
    return isViolating;
  });
  holdOnly(kept);
  const victims: PodInfo[] = [];
  const canHelp = lower.length > 0 && fits();
  for (const other of canHelp ? [...violating, ...lower.filter((one) => !violating.includes(one))] : []) {
    one.pods.push(other);
    if (fits()) continue;
    one.pods.pop();
    victims.push(other);
  }
  holdOnly(before);
  if (victims.length === 0) return undefined;
  return { node: at, victims: new Set(victims), violations: victims.filter((one) => violating.includes(one)).length };
}

describe("findCandidates", () => {
  it.each([
    { kind: "of all kinds", anyOne: anyPod },
    { kind: "that only ask for room", anyOne: anyPlainPod },
  ])(
    "finds the victims that asking plain lists finds, for pods $kind, and leaves the cache as it was",
    ({ anyOne }) => {
      const placed = fc.array(fc.record({ pod: anyOne, at: fc.nat(1000) }), { maxLength: 16 });
      const incoming = anyOne.map((one): PodInfo => ({ ...one, spec: { ...one.spec, priority: 3 } }));
      fc.assert(
        fc.property(anyNodes(4), placed, incoming, fc.nat(2), (nodes, pods, probe, allowed) => {
          const twins = new Twins(nodes);
          for (const { pod, at } of pods) twins.place(pod, at % nodes.length);
          const budgets = [budgetOf("a", allowed), budgetOf("b", 0)];
          const trials = new Trials();
          const codes = twins.naive.map((_, at) => twins.scheduler.rejectionCode(probe, at));
          const wanted = twins.naive.flatMap((_, at) =>
            codes[at] === "Unschedulable" ? (naiveVictims(twins, probe, at, budgets) ?? []) : [],
          );
          // The second time, trials are kept from the first.
          for (let round = 0; round < 2; round++) {
            const found = findCandidates(twins.scheduler, { pod: probe, budgets, trials, random: first });
            expect(
              found.map(({ node, victims, budgetViolations }) => ({
                node,
                victims: new Set(victims),
                violations: budgetViolations,
              })),
            ).toEqual(wanted);
            expectSameAnswers(twins, probe);
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe("Trials", () => {
  it("change nothing of what is found, whatever comes and goes and whatever budgets allow", () => {
    const step = fc.record({
      pod: anyPlainPod,
      at: fc.nat(1000),
      kind: fc.constantFrom("place", "place", "remove", "budget"),
    });
    const probes = fc.array(anyPlainPod, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(anyNodes(3), fc.array(step, { maxLength: 20 }), probes, (nodes, steps, incoming) => {
        const twins = new Twins(nodes);
        const trials = new Trials();
        let budgets = [budgetOf("a", 0)];
        for (const { pod, at, kind } of steps) {
          if (kind === "place") twins.place(pod, at % nodes.length);
          else if (kind === "remove") twins.remove(at % nodes.length);
          else budgets = [budgetOf("a", at % 3)];
          for (const one of incoming) {
            const input = { pod: one, budgets, random: first };
            const kept = findCandidates(twins.scheduler, { ...input, trials });
            expect(kept).toEqual(findCandidates(twins.scheduler, input));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("preempt", () => {
  function world(pods: readonly PodInfo[], nodes = [node("n1"), node("n2")]) {
    const cache = new SchedulerCache({ nodes });
    for (const one of pods) cache.place(one, cache.numberOf(one.nodeName ?? "") ?? -1);
    return new KubernetesScheduler(profileOf(), cache);
  }

  it("counts a pod of the same priority for which room was made as if it were there", () => {
    const scheduler = world([], [node("n1")]);
    const { cache } = scheduler;
    cache.nominate(pod("waiting", { cpu: "3", priority: 5 }), 0);
    expect(scheduler.schedule(pod("late", { cpu: "2", priority: 5 }), first).kind).toBe("unschedulable");
    expect(scheduler.schedule(pod("higher", { cpu: "2", priority: 6 }), first).kind).toBe("fits");
    expect(scheduler.schedule(pod("small", { cpu: "1", priority: 0 }), first).kind).toBe("fits");
    expect(scheduler.schedule(pod("waiting", { cpu: "3", priority: 5 }), first).kind).toBe("fits");
  });

  it("does not let a pod rely on one that only has been promised room", () => {
    const scheduler = world([], [node("n1")]);
    scheduler.cache.nominate(pod("friend", { priority: 5, labels: { app: "friend" } }), 0);
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "friend" } } };
    const spec = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    expect(scheduler.schedule(pod("follower", { spec }), first).kind).toBe("unschedulable");
  });

  it("keeps a pod out whose anti-affinity one with promised room has", () => {
    const scheduler = world([], [node("n1")]);
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "noisy" } } };
    const spec = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    const noisy = pod("noisy", { labels: { app: "noisy" } });
    expect(scheduler.schedule(noisy, first).kind).toBe("fits");
    scheduler.cache.nominate(pod("quiet", { priority: 5, spec }), 0);
    expect(scheduler.schedule(noisy, first).kind).toBe("unschedulable");
  });

  it("is followed by a cycle in which the pod goes where room was made, even if another node scores higher", () => {
    const scheduler = world([pod("busy", { on: "n1", cpu: "2" })]);
    const { cache } = scheduler;
    const back = pod("back", { nominated: "n1" });
    cache.nominate(back, 0);
    expect(scheduler.schedule(pod("new"), first)).toMatchObject({ kind: "fits", node: 1, feasibleCount: 2 });
    expect(scheduler.schedule(back, first)).toEqual({ kind: "fits", node: 0, feasibleCount: 1 });
    const { verdicts } = scheduler.explain(back, first);
    expect([...verdicts.keys()]).toEqual([0]);
    cache.place(pod("full", { cpu: "2" }), 0);
    expect(scheduler.schedule(back, first)).toMatchObject({ kind: "fits", node: 1 });
  });

  it("leaves nodes alone whose verdict no eviction changes", () => {
    const tainted = node("tainted", {}, { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } });
    const scheduler = world([pod("low", { on: "tainted", cpu: "4" })], [tainted]);
    const input = { pod: pod("high", { priority: 5 }), budgets: [], random: first };
    expect(preempt(scheduler, input)).toBeUndefined();
  });

  it("takes the victims that started last, among equals", () => {
    const early = pod("early", { on: "n1", cpu: "4", startTime: "2026-01-31T23:59:59Z" });
    const late = pod("late", { on: "n2", cpu: "4", startTime: "2026-02-01T00:00:00Z" });
    const chosen = preempt(world([early, late]), { pod: pod("high", { priority: 5 }), budgets: [], random: first });
    expect(chosen?.victims).toEqual([late]);
  });

  it("takes the nomination from pods of lower priority only", () => {
    const { cache } = world([]);
    const lower = pod("lower", { priority: 1 });
    cache.nominate(lower, 0);
    cache.nominate(pod("equal", { priority: 5 }), 0);
    cache.nominate(pod("elsewhere", { priority: 1 }), 1);
    expect(losingNomination(cache, pod("high", { priority: 5 }), 0)).toEqual([lower]);
    cache.unnominate(lower);
    expect(losingNomination(cache, pod("high", { priority: 5 }), 0)).toEqual([]);
  });
});

describe("afterEvictions", () => {
  it("lowers the budgets that the victims are of, never below 0", () => {
    const victim: PodInfo = { ...pod("v", { labels: { app: "a" } }), namespace: "n1" };
    const budgets = [budgetOf("a", 1), budgetOf("b", 1)];
    const after = afterEvictions(budgets, [victim, victim]);
    expect(after.map(({ disruptionsAllowed }) => disruptionsAllowed)).toEqual([0, 1]);
    expect(afterEvictions(budgets, [pod("other")])).toBe(budgets);
  });
});

describe("queueOrder", () => {
  it("takes the higher priority first, then who came earlier", () => {
    const queue = [
      { pod: pod("late"), queuedAt: 2 },
      { pod: pod("early"), queuedAt: 1 },
      { pod: pod("high", { priority: 1 }), queuedAt: 3 },
    ];
    expect(queue.sort(queueOrder).map(({ pod: { name } }) => name)).toEqual(["high", "early", "late"]);
  });
});
