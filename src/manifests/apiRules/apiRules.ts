/** What the API server refuses in an object beyond the types of its fields: 422 Unprocessable Entity. */

import type { JsonMap } from "../../cluster/podTemplate.ts";
import { mapAt } from "../jsonMap.ts";
import { CLUSTER_KINDS } from "../manifestKinds.ts";
import type { ManifestObject } from "../manifestObject.ts";
import { autoscalerFindings } from "./autoscalers.ts";
import { budgetFindings, nodeFindings, priorityFindings } from "./cluster.ts";
import { type Finding, type Form, fitting, under, within } from "./finding.ts";
import { annotationFindings, labelFindings } from "./labels.ts";
import { DNS_LABEL, DNS_SUBDOMAIN, SERVICE_NAME } from "./names.ts";
import { serviceFindings } from "./services.ts";
import { podFindings, templateFindings, workloadFindings } from "./workloads.ts";

/** Kinds whose names are no DNS subdomains: a StatefulSet's is part of its pods' host names. */
const NAMES: ReadonlyMap<string, Form> = new Map([
  ["Service", SERVICE_NAME],
  ["Namespace", DNS_LABEL],
  ["StatefulSet", DNS_LABEL],
]);

/** How many different pods are remembered before all are forgotten. */
const MOST_REMEMBERED = 10_000;

/** Judges objects one by one. Pods of one spec, as a cluster prints them by the thousand, are looked through once. */
export class ApiRules {
  readonly #clean = new Set<string>();

  /** Everything that is refused in an object of a kind that is simulated; the paths are below the object. */
  findings(object: ManifestObject): readonly Finding[] {
    const findings = metadataFindings(object);
    if (object.kind !== "Pod") return [...findings, ...kindFindings(object)];
    const spec = mapAt(object.value, "spec");
    const key = JSON.stringify({ ...spec, nodeName: undefined });
    const bound = under(["spec"], fitting(spec, "nodeName", DNS_SUBDOMAIN));
    if (this.#clean.has(key)) return [...findings, ...bound];
    const inside = kindFindings(object);
    if (this.#clean.size >= MOST_REMEMBERED) this.#clean.clear();
    if (inside.length === bound.length) this.#clean.add(key);
    return [...findings, ...inside];
  }
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
