/** Budgets of workloads, as a scenario writes them. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { given } from "./argoValues.ts";
import { budgetObjectSchema } from "./clusterSchemas.ts";
import { leaf } from "./growTree.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { budgetSelector, selectedBy } from "./references.ts";
import type { Workload } from "./workload.ts";

/** A budget of the manifests, and the workloads whose pods it selects. */
interface Coverage {
  readonly budget: ManifestObject;
  readonly workloads: readonly Workload[];
}

function coverages({ budgets, workloads }: ManifestSet): readonly Coverage[] {
  return budgets.map((budget) => ({ budget, workloads: selectedBy(budgetSelector(budget), budget, workloads) }));
}

/** The disruption budget that selects a workload's pods and no other's, where it is the only such one. */
export function budgetOf(workload: Workload, set: ManifestSet): SourceTree | undefined {
  const [own] = coverages(set).filter(({ workloads }) => workloads.length === 1 && workloads[0] === workload);
  return own === undefined ? undefined : limitsOf(own.budget, {});
}

/** The budgets that no single service can have as its own: over several workloads, or the second one over a workload. */
export function sharedBudgets(set: ManifestSet, report: ManifestReport): readonly SourceTree[] {
  const seen = new Set<Workload>();
  const covered = new Map<Workload, ManifestObject>();
  return coverages(set).flatMap(({ budget, workloads }) => {
    for (const workload of workloads) {
      const first = covered.get(workload);
      covered.set(workload, first ?? budget);
      if (first === undefined) continue;
      const text = `selects the pods of ${workload.service}, as ${first.name} does: the eviction API refuses pods of two budgets, so no drain ever moves them`;
      report.warn(budget, ["spec", "selector"], text);
    }
    const [only] = workloads;
    if (only === undefined) return [];
    if (workloads.length === 1 && !seen.has(only)) {
      seen.add(only);
      return [];
    }
    return [limitsOf(budget, { services: workloads.map(({ service }) => service) })];
  });
}

function limitsOf(budget: ManifestObject, more: JsonMap): SourceTree {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = budgetObjectSchema.parse(budget.value).spec;
  return leaf(placeOf(budget, ["spec"]), {
    ...more,
    // Of a budget without any limit the controller expects no pods, and so lets none go (disruption.go, updatePdbStatus).
    ...given({ minAvailable, maxUnavailable: minAvailable === undefined ? (maxUnavailable ?? 0) : undefined }),
    ...given({ unhealthy: unhealthyPodEvictionPolicy }),
  });
}
