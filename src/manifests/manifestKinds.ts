import type { z } from "zod";
import { suggestion } from "../fields/nearest.ts";
import { refusal } from "../fields/refusal.ts";
import {
  autoscalerObjectSchema,
  budgetObjectSchema,
  namespaceSchema,
  nodeObjectSchema,
  priorityClassSchema,
  serviceObjectSchema,
} from "./clusterSchemas.ts";
import { analysisTemplateSchema, rolloutSchema } from "./rolloutSchema.ts";
import {
  daemonSetSchema,
  deploymentSchema,
  podSchema,
  replicaSetSchema,
  replicationControllerSchema,
  statefulSetSchema,
} from "./workloadSchemas.ts";

interface KnownKind {
  readonly versions: readonly string[];
  readonly schema: z.ZodType;
}

/** The kinds that are simulated, and under which API versions. */
const SIMULATED: ReadonlyMap<string, KnownKind> = new Map<string, KnownKind>([
  ["Deployment", { versions: ["apps/v1"], schema: deploymentSchema }],
  ["StatefulSet", { versions: ["apps/v1"], schema: statefulSetSchema }],
  ["DaemonSet", { versions: ["apps/v1"], schema: daemonSetSchema }],
  ["ReplicaSet", { versions: ["apps/v1"], schema: replicaSetSchema }],
  ["ReplicationController", { versions: ["v1"], schema: replicationControllerSchema }],
  ["Pod", { versions: ["v1"], schema: podSchema }],
  ["Service", { versions: ["v1"], schema: serviceObjectSchema }],
  ["PodDisruptionBudget", { versions: ["policy/v1"], schema: budgetObjectSchema }],
  ["HorizontalPodAutoscaler", { versions: ["autoscaling/v2", "autoscaling/v1"], schema: autoscalerObjectSchema }],
  ["PriorityClass", { versions: ["scheduling.k8s.io/v1"], schema: priorityClassSchema }],
  ["Node", { versions: ["v1"], schema: nodeObjectSchema }],
  ["Namespace", { versions: ["v1"], schema: namespaceSchema }],
  ["Rollout", { versions: ["argoproj.io/v1alpha1"], schema: rolloutSchema }],
  ["AnalysisTemplate", { versions: ["argoproj.io/v1alpha1"], schema: analysisTemplateSchema }],
  ["ClusterAnalysisTemplate", { versions: ["argoproj.io/v1alpha1"], schema: analysisTemplateSchema }],
]);

/** Kinds of Kubernetes itself that are taken in and not simulated. */
const OTHERS = [
  ...["ConfigMap", "Secret", "ServiceAccount", "PersistentVolume", "PersistentVolumeClaim", "Endpoints", "Event"],
  ...["LimitRange", "ResourceQuota", "PodTemplate", "ControllerRevision", "Job", "CronJob", "Ingress", "IngressClass"],
  ...["NetworkPolicy", "EndpointSlice", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "StorageClass"],
  ...["VolumeAttachment", "CSIDriver", "CSINode", "CSIStorageCapacity", "CustomResourceDefinition", "APIService"],
  ...["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy", "Lease"],
  ...["ValidatingAdmissionPolicyBinding", "RuntimeClass", "FlowSchema", "PriorityLevelConfiguration"],
  ...["CertificateSigningRequest", "PodSecurityPolicy", "ResourceClaim", "ResourceClaimTemplate", "DeviceClass"],
  ...["Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute", "ReferenceGrant", "BackendTLSPolicy"],
  ...["Experiment", "AnalysisRun", "Workflow", "WorkflowTemplate", "CronWorkflow", "Application", "AppProject"],
];

/** What is to be done with a kind. */
export type KindVerdict =
  | { readonly kind: "simulated"; readonly schema: z.ZodType }
  | { readonly kind: "not-simulated" }
  /** `of` says which key is wrong. */
  | { readonly kind: "wrong"; readonly of: "kind" | "apiVersion"; readonly message: string };

/** Kinds of the whole cluster, which no namespace holds. */
export const CLUSTER_KINDS: ReadonlySet<string> = new Set([
  "Node",
  "Namespace",
  "PriorityClass",
  "ClusterAnalysisTemplate",
]);

/** Judges a kind under an API version: custom resources of other systems are not simulated, misspelt ones of Kubernetes are wrong. */
export function judgeKind(kind: string, apiVersion: string): KindVerdict {
  const known = SIMULATED.get(kind);
  if (known?.versions.includes(apiVersion)) return { kind: "simulated", schema: known.schema };
  if (!isOwnGroup(apiVersion)) return { kind: "not-simulated" };
  if (known !== undefined) {
    const [version = ""] = known.versions;
    return { kind: "wrong", of: "apiVersion", message: refusal(apiVersion, `${version}, which is ${kind}'s`) };
  }
  if (OTHERS.includes(kind)) return { kind: "not-simulated" };
  const names = [...SIMULATED.keys(), ...OTHERS];
  return { kind: "wrong", of: "kind", message: refusal(kind, `a kind of Kubernetes${suggestion(kind, names)}`) };
}

/** Whether the API group is Kubernetes' own, or Argo Rollouts'. */
function isOwnGroup(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return !group.includes(".") || group.endsWith(".k8s.io") || group === "argoproj.io";
}
