import { expect, test } from "vitest";
import { readSchedule } from "../../src/manifests/scheduleInput.ts";
import { scheduleAll } from "../../src/scheduling/kubernetes/scheduleAll.ts";
import { simulate } from "../../src/simulation/simulation.ts";
import { hosts, scenario, service } from "../support/scenarioBuilder.ts";

const asking = (amount: string) => ({
  containers: [
    { name: "main", image: "shop:v1", resources: { requests: { cpu: "100m", "ephemeral-storage": amount } } },
  ],
});
const pods = (amount: string) =>
  JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: asking(amount) });

test.each([
  ["50Mi", 1],
  ["200Gi", 0],
])("of %s of a node's disk, of which nobody says how large it is, %d pods find a place", (amount, placed) => {
  const { input } = readSchedule([{ file: "pods.json", text: pods(amount) }], { nodes: "1x4cpu/8Gi" });
  const placements = scheduleAll({ ...input, random: () => 0 });
  expect(placements.filter(({ node }) => node !== undefined)).toHaveLength(placed);
});

test("a host that a scenario describes has a disk too, and one that says how large has that", () => {
  const used = (allocatable?: Record<string, string>) => {
    const pod = { namespace: "default", labels: { app: "shop" }, spec: asking("50Mi"), ownerSelector: undefined };
    const scheduler = { name: "kubernetes", settings: {} };
    const cluster = { ...scenario().cluster, scheduler, hosts: hosts(1, { allocatable }) };
    return simulate(scenario({ cluster, services: [service({ replicas: 1, pod })] })).summary.hosts.used;
  };
  expect(used()).toBe(1);
  expect(used({ "ephemeral-storage": "1Mi" })).toBe(0);
});
