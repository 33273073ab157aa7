/** Budgets and autoscalers of a workload, as a scenario writes them. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { given } from "./argoStrategy.ts";
import { autoscalerObjectSchema, budgetObjectSchema } from "./clusterSchemas.ts";
import { leaf } from "./growTree.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { budgetSelector, selectedBy, targetOf } from "./references.ts";
import type { Workload } from "./workload.ts";

/** The disruption budget that selects a workload's pods; a second one is a problem, as for the eviction API. */
export function budgetOf(workload: Workload, set: ManifestSet, report: ManifestReport): SourceTree | undefined {
  const [budget, second] = set.budgets.filter(
    (object) => selectedBy(budgetSelector(object), object, [workload]).length > 0,
  );
  if (budget === undefined) return undefined;
  if (second !== undefined) {
    const text = `selects the pods of ${workload.service}, as ${budget.name} does: the eviction API refuses pods of two budgets`;
    report.problem(second, ["spec", "selector"], text);
  }
  if (selectedBy(budgetSelector(budget), budget, set.workloads).length > 1) {
    report.warn(budget, ["spec", "selector"], "selects several workloads, and counts for each of them by itself here");
  }
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = budgetObjectSchema.parse(budget.value).spec;
  const value = given({ minAvailable, maxUnavailable, unhealthy: unhealthyPodEvictionPolicy });
  return leaf(placeOf(budget, ["spec"]), value);
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
