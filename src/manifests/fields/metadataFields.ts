/** Fields that objects of many kinds have. Source: Kubernetes API reference, ObjectMeta and LabelSelector. */
import { acts, each, type FieldRule, holds, ignored, table, warned } from "./rules.ts";

const BOOKKEEPING = ignored("bookkeeping of the API server and of tools");

const bookkept = each(
  [
    ...["annotations", "creationTimestamp", "deletionGracePeriodSeconds", "finalizers", "generateName", "generation"],
    ...["managedFields", "resourceVersion", "selfLink", "uid"],
  ],
  BOOKKEEPING,
);

const fromCluster = {
  deletionTimestamp: warned("nothing is on its way out when a simulation begins"),
  ownerReferences: warned("what another object made is taken as one of its own, beside that object"),
};

const objectMeta = table("ObjectMeta", {
  name: acts(),
  namespace: acts(),
  labels: ignored("nothing that is simulated selects these objects by label"),
  ...fromCluster,
  ...bookkept,
});

/** Of pods and nodes: selectors look at their labels. */
export const labelledMeta = table("ObjectMeta of pods and nodes", { ...objectMeta.fields, labels: acts() });

/** Of a Namespace: namespaceSelectors look at its labels. */
export const namespaceMeta = table("ObjectMeta of namespaces", {
  ...objectMeta.fields,
  namespace: ignored("it is of the whole cluster"),
  labels: { ...acts("for a namespaceSelector"), placingOnly: true },
});

/** Of a pod template: its pods get names and namespaces of their own. */
export const templateMeta = table("ObjectMeta of a pod template", {
  labels: acts(),
  ...each(["name", "namespace"], ignored("its pods have names and the namespace of the workload")),
  ...fromCluster,
  ...bookkept,
});

/** A label selector. */
export const labelSelectorFields = table("LabelSelector", { matchLabels: acts(), matchExpressions: acts() });

/** What every object begins with. */
export const headFields: Readonly<Record<string, FieldRule>> = {
  apiVersion: acts(),
  kind: acts(),
  metadata: holds(objectMeta),
};

/** What a cluster says of an object. */
export const REPORTED = ignored("what a cluster reports of it comes and goes");

/** What most objects begin and end with. */
export const objectFields: Readonly<Record<string, FieldRule>> = { ...headFields, status: REPORTED };
