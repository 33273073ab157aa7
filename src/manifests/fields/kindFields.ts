import { autoscalerFields, formerAutoscalerFields } from "./autoscalerFields.ts";
import { budgetFields, namespaceFields, nodeFields, priorityClassFields, serviceFields } from "./clusterFields.ts";
import { podFields } from "./podFields.ts";
import { analysisTemplateFields, rolloutFields } from "./rolloutFields.ts";
import type { FieldTable } from "./rules.ts";
import {
  daemonSetFields,
  deploymentFields,
  replicaSetFields,
  replicationControllerFields,
  statefulSetFields,
} from "./workloadFields.ts";

/** The fields of every kind that is simulated, in the newest version of it. */
export const KIND_FIELDS: ReadonlyMap<string, FieldTable> = new Map([
  ["Deployment", deploymentFields],
  ["StatefulSet", statefulSetFields],
  ["DaemonSet", daemonSetFields],
  ["ReplicaSet", replicaSetFields],
  ["ReplicationController", replicationControllerFields],
  ["Pod", podFields],
  ["Service", serviceFields],
  ["PodDisruptionBudget", budgetFields],
  ["HorizontalPodAutoscaler", autoscalerFields],
  ["PriorityClass", priorityClassFields],
  ["Node", nodeFields],
  ["Namespace", namespaceFields],
  ["Rollout", rolloutFields],
  ["AnalysisTemplate", analysisTemplateFields],
  ["ClusterAnalysisTemplate", analysisTemplateFields],
]);

/** The fields of an object of a kind that is simulated, as its API version has them. */
export function fieldsOfObject(kind: string, apiVersion: string): FieldTable | undefined {
  return apiVersion === "autoscaling/v1" ? formerAutoscalerFields : KIND_FIELDS.get(kind);
}
