/** Budgets and autoscalers of a workload, as a scenario writes them. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { given } from "./argoValues.ts";
import { autoscalerObjectSchema, budgetObjectSchema } from "./clusterSchemas.ts";
import { leaf } from "./growTree.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { budgetSelector, selectedBy, targetOf } from "./references.ts";
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
    ...given({ minAvailable, maxUnavailable, unhealthy: unhealthyPodEvictionPolicy }),
  });
}

/** The autoscaler whose target the workload is; of two, none. */
export function autoscalerOf(workload: Workload, set: ManifestSet, report: ManifestReport): SourceTree | undefined {
  const [scaler, second] = set.autoscalers.filter((object) => targetOf(object, [workload]) !== undefined);
  if (scaler === undefined) return undefined;
  if (second !== undefined) {
    // Kubernetes, horizontal.go: the condition AmbiguousSelector.
    const text = `scales ${workload.service}, as ${scaler.name} does: Kubernetes then lets neither of them act`;
    report.warn(second, ["spec", "scaleTargetRef"], text);
    return undefined;
  }
  const { spec } = autoscalerObjectSchema.parse(scaler.value);
  const cpu = cpuPercent(scaler, report);
  if (cpu === undefined) return undefined;
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  const value: JsonMap = {
    min: spec.minReplicas ?? 1,
    max: spec.maxReplicas,
    cpu: `${cpu}%`,
    ...(spec.behavior === undefined ? {} : { behavior: { ...rulesOf("up", scaleUp), ...rulesOf("down", scaleDown) } }),
  };
  return leaf(placeOf(scaler, ["spec"]), value);
}

/** The wanted use of cpu in percent; undefined, with a warning, where only other things are measured. */
function cpuPercent(scaler: ManifestObject, report: ManifestReport): number | undefined {
  const { metrics, targetCPUUtilizationPercentage } = autoscalerObjectSchema.parse(scaler.value).spec;
  if (targetCPUUtilizationPercentage !== undefined) return targetCPUUtilizationPercentage;
  // Kubernetes' own where there are no metrics at all: pkg/apis/autoscaling/v2/defaults.go.
  if (metrics === undefined || metrics.length === 0) return 80;
  let percent: number | undefined;
  for (const [i, { resource }] of metrics.entries()) {
    const isCpu = resource?.name === "cpu" && resource.target.averageUtilization !== undefined;
    if (isCpu && percent === undefined) percent = resource.target.averageUtilization;
    else {
      const text = "is not simulated: only the utilisation of cpu is measured";
      report.warn(
        scaler,
        ["spec", "metrics", i],
        percent === undefined ? `${text}, so this metric scales nothing` : text,
      );
    }
  }
  return percent;
}

type RulesForm = NonNullable<
  NonNullable<ReturnType<typeof autoscalerObjectSchema.parse>["spec"]["behavior"]>["scaleUp"]
>;

function rulesOf(way: "up" | "down", rules: RulesForm | undefined): JsonMap {
  if (rules === undefined) return {};
  const window = rules.stabilizationWindowSeconds;
  const tolerance = rules.tolerance === undefined ? undefined : parseQuantity(rules.tolerance, 1000);
  const policies = rules.policies?.map(({ type, value, periodSeconds }) => ({
    type,
    value,
    period: `${periodSeconds}s`,
  }));
  return {
    [way]: given({
      select: rules.selectPolicy,
      window: window === undefined ? undefined : `${window}s`,
      policies,
      tolerance: tolerance === undefined || tolerance === 0 ? undefined : tolerance / 1000,
    }),
  };
}
