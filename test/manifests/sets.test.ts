import { describe, expect, test } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { scheduleAll } from "../../src/scheduling/kubernetes/scheduleAll.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { filesOf, readText, SETS, textOf } from "./manifestSets.ts";

/** How many workloads each set has, counted by hand. */
const WORKLOADS: Readonly<Record<string, number>> = {
  "argo-rollouts": 11,
  bookinfo: 6,
  cassandra: 1,
  guestbook: 3,
  "guestbook-legacy": 3,
  "kubernetes-website": 5,
  "online-boutique": 12,
  podinfo: 1,
  "podinfo-webapp": 2,
  vllm: 2,
};

describe.each(SETS)("the real manifests of %s", (set) => {
  test("find a node for every pod", () => {
    const { input } = readSchedule(filesOf(set), {});
    const placements = scheduleAll({ ...input, random: new Streams(1).named("scheduling").next });
    expect(placements.length).toBe(input.pods.filter(({ nodeName }) => nodeName === undefined).length);
    expect(placements.filter(({ node }) => node === undefined).map(({ pod }) => pod.name)).toEqual([]);
  });

  test("come in as services, one for each workload, and run through a release", () => {
    const { scenario } = readText(textOf(set));
    expect(scenario.services).toHaveLength(WORKLOADS[set] ?? -1);
    const { summary } = simulate({ ...scenario, duration: 300_000_000 });
    const released = scenario.services.filter(({ workload }) => workload !== "ReplicaSet" && workload !== "Pod");
    for (const { name, replicas } of released) {
      const [rollout] = summary.services[name]?.rollouts ?? [];
      expect(rollout?.startS, name).toBe(120);
      expect(rollout?.peakContainers, name).toBeGreaterThanOrEqual(replicas);
      // Those that wait for a person wait for ever.
      if (rollout?.strategy !== "canary" && rollout?.strategy !== "blue-green")
        expect(rollout?.outcome, name).toBe("completed");
    }
  });

  test("give the same scenario twice", () => {
    expect(readText(textOf(set))).toEqual(readText(textOf(set)));
  });
});

test.each(SETS)("the releases of %s keep to their strategies' limits", (set) => {
  const { scenario } = readText(textOf(set));
  const { summary } = simulate({ ...scenario, duration: 300_000_000 });
  for (const { name, replicas } of scenario.services) {
    const [rollout] = summary.services[name]?.rollouts ?? [];
    if (rollout?.strategy === "stateful-set") {
      expect(rollout, name).toMatchObject({ peakContainers: replicas, minAvailable: replicas - 1 });
    }
    if (rollout?.strategy === "rolling") {
      expect(rollout.peakContainers, name).toBe(replicas + Math.ceil(replicas / 4));
      expect(rollout.minAvailable, name).toBeGreaterThanOrEqual(replicas - Math.floor(replicas / 4));
    }
  }
});

test.each([
  // How many workloads have one, counted by hand.
  { set: "cassandra", probed: 1 },
  { set: "kubernetes-website", probed: 2 },
  { set: "online-boutique", probed: 11 },
  { set: "podinfo", probed: 1 },
  { set: "podinfo-webapp", probed: 2 },
])("the liveness probes of $set kill nothing that starts in the usual time", ({ set, probed }) => {
  const { scenario } = readText(textOf(set));
  expect(scenario.services.filter(({ liveness }) => liveness !== undefined)).toHaveLength(probed);
  const { summary } = simulate({ ...scenario, duration: 300_000_000 });
  for (const { name } of scenario.services) expect(summary.services[name]?.containers.restarts, name).toBe(0);
});

test("a rolling update of podinfo waits for a new pod to be available before it takes an old one", () => {
  const { scenario } = readText(textOf("podinfo"));
  const [podinfo] = scenario.services;
  expect(podinfo?.strategy).toEqual({
    name: "rolling",
    settings: { maxUnavailable: 0, minReadySeconds: 3, progressDeadlineSeconds: 60, revisionHistoryLimit: 5 },
  });
  const { summary } = simulate(scenario);
  const [rollout] = summary.services.podinfo?.rollouts ?? [];
  expect(rollout).toMatchObject({ outcome: "completed", minAvailable: podinfo?.replicas });
});
