/** What `rehearse schedule` places, and where: from manifests alone, without a clock. */

import type { JsonMap } from "../cluster/podTemplate.ts";
import { parseCpu, parseSize } from "../fields/quantity.ts";
import { refusal } from "../fields/refusal.ts";
import { parsePath } from "../scenario/path.ts";
import { formatProblem, ScenarioError } from "../scenario/scenarioError.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { budgetFromV1 } from "../scheduling/kubernetes/budgetFromV1.ts";
import { configFromV1, type SchedulerConfig } from "../scheduling/kubernetes/configFromV1.ts";
import { nodeFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import type { NodeInfo } from "../scheduling/kubernetes/podInfo.ts";
import type { ScheduleInput } from "../scheduling/kubernetes/scheduleAll.ts";
import { USUAL_DISK } from "../scheduling/kubernetesObjects.ts";
import { assumedHosts, textOfAssumed } from "./assumedHosts.ts";
import { mapAt } from "./jsonMap.ts";
import { type ManifestJudge, type ManifestObject, ManifestReport, manifestValue, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { podsOf } from "./podsOf.ts";
import { readManifestSet, textsOf, withV1Problems } from "./readManifestSet.ts";
import { type ManifestFile, objectsOf, readDocuments, refuse, refuseNothing } from "./readManifests.ts";
import { configTree, splitConfig } from "./schedulerConfig.ts";

/** What the command line adds to the manifests. */
export interface ScheduleOptions {
  /** Such as `3x4cpu/8Gi`; undefined: the manifests' own Nodes, else assumed ones. */
  readonly nodes?: string | undefined;
  /** A KubeSchedulerConfiguration. */
  readonly config?: ManifestFile | undefined;
  readonly judge?: ManifestJudge | undefined;
}

/** Everything to be placed but the chance that breaks ties, and what is worth a warning. */
export interface ScheduleReading {
  readonly input: Omit<ScheduleInput, "random">;
  readonly warnings: readonly string[];
}

/** @throws ScenarioError with every problem of the manifests, of `--nodes` and of the configuration. */
export function readSchedule(files: readonly ManifestFile[], options: ScheduleOptions): ScheduleReading {
  const report = new ManifestReport(options.judge, "placing");
  const documents = splitConfig(readDocuments(files));
  refuseNothing(documents.others, files, report);
  const objects = objectsOf(documents.others, report);
  refuse(report.problems);
  const set = readManifestSet(objects, report);
  refuse(report.problems);
  const asked = options.nodes === undefined ? undefined : groupsOf(options.nodes);
  const own = set.nodes.flatMap((node) => withV1Problems(node, [], report, () => nodeFromV1(node.value)) ?? []);
  const warnings: string[] = [];
  const nodes = [...own, ...(asked ?? [])];
  if (nodes.length === 0 && set.nodes.length === 0) nodes.push(...assumed(set, warnings));
  refuseDoubles(nodes, options.nodes);
  const configSource = options.config === undefined ? documents.config : configTree(options.config);
  const config = configSource === undefined ? undefined : readConfig(configSource, report);
  const pods = podsOf(set, nodes);
  const budgets = set.budgets.flatMap(
    (budget) => withV1Problems(budget, [], report, () => budgetFromV1(budget.value, pods)) ?? [],
  );
  warnOfStrangers(set, nodes, report);
  warnOfSchedulers(set, config, report);
  refuse(report.problems);
  return {
    input: {
      nodes,
      pods,
      namespaces: set.namespaces,
      services: set.services.map(({ namespace, value }) => ({
        namespace,
        selector: textsOf(mapAt(value, "spec"), "selector"),
      })),
      budgets,
      ...(config === undefined ? {} : { profiles: config.profiles }),
    },
    warnings: [...report.warnings.map(formatProblem), ...warnings],
  };
}

/** A pod that is bound to a node that is not there counts nowhere. */
function warnOfStrangers({ workloads }: ManifestSet, nodes: readonly NodeInfo[], report: ManifestReport): void {
  const names = new Set(nodes.map(({ name }) => name));
  for (const { object, template } of workloads) {
    const { nodeName } = template.spec;
    if (nodeName === undefined || nodeName === "" || names.has(nodeName)) continue;
    report.warn(
      object,
      [...template.path, "spec", "nodeName"],
      `is bound to ${nodeName}, which is not there: it counts nowhere`,
    );
  }
}

/** A pod whose scheduler is not there waits for ever, as in Kubernetes. */
function warnOfSchedulers(
  { workloads }: ManifestSet,
  config: SchedulerConfig | undefined,
  report: ManifestReport,
): void {
  const names = config?.profiles.map(({ schedulerName }) => schedulerName) ?? ["default-scheduler"];
  for (const { object, template } of workloads) {
    const { schedulerName = "" } = template.spec;
    if (schedulerName === "" || names.includes(schedulerName)) continue;
    const message = `names the scheduler ${schedulerName}, which has no profile (there is ${names.join(", ")}): its pods stay Pending`;
    report.warn(object, [...template.path, "spec", "schedulerName"], message);
  }
}

function refuseDoubles(nodes: readonly NodeInfo[], asked: string | undefined): void {
  const names = new Set<string>();
  for (const { name } of nodes) {
    if (names.has(name)) throw usage(asked ?? "", `found a second node ${name}, expected names of their own`);
    names.add(name);
  }
}

const GROUP = "a number of nodes and their size, such as 3x4cpu/8Gi or 2x500m/1Gi,1x8cpu/32Gi";
const MOST_NODES = 100_000;

function usage(nodes: string, message: string): ScenarioError {
  return new ScenarioError([
    { file: `--nodes ${nodes}`.trim(), line: undefined, column: undefined, path: "", message },
  ]);
}

/** `3x4cpu/8Gi,1x8cpu/16Gi`: node-1 to node-4. @throws ScenarioError */
export function groupsOf(text: string): readonly NodeInfo[] {
  const nodes: NodeInfo[] = [];
  for (const group of text.split(",")) {
    const [, count, cpuText, memoryText] = /^\s*(\d+)x([\d.]+(?:cpu|m))\/(\S+?)\s*$/.exec(group) ?? [];
    const cpu = parseCpu((cpuText ?? "").replace(/cpu$/, ""));
    const memory = parseSize(memoryText ?? "");
    if (count === undefined || !cpu.ok || !memory.ok) throw usage(text, refusal(group, GROUP));
    const total = nodes.length + Number(count);
    if (Number(count) === 0 || total > MOST_NODES) throw usage(text, refusal(group, `1 to ${MOST_NODES} nodes`));
    while (nodes.length < total) {
      nodes.push(plainNode(`node-${nodes.length + 1}`, { cpu: `${cpu.value}m`, memory: `${memory.value}` }));
    }
  }
  return nodes;
}

function plainNode(name: string, allocatable: JsonMap, labels: JsonMap = {}): NodeInfo {
  const own = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
  return nodeFromV1({
    metadata: { name, labels: { ...own, ...labels } },
    status: { allocatable: { pods: "110", ...USUAL_DISK, ...allocatable } },
  });
}

function assumed(set: ManifestSet, warnings: string[]): readonly NodeInfo[] {
  const groups = assumedHosts(set);
  const text = textOfAssumed(groups, "node");
  warnings.push(`no Node is given, so ${text} are assumed: say --nodes 3x4cpu/8Gi for others`);
  const kinds = groups.flatMap((group) => Array.from({ length: group.count }, () => group));
  return kinds.map(({ cores, memoryGibibytes, zones, labels, allocatable }, i) =>
    plainNode(
      `node-${i + 1}`,
      { ...allocatable, cpu: `${cores}`, memory: `${memoryGibibytes}Gi` },
      { "topology.kubernetes.io/zone": zones[i % zones.length] ?? "a", ...labels },
    ),
  );
}

/** @throws ScenarioError with the place in the file. */
function readConfig(tree: SourceTree, outer: ManifestReport): SchedulerConfig {
  const report = new ManifestReport();
  const object: ManifestObject = {
    kind: "KubeSchedulerConfiguration",
    apiVersion: "",
    namespace: "default",
    name: "",
    tree,
    value: {},
    document: 1,
  };
  const config = withV1Problems(object, [], report, () => configFromV1(manifestValue(tree)));
  refuse(report.problems);
  for (const { path, message } of config?.warnings ?? []) outer.warn(object, parsePath(path) ?? [], message);
  if (config === undefined) throw new ScenarioError([{ ...placeOf(object, []), path: "", message: "cannot be read" }]);
  return config;
}
