import type { JsonMap } from "../cluster/podTemplate.ts";
import { unreachable } from "../kernel/errors.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { argoStrategy, given } from "./argoStrategy.ts";
import { leaf } from "./growTree.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import type { Workload } from "./workload.ts";
import { daemonSetSchema, deploymentSchema, statefulSetSchema } from "./workloadSchemas.ts";

/** What a workload's strategy is made with. */
export interface StrategyContext {
  readonly set: ManifestSet;
  readonly report: ManifestReport;
}

/** The strategy of a workload's releases, as a scenario writes it; nothing replaces the pods of a ReplicaSet, nor a lone Pod. */
export function strategyOf({ object, kind }: Workload, context: StrategyContext): SourceTree {
  const key = kind === "Deployment" ? "strategy" : "updateStrategy";
  const place = placeOf(object, ["spec", key], true);
  return leaf(place, settingsOf(object, kind, context));
}

function settingsOf(object: ManifestObject, kind: Workload["kind"], context: StrategyContext): JsonMap {
  switch (kind) {
    case "Deployment":
      return object.kind === "Rollout"
        ? argoStrategy(object, context.set.analyses, context.report)
        : deploymentStrategy(object);
    case "StatefulSet":
      return statefulStrategy(object);
    case "DaemonSet":
      return daemonStrategy(object);
    case "ReplicaSet":
    case "Pod":
      return { "on-delete": {} };
    default:
      return unreachable(kind);
  }
}

function deploymentStrategy(object: ManifestObject): JsonMap {
  const { strategy, minReadySeconds, progressDeadlineSeconds } = deploymentSchema.parse(object.value).spec;
  if (strategy?.type === "Recreate") return { recreate: given({ progressDeadlineSeconds }) };
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  return { rolling: given({ maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds }) };
}

function statefulStrategy(object: ManifestObject): JsonMap {
  const { updateStrategy, minReadySeconds, podManagementPolicy } = statefulSetSchema.parse(object.value).spec;
  if (updateStrategy?.type === "OnDelete") return { "on-delete": {} };
  const { partition, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
  return { "stateful-set": given({ partition, maxUnavailable, minReadySeconds, podManagementPolicy }) };
}

function daemonStrategy(object: ManifestObject): JsonMap {
  const { updateStrategy, minReadySeconds } = daemonSetSchema.parse(object.value).spec;
  if (updateStrategy?.type === "OnDelete") return { "on-delete": {} };
  const { maxSurge, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
  return { "daemon-set": given({ maxSurge, maxUnavailable, minReadySeconds }) };
}
