/** What the API server refuses in an object beyond the types of its fields: 422 Unprocessable Entity. */

import type { JsonMap } from "../../cluster/podTemplate.ts";
import { mapAt } from "../jsonMap.ts";
import { Flawless } from "../likeness.ts";
import { CLUSTER_KINDS } from "../manifestKinds.ts";
import type { ManifestObject } from "../manifestObject.ts";
import { autoscalerFindings } from "./autoscalers.ts";
import { budgetFindings, nodeFindings, priorityFindings } from "./cluster.ts";
import { type Finding, type Form, fitting, found, under, within } from "./finding.ts";
import { annotationFindings, labelFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN, PATH_SEGMENT, SERVICE_NAME } from "./names.ts";
import { serviceFindings } from "./services.ts";
import { podFindings, templateFindings, workloadFindings } from "./workloads.ts";

/**
 * Kinds whose names are no DNS subdomains: a StatefulSet's is part of its pods' host names (a label since v1.27), a budget's is asked of
 * by no rule but that of all objects (apiserver/pkg/registry/rest/create.go).
 */
const NAMES: ReadonlyMap<string, Form> = new Map([
  ["Service", SERVICE_NAME],
  ["Namespace", DNS_LABEL],
  ["StatefulSet", DNS_LABEL],
  ["PodDisruptionBudget", PATH_SEGMENT],
]);

/** Judges objects one by one. */
export class ApiRules {
  // Pods that a cluster prints are never alike as a whole: each has its own address and times. Most of the work is in their specs.
  readonly #podSpecs = new Flawless();

  /** Everything that is refused in an object of a kind that is simulated; the paths are below the object. */
  findings(object: ManifestObject): readonly Finding[] {
    const findings = ownFindings(object);
    if (object.kind !== "Pod") return [...findings, ...kindFindings(object)];
    const likeness = JSON.stringify({ ...mapAt(object.value, "spec"), nodeName: "" });
    if (this.#podSpecs.has(likeness)) return findings;
    const inside = kindFindings(object);
    if (inside.length === 0) this.#podSpecs.add(likeness);
    return [...findings, ...inside];
  }
}

/** What of it is about what a likeness leaves out (`likeness.ts`): all that can be wrong with an object that is like a flawless one. */
export function ownFindings(object: ManifestObject): readonly Finding[] {
  const findings = metadataFindings(object);
  return object.kind === "Pod"
    ? [...findings, ...under(["spec"], boundFindings(mapAt(object.value, "spec")))]
    : findings;
}

/** Where a pod is bound to. */
function boundFindings(spec: JsonMap): Finding[] {
  const { nodeName, schedulingGates } = spec;
  const isHeld = Array.isArray(schedulingGates) && schedulingGates.length > 0;
  if (isHeld && typeof nodeName === "string" && nodeName !== "") {
    return [found(["nodeName"], nodeName, "none while schedulingGates hold the pod back")];
  }
  return fitting(spec, "nodeName", DNS_SUBDOMAIN);
}

function metadataFindings({ kind, value }: ManifestObject): Finding[] {
  return within(value, "metadata", (metadata) => [
    ...fitting(metadata, "name", NAMES.get(kind) ?? DNS_SUBDOMAIN),
    ...fitting(metadata, "generateName", beginningOf(NAMES.get(kind) ?? DNS_SUBDOMAIN)),
    ...(CLUSTER_KINDS.has(kind) ? [] : fitting(metadata, "namespace", DNS_LABEL)),
    ...within(metadata, "labels", labelFindings),
    ...within(metadata, "annotations", annotationFindings),
  ]);
}

/** A name that goes on: it may end with '-'. */
function beginningOf({ fits, expected }: Form): Form {
  return { fits: (text) => fits(text.replace(/-$/, "x")), expected };
}

function kindFindings({ kind, name, value }: ManifestObject): Finding[] {
  switch (kind) {
    case "Pod":
      return podFindings(value);
    case "Rollout":
      return within(value, "spec", (spec) => within(spec, "template", (template) => templateFindings(template)));
    case "Service":
      return specFindings(value, serviceFindings);
    case "HorizontalPodAutoscaler":
      return specFindings(value, autoscalerFindings);
    case "PodDisruptionBudget":
      return specFindings(value, budgetFindings);
    case "Node":
      return specFindings(value, nodeFindings);
    case "PriorityClass":
      return priorityFindings(value, name);
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "ReplicationController":
      return specFindings(value, (spec) => workloadFindings(kind, spec));
    default:
      return [];
  }
}

function specFindings(value: JsonMap, judge: (spec: JsonMap) => Finding[]): Finding[] {
  return under(["spec"], judge(mapAt(value, "spec")));
}
