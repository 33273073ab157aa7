import { describe, expect, it } from "vitest";
import { budgetFromV1 } from "../../../src/scheduling/kubernetes/budgetFromV1.ts";
import { nodeFromV1 } from "../../../src/scheduling/kubernetes/fromV1.ts";
import type { PodInfo } from "../../../src/scheduling/kubernetes/podInfo.ts";
import { profileOf } from "../../../src/scheduling/kubernetes/profile.ts";
import { placementsJson, type ScheduleInput, scheduleAll } from "../../../src/scheduling/kubernetes/scheduleAll.ts";
import { node, pod } from "./builders.ts";

function placed(input: Omit<ScheduleInput, "random">) {
  return placementsJson(scheduleAll({ ...input, random: () => 0 })).placements.map(({ pod: name, node, victims }) => [
    name,
    node,
    ...victims,
  ]);
}

describe("scheduleAll", () => {
  it("places by priority first, then in the order given", () => {
    const pods = [pod("a"), pod("b", { priority: 5 }), pod("c", { priority: 5 }), pod("d", { priority: 9 })];
    expect(placed({ nodes: [node("n")], pods }).map(([name]) => name)).toEqual([
      "default/d",
      "default/b",
      "default/c",
      "default/a",
    ]);
  });

  it("counts pods that are bound already and does not place them again", () => {
    const pods = [pod("there", { on: "n1", cpu: "4" }), pod("a")];
    expect(placed({ nodes: [node("n1"), node("n2")], pods })).toEqual([["default/a", "n2"]]);
  });

  it("lets a pod without a place not hold up the next", () => {
    const pods = [pod("big", { cpu: "5" }), pod("small")];
    expect(placed({ nodes: [node("n")], pods })).toEqual([
      ["default/big", null],
      ["default/small", "n"],
    ]);
  });

  it("evicts bound pods of lower priority, and only as many as it must", () => {
    const pods = [
      pod("low-1", { on: "n", cpu: "1" }),
      pod("low-2", { on: "n", cpu: "3" }),
      pod("high", { cpu: "3", priority: 5 }),
      pod("same", { cpu: "3", priority: 5 }),
    ];
    expect(placed({ nodes: [node("n")], pods })).toEqual([
      ["default/high", "n", "default/low-2"],
      ["default/same", null],
    ]);
  });

  it("evicts nobody for a pod that never preempts, nor when preemption is switched off", () => {
    const nodes = [node("n")];
    const low = pod("low", { on: "n", cpu: "4" });
    const meek = pod("meek", { priority: 5, spec: { preemptionPolicy: "Never" } });
    const bold = pod("bold", { priority: 5 });
    expect(placed({ nodes, pods: [low, meek] })).toEqual([["default/meek", null]]);
    expect(placed({ nodes, pods: [low, bold], profiles: [profileOf({ isPreempting: false })] })).toEqual([
      ["default/bold", null],
    ]);
  });

  it("spares a budget's pods while others will do, and counts what it took from the budget", () => {
    const guarded = (name: string, on: string) => pod(name, { on, cpu: "4", labels: { app: "db" } });
    const bound = [guarded("db-1", "n1"), guarded("db-2", "n2"), pod("plain", { on: "n3", cpu: "4" })];
    const budgets = [
      budgetFromV1(
        { metadata: { name: "b" }, spec: { minAvailable: 1, selector: { matchLabels: { app: "db" } } } },
        bound,
      ),
    ];
    const high = ["h1", "h2", "h3"].map((name) => pod(name, { cpu: "4", priority: 5 }));
    expect(budgets[0]?.disruptionsAllowed).toBe(1);
    const victims = placed({ nodes: [node("n1"), node("n2"), node("n3")], pods: [...bound, ...high], budgets });
    // The second of the database's pods goes last of all: only then is there nothing else.
    expect(victims.map(([, , victim]) => victim)).toEqual(["default/db-1", "default/plain", "default/db-2"]);
  });

  it("gives each pod to the profile that it names, and says so if there is none", () => {
    const profiles = [
      profileOf(),
      profileOf({
        schedulerName: "packer",
        args: {
          NodeResourcesFit: {
            strategy: { kind: "MostAllocated", resources: [{ name: "cpu", weight: 1 }] },
            ignoredResources: new Set(),
            ignoredGroups: new Set(),
          },
        },
        scores: new Map([["NodeResourcesFit", 1]]),
      }),
    ];
    const bound = pod("there", { on: "full", cpu: "2" });
    const pods = [
      bound,
      pod("spread"),
      pod("packed", { spec: { schedulerName: "packer" } }),
      pod("lost", { spec: { schedulerName: "x" } }),
    ];
    const placements = scheduleAll({ nodes: [node("full"), node("empty")], pods, profiles, random: () => 0 });
    expect(placements.map(({ node }) => node)).toEqual(["empty", "full", undefined]);
    expect(placements[2]?.note).toBe("no profile is named x");
  });

  it("counts the reasons of all nodes for a pod without a place, as a FailedScheduling event does", () => {
    const tainted = node("t", {}, { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } });
    const pods = [pod("low", { on: "n1", cpu: "2" }), pod("big", { cpu: "3" }), pod("big-too", { cpu: "3" })];
    const notes = (explain: boolean) =>
      scheduleAll({ nodes: [node("n1"), tainted], pods, explain, random: () => 0 }).map(({ note }) => note);
    const note =
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). preemption: 0/2 nodes are available: " +
      "1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.";
    expect(notes(false)).toEqual([note, note]);
    expect(notes(true)).toEqual([note, note]);
  });

  it("leaves a pod with scheduling gates where it is", () => {
    const gated = pod("gated", { spec: { schedulingGates: [{ name: "wait" }] } });
    const [placement] = scheduleAll({ nodes: [node("n")], pods: [gated], random: () => 0 });
    expect([placement?.node, placement?.note]).toEqual([
      undefined,
      "Scheduling is blocked due to non-empty scheduling gates",
    ]);
  });

  it("says so when there are no nodes", () => {
    expect(placementsJson(scheduleAll({ nodes: [], pods: [pod("a")], random: () => 0 })).placements).toEqual([
      { pod: "default/a", node: null, victims: [], note: "no nodes available to schedule pods" },
    ]);
  });

  it("explains every node: why not, or each plugin's weighted score and their sum", () => {
    const tainted = nodeFromV1({
      metadata: { name: "tainted" },
      spec: { taints: [{ key: "k", effect: "NoSchedule" }] },
      status: { allocatable: { cpu: "4", memory: "8Gi", pods: "10" } },
    });
    const pods: PodInfo[] = [pod("there", { on: "full", cpu: "4" }), pod("a", { cpu: "2" })];
    const nodes = [node("free"), node("full"), tainted, node("off", {}, { spec: { unschedulable: true } })];
    const [first] = placementsJson(scheduleAll({ nodes, pods, random: () => 0, explain: true })).placements;
    expect(first?.nodes).toEqual({
      // Free: (2000/4000 and (8192-200)/8192 MiB -> 50 and 97, mean 73); shares of cpu and memory 0.5 and 0 -> 75.
      free: {
        fits: true,
        scores: {
          TaintToleration: 300,
          NodeAffinity: 0,
          NodeResourcesFit: 73,
          PodTopologySpread: 0,
          InterPodAffinity: 0,
          NodeResourcesBalancedAllocation: 75,
          ImageLocality: 0,
        },
        total: 448,
      },
      full: { fits: false, reasons: ["Insufficient cpu"] },
      tainted: { fits: false, reasons: ["node(s) had untolerated taint(s)"] },
      off: { fits: false, reasons: ["node(s) were unschedulable"] },
    });
  });

  it("places the same pods alike whether it explains or not", () => {
    const nodes = Array.from({ length: 7 }, (_, i) => node(`n${i}`, { zone: `z${i % 2}` }));
    const spec = {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { app: "a" } },
        },
      ],
    };
    const pods = Array.from({ length: 30 }, (_, i) => pod(`p${i}`, { labels: { app: "a" }, spec }));
    const run = (explain: boolean) => {
      let turn = 0;
      const random = () => (turn++ * 0.37) % 1;
      return scheduleAll({ nodes, pods, explain, random }).map(({ node }) => node);
    };
    expect(run(true)).toEqual(run(false));
  });

  it("sends a DaemonSet's pod to the node that its affinity names, and looks nowhere else", () => {
    const only = (name: string) => ({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] }],
          },
        },
      },
    });
    const pods = ["n2", "n1", "gone"].map((name) => pod(`for-${name}`, { spec: only(name) }));
    expect(placed({ nodes: [node("n1"), node("n2")], pods })).toEqual([
      ["default/for-n2", "n2"],
      ["default/for-n1", "n1"],
      ["default/for-gone", null],
    ]);
  });

  it("begins the next search where the last one ended, whatever the profile", () => {
    // Of 200 nodes 100 are enough: the second pod, of another profile, looks at the others only.
    const nodes = Array.from({ length: 200 }, (_, i) => node(`n${String(i).padStart(3, "0")}`));
    const pods = [pod("first"), pod("second", { spec: { schedulerName: "other" } })];
    const profiles = ["default-scheduler", "other"].map((schedulerName) =>
      profileOf({ schedulerName, percentageOfNodesToScore: 50 }),
    );
    const placements = scheduleAll({ nodes, pods, profiles, random: () => 0, explain: true });
    const [first, second] = placements.map(({ nodes: seen }) => [...(seen?.keys() ?? [])]);
    expect(first).toHaveLength(100);
    expect(second).toHaveLength(100);
    expect(second?.filter((name) => first?.includes(name))).toEqual([]);
  });

  it("moves on by what it looked at when a pod names its node, too", () => {
    const nodes = [node("n0"), node("n1"), node("n2")];
    const named = {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n2"] }] }],
          },
        },
      },
    };
    const pods = [pod("pinned", { spec: named }), pod("free")];
    const [pinned, free] = scheduleAll({ nodes, pods, random: () => 0, explain: true });
    expect(pinned?.node).toBe("n2");
    expect(pinned?.nodes?.size).toBe(3);
    expect([...(free?.nodes?.keys() ?? [])]).toEqual(["n1", "n2", "n0"]);
  });
});
