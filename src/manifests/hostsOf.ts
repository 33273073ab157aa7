/** Hosts: those that Node objects describe, or assumed ones that have room for everything. */

import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { podFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { branch, childOf, leaf } from "./growTree.ts";
import { mapAt } from "./jsonMap.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { contextOf } from "./readManifestSet.ts";
import type { Workload } from "./workload.ts";

const ZONE_LABELS = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/** The host that a Node describes; undefined, with a problem, where its size is not told. */
export function hostOf(node: ManifestObject, report: ManifestReport): SourceTree | undefined {
  const status = mapAt(node.value, "status");
  const key = status.allocatable === undefined ? "capacity" : "allocatable";
  const sizes = mapAt(status, key);
  const cpu = amountOf(sizes, "cpu", 1000);
  const memory = amountOf(sizes, "memory", 1);
  if (cpu === undefined || memory === undefined) {
    report.problem(node, ["status", key], "found no cpu and memory, expected how much of both the node has for pods");
    return undefined;
  }
  const labels = mapAt(mapAt(node.value, "metadata"), "labels");
  const zone = ZONE_LABELS.map((name) => labels[name]).find((value) => typeof value === "string" && value !== "");
  const at = placeOf(node, ["status", key]);
  const spec = mapAt(node.value, "spec");
  const taints = Array.isArray(spec.taints) ? spec.taints : [];
  // The node controller gives an unschedulable node this taint (Kubernetes, Taints and Tolerations page).
  const cordoned = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };
  const pods = amountOf(sizes, "pods", 1);
  return branch(node.tree.place, {
    name: leaf(placeOf(node, ["metadata", "name"]), node.name),
    cpu: leaf(at, `${cpu}m`),
    memory: leaf(at, `${memory}B`),
    pods: pods === undefined || pods === 0 ? undefined : leaf(at, pods),
    allocatable: leaf(at, othersOf(sizes)),
    zone: zone === undefined ? undefined : leaf(placeOf(node, ["metadata", "labels"]), zone),
    labels: childOf(childOf(node.tree, "metadata"), "labels"),
    taints: leaf(placeOf(node, ["spec"]), [
      ...taints.map(plainTaint),
      ...(spec.unschedulable === true ? [cordoned] : []),
    ]),
  });
}

/** What a host has besides cpu, memory and its number of pods: devices, disk, huge pages. */
function othersOf(sizes: JsonMap): JsonMap {
  const others = Object.entries(sizes).filter(([name]) => name !== "cpu" && name !== "memory" && name !== "pods");
  return Object.fromEntries(others.map(([name, amount]) => [name, String(amount)]));
}

function plainTaint(taint: unknown): JsonMap {
  const { key = "", value = "", effect = "" } = taint as Readonly<Record<string, string | undefined>>;
  return { key, value, effect };
}

function amountOf(sizes: JsonMap, name: string, scale: 1 | 1000): number | undefined {
  const given = sizes[name];
  return typeof given === "string" || typeof given === "number" ? parseQuantity(given, scale) : undefined;
}

/** Hosts that nobody described, as a scenario's group of them. */
export interface AssumedHosts {
  readonly count: number;
  readonly cores: number;
  readonly memoryGibibytes: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Devices and the like, so much of each that two of the greediest pods fit. */
  readonly allocatable: Readonly<Record<string, string>>;
}

const CORES = 4;
const GIBIBYTES = 16;
const GIBIBYTE = 2 ** 30;
/** 2 PiB: a pod that is larger is told of for itself, not for the hosts that it would need. */
const LARGEST_SIZE = 2 ** 17;
/** Room for a surge of 25 %, and for one host to be lost. */
const HEADROOM = 1.5;
const LEAST_HOSTS = 3;
const MOST_PODS = 110;

/** Common hosts of 4 cores and 16 GiB, doubled until the largest pod takes half of one at most; as many as hold it all with headroom. */
export function assumedHosts(set: ManifestSet): AssumedHosts {
  const pods = set.workloads.map((workload) => ({ workload, ...requestsOf(workload, set) }));
  let size = 1;
  const largest = Math.max(0, ...pods.map((pod) => Math.max(pod.cores / CORES, pod.gibibytes / GIBIBYTES)));
  while (size < largest * 2 && size < LARGEST_SIZE) size *= 2;
  const total = (of: (pod: (typeof pods)[number]) => number) =>
    pods.reduce((sum, pod) => sum + of(pod) * (pod.workload.replicas ?? 0), 0);
  const needed = [
    total(({ cores }) => cores) / (CORES * size),
    total(({ gibibytes }) => gibibytes) / (GIBIBYTES * size),
    total(() => 1) / MOST_PODS,
  ];
  const widest = Math.max(0, ...pods.map(({ workload, isAlone }) => (isAlone ? (workload.replicas ?? 0) + 1 : 0)));
  const labels = Object.assign({}, ...set.workloads.map(({ template }) => template.spec.nodeSelector ?? {}));
  return {
    count: Math.min(100_000, Math.max(LEAST_HOSTS, widest, Math.ceil(Math.max(...needed) * HEADROOM))),
    cores: CORES * size,
    memoryGibibytes: GIBIBYTES * size,
    allocatable: othersAsked(pods),
    labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", ...labels },
  };
}

function othersAsked(
  pods: readonly { readonly others: ReadonlyMap<string, number> }[],
): Readonly<Record<string, string>> {
  const most = new Map<string, number>();
  for (const { others } of pods) {
    for (const [name, amount] of others) most.set(name, Math.max(most.get(name) ?? 0, amount));
  }
  return Object.fromEntries([...most].map(([name, amount]) => [name, String(2 * amount)]));
}

function requestsOf({ object, template }: Workload, { priorities }: ManifestSet) {
  const metadata = { name: object.name, namespace: object.namespace, labels: template.labels };
  const { spec } = podFromV1({ metadata, spec: template.json }, contextOf(priorities));
  return {
    cores: spec.nonZeroMillicores / 1000,
    gibibytes: spec.nonZeroBytes / GIBIBYTE,
    others: new Map([...spec.requests].filter(([name]) => name !== "cpu" && name !== "memory")),
    isAlone: spec.requiredAntiAffinity.length > 0 || spec.hostPorts.length > 0,
  };
}
