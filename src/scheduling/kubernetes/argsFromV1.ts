/** Arguments of plugins out of a scheduler configuration. Source: Kubernetes, kube-scheduler Configuration (v1) reference. */
import { readSpreadConstraint } from "./fromV1.ts";
import type { ScoredResource, ScoringStrategy } from "./plugins/nodeResourcesFit.ts";
import type { ShapePoint } from "./plugins/utilizationShape.ts";
import { DEFAULT_ARGS, type PluginArgs } from "./profile.ts";
import { readKeys, readPreferredNodeTerms, readRequiredNodeTerms } from "./selectorsFromV1.ts";
import type { V1Field } from "./v1Fields.ts";

const STRATEGIES = ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"] as const;
const MOST_SHAPE_SCORE = 10;
const MOST_WEIGHT = 100;
const LARGEST = 2 ** 31 - 1;

const READERS: { readonly [Name in keyof PluginArgs]: (args: V1Field) => PluginArgs[Name] } = {
  NodeAffinity: (args) => {
    const added = args.at("addedAffinity");
    return { required: readRequiredNodeTerms(added), preferred: readPreferredNodeTerms(added) };
  },
  NodeResourcesFit: (args) => ({
    strategy: readStrategy(args.at("scoringStrategy")),
    ignoredResources: new Set(readKeys(args.at("ignoredResources"))),
    ignoredGroups: new Set(readKeys(args.at("ignoredResourceGroups"))),
  }),
  NodeResourcesBalancedAllocation: (args) => readResources(args.at("resources")),
  PodTopologySpread: (args) => {
    const constraints = args.at("defaultConstraints").items().map(readSpreadConstraint);
    const type = args.at("defaultingType").choice(["List", "System"]) ?? "System";
    if (type === "System" && constraints.length > 0)
      throw args.at("defaultConstraints").refused("no list, or defaultingType: List");
    return { defaults: type === "System" ? "system" : constraints };
  },
  InterPodAffinity: (args) => ({
    hardPodAffinityWeight:
      args.at("hardPodAffinityWeight").whole(0, MOST_WEIGHT) ?? DEFAULT_ARGS.InterPodAffinity.hardPodAffinityWeight,
    ignorePreferredTermsOfExistingPods: args.at("ignorePreferredTermsOfExistingPods").isTrue(),
  }),
  DefaultPreemption: (args) => ({
    minCandidateNodesPercentage:
      args.at("minCandidateNodesPercentage").whole(0, 100) ??
      DEFAULT_ARGS.DefaultPreemption.minCandidateNodesPercentage,
    minCandidateNodesAbsolute:
      args.at("minCandidateNodesAbsolute").whole(0, LARGEST) ??
      DEFAULT_ARGS.DefaultPreemption.minCandidateNodesAbsolute,
  }),
};

/**
 * Reads one plugin's arguments; of a plugin that takes none, nothing.
 *
 * @throws V1FieldError where a field has a wrong shape
 */
export function argsFromV1(plugin: string, args: V1Field): Partial<PluginArgs> {
  switch (plugin) {
    case "NodeAffinity":
    case "NodeResourcesFit":
    case "NodeResourcesBalancedAllocation":
    case "PodTopologySpread":
    case "InterPodAffinity":
    case "DefaultPreemption":
      return { [plugin]: READERS[plugin](args) };
    default:
      return {};
  }
}

function readResources(field: V1Field): readonly ScoredResource[] {
  const given = field.items().map((item) => ({
    name: item.at("name").requiredText(),
    weight: item.at("weight").whole(0, MOST_WEIGHT) || 1,
  }));
  return given.length > 0 ? given : DEFAULT_ARGS.NodeResourcesBalancedAllocation;
}

function readStrategy(field: V1Field): ScoringStrategy {
  const resources = readResources(field.at("resources"));
  const kind = field.at("type").choice(STRATEGIES) ?? "LeastAllocated";
  if (kind !== "RequestedToCapacityRatio") return { kind, resources };
  const shape = field.at("requestedToCapacityRatio").at("shape");
  return { kind, resources, shape: readShape(shape) };
}

function readShape(field: V1Field): readonly ShapePoint[] {
  const points = field.items().map((item) => ({
    utilization: item.at("utilization").whole(0, 100) ?? 0,
    score: item.at("score").whole(0, MOST_SHAPE_SCORE) ?? 0,
  }));
  const isRising = points.every(({ utilization }, i) => utilization > (points[i - 1]?.utilization ?? -1));
  if (points.length === 0 || !isRising) throw field.refused("points of rising utilization, at least one");
  return points;
}
