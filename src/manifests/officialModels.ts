/** Kubernetes' and Argo Rollouts' own schemas, from the packages kubernetes-models and @kubernetes-models/argo-rollouts. */
import { AnalysisTemplate } from "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate";
import { Rollout } from "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout";
import { DaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { ReplicaSet } from "kubernetes-models/apps/v1/ReplicaSet";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { PriorityClass } from "kubernetes-models/scheduling.k8s.io/v1/PriorityClass";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Node } from "kubernetes-models/v1/Node";
import { Pod } from "kubernetes-models/v1/Pod";
import { ReplicationController } from "kubernetes-models/v1/ReplicationController";
import { Service } from "kubernetes-models/v1/Service";
import { refusal } from "../fields/refusal.ts";
import { valueAt } from "../scenario/issues.ts";
import { formatPath, type Path } from "../scenario/path.ts";
import type { ManifestObject } from "./manifestObject.ts";

interface Model {
  /** Throws where the object is not as the schema says. */
  validate(): void;
}

const MODELS: ReadonlyMap<string, new (value: never) => Model> = new Map<string, new (value: never) => Model>([
  ["apps/v1 Deployment", Deployment],
  ["apps/v1 StatefulSet", StatefulSet],
  ["apps/v1 DaemonSet", DaemonSet],
  ["apps/v1 ReplicaSet", ReplicaSet],
  ["v1 ReplicationController", ReplicationController],
  ["v1 Pod", Pod],
  ["v1 Service", Service],
  ["v1 Node", Node],
  ["v1 Namespace", Namespace],
  ["policy/v1 PodDisruptionBudget", PodDisruptionBudget],
  ["autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler],
  ["scheduling.k8s.io/v1 PriorityClass", PriorityClass],
  ["argoproj.io/v1alpha1 Rollout", Rollout],
  ["argoproj.io/v1alpha1 AnalysisTemplate", AnalysisTemplate],
]);

/** One thing that the official schema says is wrong. */
export interface ModelIssue {
  readonly path: Path;
  readonly message: string;
}

/** What the official schema of an object's kind says against it, one issue for each place; fields that are not simulated included. */
export function modelIssues(object: ManifestObject): readonly ModelIssue[] {
  const Kind = MODELS.get(`${object.apiVersion} ${object.kind}`);
  if (Kind === undefined) return [];
  try {
    new Kind(object.value as never).validate();
    return [];
  } catch (error) {
    const byPlace = new Map<string, ModelIssue>();
    for (const { instancePath, message } of errorsOf(error)) {
      const path = stepsOf(instancePath);
      const key = formatPath(path);
      if (!byPlace.has(key)) byPlace.set(key, { path, message: messageOf(valueAt(object.value, path), message) });
    }
    return [...byPlace.values()];
  }
}

interface SchemaError {
  readonly instancePath: string;
  readonly message: string;
}

/** Errors as ajv gives them; anything else is no verdict on the manifest, and goes on up. */
function errorsOf(error: unknown): readonly SchemaError[] {
  if (typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors)) {
    return error.errors as readonly SchemaError[];
  }
  throw error;
}

/** A JSON pointer as a path. */
function stepsOf(pointer: string): Path {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}

function messageOf(value: unknown, message: string): string {
  return message.startsWith("must be ") ? refusal(value, message.slice("must be ".length)) : message;
}
