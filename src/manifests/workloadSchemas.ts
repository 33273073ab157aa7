/** The fields of Kubernetes' own workloads that the simulation knows. Source: Kubernetes API reference, apps/v1 and v1. */
import { z } from "zod";
import { choice } from "../fields/number.ts";
import { podSpecSchema, podTemplateSchema } from "./podSchema.ts";
import { count, flag, intOrPercent, labelMap, labelSelector, objectHead, wholeSeconds } from "./schemaParts.ts";

const rollingUpdate = z.object({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() });

const common = { selector: labelSelector, template: podTemplateSchema, minReadySeconds: wholeSeconds.optional() };

/** How many old versions can be rolled back to. */
const history = { revisionHistoryLimit: count.optional() };

/** apps/v1 Deployment. */
export const deploymentSchema = z.object({
  ...objectHead,
  spec: z.object({
    ...common,
    ...history,
    replicas: count.optional(),
    strategy: z
      .object({
        type: choice(["RollingUpdate", "Recreate"]).optional(),
        rollingUpdate: rollingUpdate.optional(),
      })
      .optional(),
    progressDeadlineSeconds: wholeSeconds.optional(),
    paused: flag.optional(),
  }),
});

/** apps/v1 StatefulSet. */
export const statefulSetSchema = z.object({
  ...objectHead,
  spec: z.object({
    ...common,
    ...history,
    replicas: count.optional(),
    ordinals: z.object({ start: count.optional() }).optional(),
    podManagementPolicy: choice(["OrderedReady", "Parallel"]).optional(),
    updateStrategy: z
      .object({
        type: choice(["RollingUpdate", "OnDelete"]).optional(),
        rollingUpdate: z.object({ partition: count.optional(), maxUnavailable: intOrPercent.optional() }).optional(),
      })
      .optional(),
  }),
});

/** apps/v1 DaemonSet. */
export const daemonSetSchema = z.object({
  ...objectHead,
  spec: z.object({
    ...common,
    ...history,
    updateStrategy: z
      .object({ type: choice(["RollingUpdate", "OnDelete"]).optional(), rollingUpdate: rollingUpdate.optional() })
      .optional(),
  }),
});

/** apps/v1 ReplicaSet. */
export const replicaSetSchema = z.object({
  ...objectHead,
  spec: z.object({ ...common, replicas: count.optional() }),
});

/** v1 ReplicationController: a ReplicaSet with a plain selector, which may be left out. */
export const replicationControllerSchema = z.object({
  ...objectHead,
  spec: z.object({ ...common, selector: labelMap.optional(), replicas: count.optional() }),
});

/** v1 Pod. */
export const podSchema = z.object({ ...objectHead, spec: podSpecSchema });

/** A number of containers and how they are replaced: what all workloads have, each its part of it. */
export interface WorkloadSpecForm {
  readonly replicas?: number | undefined;
  readonly minReadySeconds?: number | undefined;
  readonly progressDeadlineSeconds?: number | undefined;
}
