/** Hosts that Node objects describe. */

import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { branch, childOf, leaf } from "./growTree.ts";
import { mapAt } from "./jsonMap.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";

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
