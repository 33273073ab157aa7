/** Which plugins a scheduler runs, in which order and with which weights; the default ones are Kubernetes'. */
import type { Plugin } from "./plugin.ts";
import { imageLocality } from "./plugins/imageLocality.ts";
import { type InterPodAffinityArgs, interPodAffinity } from "./plugins/interPodAffinity.ts";
import {
  type AddedAffinity,
  nodeAffinity,
  nodeName,
  nodeUnschedulable,
  taintToleration,
} from "./plugins/nodeConstraints.ts";
import { nodePorts } from "./plugins/nodePorts.ts";
import { nodeResourcesBalancedAllocation } from "./plugins/nodeResourcesBalancedAllocation.ts";
import { type FitArgs, nodeResourcesFit, type ScoredResource } from "./plugins/nodeResourcesFit.ts";
import { podTopologySpread, type SpreadArgs } from "./plugins/podTopologySpread.ts";

/** Arguments of DefaultPreemption. */
export interface PreemptionArgs {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

/** Arguments of all plugins. Source: Kubernetes, kube-scheduler Configuration (v1) reference. */
export interface PluginArgs {
  readonly NodeAffinity: AddedAffinity;
  readonly NodeResourcesFit: FitArgs;
  readonly NodeResourcesBalancedAllocation: readonly ScoredResource[];
  readonly PodTopologySpread: SpreadArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly DefaultPreemption: PreemptionArgs;
}

const CPU_AND_MEMORY: readonly ScoredResource[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

/** Kubernetes' default arguments. */
export const DEFAULT_ARGS: PluginArgs = {
  NodeAffinity: { required: undefined, preferred: [] },
  NodeResourcesFit: {
    strategy: { kind: "LeastAllocated", resources: CPU_AND_MEMORY },
    ignoredResources: new Set(),
    ignoredGroups: new Set(),
  },
  NodeResourcesBalancedAllocation: CPU_AND_MEMORY,
  PodTopologySpread: { defaults: "system" },
  InterPodAffinity: { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false },
  DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
};

/** Makes a plugin with arguments; `undefined` if it has neither filter nor score, or nobody knows it. */
export const PLUGIN_MAKERS: ReadonlyMap<string, (args: PluginArgs) => Plugin> = new Map<
  string,
  (args: PluginArgs) => Plugin
>([
  ["NodeUnschedulable", () => nodeUnschedulable],
  ["NodeName", () => nodeName],
  ["TaintToleration", () => taintToleration],
  ["NodeAffinity", (args) => nodeAffinity(args.NodeAffinity)],
  ["NodePorts", () => nodePorts],
  ["NodeResourcesFit", (args) => nodeResourcesFit(args.NodeResourcesFit)],
  ["PodTopologySpread", (args) => podTopologySpread(args.PodTopologySpread)],
  ["InterPodAffinity", (args) => interPodAffinity(args.InterPodAffinity)],
  ["NodeResourcesBalancedAllocation", (args) => nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation)],
  ["ImageLocality", () => imageLocality],
]);

/** The default filters in Kubernetes' order: the first that says no gives a node's reasons. */
export const DEFAULT_FILTERS: readonly string[] = [
  "NodeUnschedulable",
  "NodeName",
  "TaintToleration",
  "NodeAffinity",
  "NodePorts",
  "NodeResourcesFit",
  "PodTopologySpread",
  "InterPodAffinity",
];

/** The default scores and their weights. */
export const DEFAULT_SCORES: ReadonlyMap<string, number> = new Map([
  ["TaintToleration", 3],
  ["NodeAffinity", 2],
  ["NodeResourcesFit", 1],
  ["PodTopologySpread", 2],
  ["InterPodAffinity", 2],
  ["NodeResourcesBalancedAllocation", 1],
  ["ImageLocality", 1],
]);

/** One scheduler profile, ready to run. */
export interface SchedulerProfile {
  readonly schedulerName: string;
  readonly filters: readonly Plugin[];
  readonly scores: readonly { readonly plugin: Plugin; readonly weight: number }[];
  /** How many percent of the nodes to find feasible before choosing; 0: Kubernetes' own rule. */
  readonly percentageOfNodesToScore: number;
  /** `undefined`: DefaultPreemption is switched off. */
  readonly preemption: PreemptionArgs | undefined;
}

/** What differs from the default profile. */
export interface ProfileChoices {
  readonly schedulerName?: string;
  readonly filters?: readonly string[];
  readonly scores?: ReadonlyMap<string, number>;
  readonly args?: Partial<PluginArgs>;
  readonly percentageOfNodesToScore?: number;
  readonly isPreempting?: boolean;
}

/** Makes a profile of plugin names; names that no plugin here has are passed over. */
export function profileOf(choices: ProfileChoices = {}): SchedulerProfile {
  const args = { ...DEFAULT_ARGS, ...choices.args };
  const made = new Map<string, Plugin>();
  const plugin = (name: string): Plugin[] => {
    const one = made.get(name) ?? PLUGIN_MAKERS.get(name)?.(args);
    if (one === undefined) return [];
    made.set(name, one);
    return [one];
  };
  return {
    schedulerName: choices.schedulerName ?? "default-scheduler",
    filters: (choices.filters ?? DEFAULT_FILTERS).flatMap(plugin).filter((one) => one.filter !== undefined),
    scores: [...(choices.scores ?? DEFAULT_SCORES)]
      .flatMap(([name, weight]) => plugin(name).map((one) => ({ plugin: one, weight })))
      .filter((one) => one.plugin.score !== undefined && one.weight > 0),
    percentageOfNodesToScore: choices.percentageOfNodesToScore ?? 0,
    preemption: choices.isPreempting === false ? undefined : args.DefaultPreemption,
  };
}
