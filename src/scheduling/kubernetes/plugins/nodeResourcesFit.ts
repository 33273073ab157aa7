import { MAX_NODE_SCORE, type NodeScore, type Plugin } from "../plugin.ts";
import type { PodSpecInfo } from "../podInfo.ts";
import { isExtendedResource, isScalarResource } from "../requests.ts";
import type { SchedulerCache } from "../schedulerCache.ts";
import { type ShapePoint, shapeScore } from "./utilizationShape.ts";

/** A resource that counts in a score. */
export interface ScoredResource {
  readonly name: string;
  readonly weight: number;
}

/** How full a node should be. */
export type ScoringStrategy =
  | { readonly kind: "LeastAllocated" | "MostAllocated"; readonly resources: readonly ScoredResource[] }
  | {
      readonly kind: "RequestedToCapacityRatio";
      readonly resources: readonly ScoredResource[];
      /** Scores 0…10 by utilisation 0…100. */
      readonly shape: readonly ShapePoint[];
    };

/** Arguments of NodeResourcesFit. */
export interface FitArgs {
  readonly strategy: ScoringStrategy;
  /** Extended resources not to filter by. */
  readonly ignoredResources: ReadonlySet<string>;
  /** The same by domain, the part of the name before the slash. */
  readonly ignoredGroups: ReadonlySet<string>;
}

/** One resource of one pod beside what nodes have of it. */
export interface Wanted {
  readonly name: string;
  readonly amount: number;
  readonly weight: number;
  readonly allocatable: Float64Array;
  readonly used: Float64Array;
}

/** NodeResourcesFit: what a pod requests must be free; then nodes are scored by how much of them would be taken. */
export function nodeResourcesFit(args: FitArgs): Plugin {
  return {
    name: "NodeResourcesFit",
    isFilterLocal: true,
    isScoreLocal: true,
    filter: ({ spec }, { resources }) => {
      const { podCounts, allowedPods } = resources;
      const wanted = [...spec.requests]
        .filter(([name, amount]) => amount > 0 && !isIgnored(name, args))
        .map(([name, amount]) => ({ name, amount, ...resources.column(name) }));
      const hasRoom = (node: number) => (podCounts[node] ?? 0) + 1 <= (allowedPods[node] ?? 0);
      const isShort = ({ amount, allocatable, requested }: (typeof wanted)[number], node: number) =>
        amount > (allocatable[node] ?? 0) - (requested[node] ?? 0);
      return {
        passes(node) {
          if (!hasRoom(node)) return false;
          for (const one of wanted) if (isShort(one, node)) return false;
          return true;
        },
        rejection(node) {
          const short = wanted.filter((one) => isShort(one, node));
          const isTooMuch = short.some(({ amount, allocatable }) => amount > (allocatable[node] ?? 0));
          const reasons = short.map(({ name }) => `Insufficient ${name}`);
          return {
            code: isTooMuch ? "UnschedulableAndUnresolvable" : "Unschedulable",
            reasons: hasRoom(node) ? reasons : ["Too many pods", ...reasons],
          };
        },
      };
    },
    score: ({ spec }, cache) => allocationScore(args.strategy, nonZeroWanted(args.strategy.resources, spec, cache)),
  };
}

function isIgnored(name: string, { ignoredResources, ignoredGroups }: FitArgs): boolean {
  if (!isExtendedResource(name)) return false;
  return ignoredResources.has(name) || ignoredGroups.has(name.split("/")[0] ?? "");
}

/** What allocation scores go by: requests with the defaults for containers that name none. */
function nonZeroWanted(scored: readonly ScoredResource[], spec: PodSpecInfo, { resources }: SchedulerCache): Wanted[] {
  return scored.flatMap(({ name, weight }) => {
    const { allocatable, requested } = resources.column(name);
    if (name === "cpu")
      return [{ name, weight, allocatable, amount: spec.nonZeroMillicores, used: resources.nonZeroMillicores }];
    if (name === "memory")
      return [{ name, weight, allocatable, amount: spec.nonZeroBytes, used: resources.nonZeroBytes }];
    const amount = spec.requests.get(name) ?? 0;
    // A pod that does not ask for a device is not placed by it.
    return amount === 0 && isScalarResource(name) ? [] : [{ name, weight, allocatable, amount, used: requested }];
  });
}

function allocationScore(strategy: ScoringStrategy, wanted: readonly Wanted[]): NodeScore {
  if (strategy.kind === "RequestedToCapacityRatio") return shapedMean(wanted, strategy.shape);
  return weightedMean(wanted, strategy.kind === "LeastAllocated");
}

/** The mean share that is left, or that is taken. Resources that a node lacks are left out with their weight; Go's whole division. */
function weightedMean(wanted: readonly Wanted[], isLeast: boolean): NodeScore {
  return {
    score(node) {
      let sum = 0;
      let weights = 0;
      for (const { amount, weight, allocatable, used } of wanted) {
        const all = allocatable[node] ?? 0;
        if (all === 0) continue;
        const taken = Math.min((used[node] ?? 0) + amount, all);
        sum += weight * Math.trunc(((isLeast ? all - taken : taken) * MAX_NODE_SCORE) / all);
        weights += weight;
      }
      return weights === 0 ? 0 : Math.trunc(sum / weights);
    },
  };
}

/** Here a resource that scores 0 is left out with its weight too, and the mean is rounded to the nearest. */
function shapedMean(wanted: readonly Wanted[], shape: readonly ShapePoint[]): NodeScore {
  const scaled = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return {
    score(node) {
      let sum = 0;
      let weights = 0;
      for (const { amount, weight, allocatable, used } of wanted) {
        const all = allocatable[node] ?? 0;
        if (all === 0) continue;
        const taken = (used[node] ?? 0) + amount;
        const score = shapeScore(scaled, taken > all ? 100 : Math.trunc((taken * 100) / all));
        if (score <= 0) continue;
        sum += weight * score;
        weights += weight;
      }
      return weights === 0 ? 0 : Math.round(sum / weights);
    },
  };
}
