/** Measures placement: `node bench/scheduling.ts [--quick]`. The cases are those of Kubernetes' scheduler_perf. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Streams } from "../src/kernel/random.ts";
import { nodeFromV1, PodReader } from "../src/scheduling/kubernetes/fromV1.ts";
import type { NodeInfo, PodInfo } from "../src/scheduling/kubernetes/podInfo.ts";
import { scheduleAll } from "../src/scheduling/kubernetes/scheduleAll.ts";
import type { ServiceInfo } from "../src/scheduling/kubernetes/schedulerCache.ts";
import { below, type Target } from "./section.ts";
import { table } from "./table.ts";

const NODE_COUNTS = [100, 1000, 5000, 20_000];
const MOST_PODS = 50_000;
const PODS_PER_NODE = 10;
const TARGET_NODES = 5000;
const TARGET_SECONDS = 5;
const MEASURED_ROUNDS = 3;
const ZONE = "topology.kubernetes.io/zone";

/** One workload. Source: kubernetes/kubernetes, test/integration/scheduler_perf, its templates and performance-config.yaml files. */
interface Workload {
  readonly name: string;
  /** Pods a second that scheduler_perf demands at 5,000 nodes. */
  readonly threshold: number;
  readonly podsPerNode: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly services?: readonly ServiceInfo[];
  /** One pod for each node in turn, which its affinity names, as the DaemonSet controller makes them. */
  readonly isOneForEachNode?: boolean;
}

const blue = { matchLabels: { color: "blue" } };
const green = { matchLabels: { color: "green" } };

function spreading(whenUnsatisfiable: string) {
  return { topologySpreadConstraints: [{ maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector: blue }] };
}

const WORKLOADS: readonly Workload[] = [
  { name: "SchedulingBasic", threshold: 810, podsPerNode: PODS_PER_NODE, labels: {}, spec: {} },
  {
    name: "TopologySpreading",
    threshold: 460,
    podsPerNode: PODS_PER_NODE,
    labels: { color: "blue" },
    spec: spreading("DoNotSchedule"),
  },
  {
    name: "PreferredTopologySpreading",
    threshold: 340,
    podsPerNode: PODS_PER_NODE,
    labels: { color: "blue" },
    spec: spreading("ScheduleAnyway"),
  },
  {
    name: "DefaultTopologySpreading",
    threshold: 160,
    podsPerNode: PODS_PER_NODE,
    labels: { color: "blue" },
    spec: {},
    services: [{ namespace: "default", selector: new Map([["color", "blue"]]) }],
  },
  {
    name: "SchedulingPodAntiAffinity",
    threshold: 60,
    // One to a node, and then there is no place left.
    podsPerNode: 0.6,
    labels: { color: "green" },
    spec: {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: green },
          ],
        },
      },
    },
  },
  {
    name: "SchedulingPodAffinity",
    threshold: 35,
    podsPerNode: PODS_PER_NODE,
    labels: { color: "blue" },
    spec: {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: blue }],
        },
      },
    },
  },
  {
    name: "SchedulingDaemonset",
    // At 15,000 nodes; there all pods name one node.
    threshold: 1100,
    podsPerNode: PODS_PER_NODE,
    labels: {},
    spec: {},
    isOneForEachNode: true,
  },
];

function onlyNode(name: string) {
  const fields = [{ key: "metadata.name", operator: "In", values: [name] }];
  const required = { nodeSelectorTerms: [{ matchFields: fields }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function nodesOf(count: number): readonly NodeInfo[] {
  return Array.from({ length: count }, (_, i) =>
    nodeFromV1({
      metadata: { name: `node-${i}`, labels: { "kubernetes.io/hostname": `node-${i}`, [ZONE]: `moon-${i % 3}` } },
      status: { allocatable: { cpu: "4", memory: "32Gi", pods: "110" } },
    }),
  );
}

function podsOf(workload: Workload, nodeCount: number): readonly PodInfo[] {
  const { labels, spec, podsPerNode, isOneForEachNode = false } = workload;
  const count = Math.min(MOST_PODS, nodeCount * podsPerNode);
  const reader = new PodReader();
  const containers = [{ name: "pause", resources: { requests: { cpu: "100m", memory: "500Mi" } } }];
  return Array.from({ length: count }, (_, i) =>
    reader.read({
      metadata: { name: `pod-${i}`, labels },
      spec: { containers, ...spec, ...(isOneForEachNode ? onlyNode(`node-${i % nodeCount}`) : {}) },
    }),
  );
}

interface Measured {
  readonly workload: string;
  readonly nodes: number;
  readonly pods: number;
  readonly placed: number;
  readonly medianSeconds: number;
  readonly threshold: number;
}

function measure(workload: Workload, nodeCount: number, rounds: number): Measured {
  const nodes = nodesOf(nodeCount);
  const pods = podsOf(workload, nodeCount);
  const { services = [] } = workload;
  const seconds: number[] = [];
  let placed = 0;
  for (let round = 0; round < rounds; round++) {
    const stream = new Streams(round).named("ties");
    const from = performance.now();
    const placements = scheduleAll({ nodes, pods, services, random: () => stream.next() });
    seconds.push((performance.now() - from) / 1000);
    placed = placements.filter(({ node }) => node !== undefined).length;
  }
  seconds.sort((a, b) => a - b);
  return {
    workload: workload.name,
    nodes: nodeCount,
    pods: pods.length,
    placed,
    medianSeconds: seconds[Math.floor(seconds.length / 2)] ?? Number.NaN,
    threshold: workload.threshold,
  };
}

function row({ workload, nodes, pods, placed, medianSeconds, threshold }: Measured): readonly string[] {
  const rate = Math.round(pods / medianSeconds);
  const microseconds = ((medianSeconds / pods) * 1e6).toFixed(1);
  const demanded = nodes === TARGET_NODES ? String(threshold) : "";
  return [workload, ...[nodes, pods, placed, rate].map((count) => count.toLocaleString("en")), microseconds, demanded];
}

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const rounds = values.quick ? 1 : MEASURED_ROUNDS;
// One small round of each first, so that the engine has compiled what is measured.
for (const workload of WORKLOADS) measure(workload, 1000, 1);
const results = WORKLOADS.flatMap((workload) => NODE_COUNTS.map((count) => measure(workload, count, rounds)));
const header = ["scheduler_perf case", "nodes", "pods", "placed", "pods/s", "µs/pod", "its threshold, pods/s"];
console.log(`Node ${process.version}, median of ${rounds}; the threshold is for kube-scheduler with an API server.\n`);
console.log(table(header, results.map(row)));
const basic = results.find(({ workload, nodes }) => workload === "SchedulingBasic" && nodes === TARGET_NODES);
const target: Target = below("50,000 pods on 5,000 nodes, seconds", basic?.medianSeconds ?? Number.NaN, TARGET_SECONDS);
console.log(
  `\n${target.claim}: ${target.measured.toFixed(2)} of ${TARGET_SECONDS}: ${target.isMet ? "met" : "MISSED"}`,
);
const folder = join(import.meta.dirname, "results");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "scheduling.json"), `${JSON.stringify({ rounds, results, target }, null, 2)}\n`);
