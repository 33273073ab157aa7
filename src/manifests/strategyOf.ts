import type { JsonMap } from "../cluster/podTemplate.ts";
import { unreachable } from "../kernel/errors.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { argoStrategy } from "./argoStrategy.ts";
import { given } from "./argoValues.ts";
import { leaf } from "./growTree.ts";
import { mapAt } from "./jsonMap.ts";
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
      return { "on-delete": given({ minReadySeconds: mapAt(object.value, "spec").minReadySeconds }) };
    case "Pod":
      return { "on-delete": {} };
    default:
      return unreachable(kind);
  }
}

function deploymentStrategy(object: ManifestObject): JsonMap {
  const { strategy, minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit } = deploymentSchema.parse(
    object.value,
  ).spec;
  const common = { minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit };
  if (strategy?.type === "Recreate") return { recreate: given(common) };
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  return { rolling: given({ maxSurge, maxUnavailable, ...common }) };
}

function statefulStrategy(object: ManifestObject): JsonMap {
  const { updateStrategy, minReadySeconds, podManagementPolicy, revisionHistoryLimit, ordinals } =
    statefulSetSchema.parse(object.value).spec;
  const common = { minReadySeconds, revisionHistoryLimit };
  if (updateStrategy?.type === "OnDelete") return { "on-delete": given(common) };
  const { partition, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
  // A partition is an ordinal, and ours begin at 0 (stateful_set_control.go compares it with the pods' own).
  const first = ordinals?.start ?? 0;
  const held = partition === undefined ? undefined : Math.max(0, partition - first);
  return { "stateful-set": given({ partition: held, maxUnavailable, podManagementPolicy, ...common }) };
}

function daemonStrategy(object: ManifestObject): JsonMap {
  const { updateStrategy, minReadySeconds, revisionHistoryLimit } = daemonSetSchema.parse(object.value).spec;
  const common = { minReadySeconds, revisionHistoryLimit };
  if (updateStrategy?.type === "OnDelete") return { "on-delete": given(common) };
  const { maxSurge, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
  return { "daemon-set": given({ maxSurge, maxUnavailable, ...common }) };
}
