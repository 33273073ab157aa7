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

/** The fields of every kind whose fields are told one by one; of the others those count that their schemas let through. */
export const KIND_FIELDS: ReadonlyMap<string, FieldTable> = new Map([
  ["Deployment", deploymentFields],
  ["StatefulSet", statefulSetFields],
  ["DaemonSet", daemonSetFields],
  ["ReplicaSet", replicaSetFields],
  ["ReplicationController", replicationControllerFields],
  ["Pod", podFields],
  ["Service", serviceFields],
  ["PodDisruptionBudget", budgetFields],
  ["PriorityClass", priorityClassFields],
  ["Node", nodeFields],
  ["Namespace", namespaceFields],
  ["Rollout", rolloutFields],
  ["AnalysisTemplate", analysisTemplateFields],
  ["ClusterAnalysisTemplate", analysisTemplateFields],
]);
