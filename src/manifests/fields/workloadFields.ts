/** The fields of Kubernetes' own workloads. Source: Kubernetes API reference, apps/v1 and v1. */
import { labelSelectorFields, objectFields } from "./metadataFields.ts";
import { podTemplateFields } from "./podFields.ts";
import { acts, each, type FieldTable, holds, ignored, table, warned } from "./rules.ts";

const common = {
  selector: holds(labelSelectorFields),
  template: holds(podTemplateFields),
  minReadySeconds: acts(),
};

const revisionHistoryLimit = acts("so many old versions can be rolled back to");

const surging = holds(table("RollingUpdate", { maxSurge: acts(), maxUnavailable: acts() }));

function workload(kind: string, spec: FieldTable["fields"]): FieldTable {
  return table(kind, { ...objectFields, spec: holds(table(`${kind}Spec`, spec)) });
}

/** apps/v1 Deployment. */
export const deploymentFields = workload("Deployment", {
  ...common,
  ...each(["replicas", "paused", "progressDeadlineSeconds"], acts()),
  revisionHistoryLimit,
  strategy: holds(table("DeploymentStrategy", { type: acts(), rollingUpdate: surging })),
});

/** apps/v1 StatefulSet. */
export const statefulSetFields = workload("StatefulSet", {
  ...common,
  ...each(["replicas", "podManagementPolicy"], acts()),
  revisionHistoryLimit,
  updateStrategy: holds(
    table("StatefulSetUpdateStrategy", {
      type: acts(),
      rollingUpdate: holds(table("RollingUpdateStatefulSetStrategy", { partition: acts(), maxUnavailable: acts() })),
    }),
  ),
  serviceName: ignored("the name of its pods in a name service"),
  ordinals: holds(
    table("StatefulSetOrdinals", {
      start: {
        ...acts("beside partition, and for the names of pods that are placed"),
        caution: "counts for partition and for pods that are only placed: where time passes, names begin at 0",
      },
    }),
  ),
  ...each(["volumeClaimTemplates", "persistentVolumeClaimRetentionPolicy"], warned("there are no volumes")),
});

/** apps/v1 DaemonSet. */
export const daemonSetFields = workload("DaemonSet", {
  ...common,
  revisionHistoryLimit,
  updateStrategy: holds(table("DaemonSetUpdateStrategy", { type: acts(), rollingUpdate: surging })),
});

/** apps/v1 ReplicaSet. */
export const replicaSetFields = workload("ReplicaSet", { ...common, replicas: acts() });

/** v1 ReplicationController. */
export const replicationControllerFields = workload("ReplicationController", {
  ...common,
  selector: acts(),
  replicas: acts(),
});
