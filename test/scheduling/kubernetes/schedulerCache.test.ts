import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeInfo, PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import { profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { KubernetesScheduler } from "../../../src/scheduling/kubernetes/scheduler.ts";
import { SchedulerCache } from "../../../src/scheduling/kubernetes/schedulerCache.ts";
import { anyNodes, anyPod, anySpreadingPod } from "./anyCluster.ts";
import { node, pod } from "./builders.ts";

/** The nodes as they should be, and their pods. */
type Left = Map<string, { one: NodeInfo; pods: readonly PodInfo[] }>;

describe("SchedulerCache", () => {
  it.each([
    { kind: "of all kinds", anyOne: anyPod },
    { kind: "that only spread", anyOne: anySpreadingPod },
  ])("answers for pods $kind after changes of nodes as one that never knew them otherwise", ({ anyOne }) => {
    const kind = fc.constantFrom("drop", "replace", "taint", "cordon");
    const changes = fc.array(fc.record({ at: fc.nat(1000), kind }), { maxLength: 6 });
    const placed = fc.array(fc.record({ pod: anyOne, at: fc.nat(1000) }), { maxLength: 10 });
    fc.assert(
      fc.property(anyNodes(6), anyNodes(6), changes, placed, anyOne, (nodes, others, steps, pods, probe) => {
        const cache = new SchedulerCache({ nodes });
        const scheduler = new KubernetesScheduler(profileOf(), cache);
        for (const { pod, at } of pods) cache.place(pod, at % nodes.length);
        const left: Left = new Map(
          cache.nodes.map((one, number) => [one.name, { one, pods: [...cache.podsOn(number)] }]),
        );
        for (const { at, kind } of steps) {
          scheduler.schedule(probe, () => 0);
          change(cache, left, { kind, name: `node${at % 6}`, other: others[at % others.length] });
        }
        const fresh = new SchedulerCache({ nodes: [...left.values()].map(({ one }) => one) });
        for (const { one, pods } of left.values())
          for (const pod of pods) fresh.place(pod, fresh.numberOf(one.name) ?? -1);
        expect(answers(scheduler)(probe)).toEqual(answers(new KubernetesScheduler(profileOf(), fresh))(probe));
      }),
      { numRuns: 300 },
    );
  });

  function change(
    cache: SchedulerCache,
    left: Left,
    { kind, name, other }: { kind: string; name: string; other: NodeInfo | undefined },
  ) {
    const known = left.get(name);
    if (kind === "drop") {
      left.delete(name);
      cache.dropNode(name);
      return;
    }
    const next = changed(kind, known?.one, other, name);
    if (next === undefined) return;
    left.set(name, { one: next, pods: known?.pods ?? [] });
    cache.setNode(next);
  }

  function changed(kind: string, known: NodeInfo | undefined, other: NodeInfo | undefined, name: string) {
    if (kind === "replace") return other && { ...other, name };
    if (known === undefined) return undefined;
    if (kind === "cordon") return { ...known, isUnschedulable: !known.isUnschedulable };
    return { ...known, taints: other?.taints ?? [] };
  }

  function answers(scheduler: KubernetesScheduler) {
    return (probe: Parameters<KubernetesScheduler["schedule"]>[0]) => {
      const { nodes } = scheduler.cache;
      const scores = scheduler.scoreNodes(
        probe,
        nodes.map((_, number) => number),
      );
      return Object.fromEntries(
        nodes.map((one, number) => [
          one.name,
          { rejection: scheduler.firstRejection(probe, number), scores: scores.get(number) },
        ]),
      );
    };
  }

  it("numbers nodes in turn over their zones", () => {
    const zone = (name: string) => ({ "topology.kubernetes.io/zone": name });
    const nodes = [
      node("a1", zone("a")),
      node("a2", zone("a")),
      node("b1", zone("b")),
      node("none"),
      node("a3", zone("a")),
    ];
    const names = new SchedulerCache({ nodes }).nodes.map(({ name }) => name);
    expect(names).toEqual(["a1", "b1", "none", "a2", "a3"]);
  });

  it("joins the selectors of all Services of a pod with its owner's", () => {
    const service = (selector: [string, string][], namespace = "default") => ({
      namespace,
      selector: new Map(selector),
    });
    const cache = new SchedulerCache({
      nodes: [],
      services: [
        service([["app", "a"]]),
        service([["tier", "web"]]),
        service([["app", "b"]]),
        service(
          [
            ["app", "a"],
            ["x", "y"],
          ],
          "other",
        ),
        service([]),
      ],
    });
    const labels = { app: "a", tier: "web" };
    expect(cache.defaultSelector(pod("p", { labels }))?.requirements.map(({ key }) => key)).toEqual(["app", "tier"]);
    expect(cache.defaultSelector(pod("p", { labels: { app: "c" } }))).toBeUndefined();
  });
});
