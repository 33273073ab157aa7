import type { JsonMap } from "../cluster/podTemplate.ts";
import type { WorkloadKind } from "../cluster/policies.ts";
import { refusal } from "../fields/refusal.ts";
import type { Path } from "../scenario/path.ts";
import { type Labels, selects } from "../scheduling/kubernetes/labels.ts";
import { readSelector } from "../scheduling/kubernetes/selectorsFromV1.ts";
import { V1Field } from "../scheduling/kubernetes/v1Fields.ts";
import { isMap, mapAt } from "./jsonMap.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import { type PodSpecForm, podSpecSchema } from "./podSchema.ts";
import { rolloutSchema } from "./rolloutSchema.ts";

/** Pods of one template, and the object that asks for them. */
export interface Workload {
  readonly object: ManifestObject;
  readonly kind: WorkloadKind;
  /** Unique among the workloads: the name of its service in the scenario. */
  readonly service: string;
  /** Undefined for a DaemonSet: one for each node. */
  readonly replicas: number | undefined;
  readonly template: Template;
  /** As v1 writes it; undefined for a Pod. */
  readonly selector: JsonMap | undefined;
}

/** A pod template and where it stands: of a Rollout with a workloadRef, in another object. */
export interface Template {
  readonly object: ManifestObject;
  /** To the template's parent of `spec`: empty for a Pod. */
  readonly path: Path;
  readonly labels: Readonly<Record<string, string>>;
  /** The container that answers the requests is the first one. */
  readonly spec: PodSpecForm;
  readonly json: JsonMap;
  /** Of each container, where it stands among those of the manifest. */
  readonly places: readonly number[];
}

/** Where a container of the template stands in its object. */
export function containerPath({ path, places }: Template, container: number): Path {
  return [...path, "spec", "containers", places[container] ?? container];
}

const KINDS: ReadonlyMap<string, WorkloadKind> = new Map<string, WorkloadKind>([
  ["Deployment", "Deployment"],
  ["Rollout", "Deployment"],
  ["StatefulSet", "StatefulSet"],
  ["DaemonSet", "DaemonSet"],
  ["ReplicaSet", "ReplicaSet"],
  ["ReplicationController", "ReplicaSet"],
  ["Pod", "Pod"],
]);

/** The workloads among some checked objects, in their order. A Deployment that a Rollout takes its template from is not one. */
export function workloadsOf(objects: readonly ManifestObject[], report: ManifestReport): readonly Workload[] {
  const candidates = objects.filter(({ kind }) => KINDS.has(kind));
  const referred = new Set(candidates.map((object) => referredBy(object, candidates)));
  const names = new Names();
  const specs = new PodSpecs();
  return candidates.flatMap((object) => {
    if (referred.has(object)) return [];
    const workload = readWorkload(object, { candidates, report, specs });
    if (workload === undefined) return [];
    const service = names.nameFor(object);
    if (service !== object.name) {
      report.warn(object, ["metadata", "name"], `is called ${service} here: another workload has this name`);
    }
    return [{ ...workload, service }];
  });
}

/** Gives every workload a name of its own. */
class Names {
  readonly #taken = new Set<string>();

  nameFor({ kind, namespace, name }: ManifestObject): string {
    const wishes = [name, `${namespace}.${name}`, `${namespace}.${name}.${kind.toLowerCase()}`];
    const free = wishes.find((wish) => !this.#taken.has(wish)) ?? `${name}.${this.#taken.size + 1}`;
    this.#taken.add(free);
    return free;
  }
}

/** What the workloads of some manifests are read with. */
interface Reading {
  readonly candidates: readonly ManifestObject[];
  readonly report: ManifestReport;
  readonly specs: PodSpecs;
}

/** How many different specs of pods are remembered before all are let go. */
const MOST_SPECS = 10_000;

type PodSpec = Pick<Template, "spec" | "json" | "places">;

/** Specs of pods as checked. Those that say the same become one: a cluster prints the spec of a Deployment with each of its pods. */
class PodSpecs {
  readonly #known = new Map<string, PodSpec>();

  of(json: JsonMap): PodSpec {
    const text = JSON.stringify(json);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const spec = podSpecSchema.parse(json);
    const made = { spec, json, places: spec.containers.map((_, i) => i) };
    if (this.#known.size >= MOST_SPECS) this.#known.clear();
    // JSON writes what is no number or has no end as null: such specs only seem to say the same.
    if (!text.includes("null")) this.#known.set(text, made);
    return made;
  }
}

function readWorkload(object: ManifestObject, reading: Reading): Omit<Workload, "service"> | undefined {
  const { report } = reading;
  const kind = KINDS.get(object.kind) ?? "Deployment";
  const template = templateOf(object, reading);
  if (template === undefined) return undefined;
  const spec = mapAt(object.value, "spec");
  const selector = selectorOf(object, template);
  if (selector !== undefined) {
    if (!selects(readSelector(new V1Field(selector, "")), new Map(Object.entries(template.labels)))) {
      report.problem(
        object,
        ["spec", "selector"],
        `selects none of its own pods: the template's labels are ${labelText(template.labels)}`,
      );
    }
  }
  for (const [i, container] of template.spec.containers.entries()) {
    if (container.image === undefined || container.image === "") {
      const path = [...containerPath(template, i), "image"];
      report.problem(template.object, path, refusal(container.image, "an image, such as shop:v1"));
    }
  }
  const wanted = spec.replicas;
  const replicas = typeof wanted === "number" ? wanted : 1;
  return { object, kind, replicas: kind === "DaemonSet" ? undefined : replicas, template, selector };
}

function templateOf(object: ManifestObject, { candidates, report, specs }: Reading): Template | undefined {
  if (object.kind === "Pod") {
    const metadata = mapAt(object.value, "metadata");
    return { object, path: [], labels: labelsOf(metadata), ...specs.of(mapAt(object.value, "spec")) };
  }
  const own = mapAt(object.value, "spec").template;
  if (isMap(own)) return templateAt(object, own, specs);
  const other = referredBy(object, candidates);
  const theirs = other === undefined ? undefined : mapAt(other.value, "spec").template;
  if (other !== undefined && isMap(theirs)) return templateAt(other, theirs, specs);
  report.problem(
    object,
    ["spec"],
    "found neither a template nor a workloadRef to a Deployment in these manifests, expected one of them",
  );
  return undefined;
}

function templateAt(object: ManifestObject, template: JsonMap, specs: PodSpecs): Template {
  const labels = labelsOf(mapAt(template, "metadata"));
  return { object, path: ["spec", "template"], labels, ...specs.of(mapAt(template, "spec")) };
}

/** The Deployment whose template a Rollout uses. */
function referredBy(object: ManifestObject, candidates: readonly ManifestObject[]): ManifestObject | undefined {
  if (object.kind !== "Rollout") return undefined;
  const { workloadRef } = rolloutSchema.parse(object.value).spec;
  return candidates.find(
    ({ kind, namespace, name }) =>
      kind === workloadRef?.kind && name === workloadRef.name && namespace === object.namespace,
  );
}

function selectorOf(object: ManifestObject, { labels }: Template): JsonMap | undefined {
  const given = mapAt(object.value, "spec").selector;
  if (object.kind === "Pod") return undefined;
  if (object.kind === "ReplicationController") return { matchLabels: isMap(given) ? given : labels };
  return isMap(given) ? given : { matchLabels: labels };
}

function labelsOf(metadata: JsonMap): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(mapAt(metadata, "labels")).map(([key, value]) => [key, typeof value === "string" ? value : ""]),
  );
}

/** The pods' labels as selectors see them. */
export function labelsOfPods({ template }: Workload): Labels {
  return new Map(Object.entries(template.labels));
}

/** `app=web, tier=front`, for people. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "none" : pairs.join(", ");
}
