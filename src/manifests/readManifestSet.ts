import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { type Path, parsePath } from "../scenario/path.ts";
import { PodReader } from "../scheduling/kubernetes/fromV1.ts";
import type { Labels } from "../scheduling/kubernetes/labels.ts";
import { V1FieldError } from "../scheduling/kubernetes/v1Fields.ts";
import { answeringContainer } from "./answeringContainer.ts";
import { mapAt } from "./jsonMap.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import type { ManifestSet, Priorities } from "./manifestSet.ts";
import { checkPodRules } from "./podRules.ts";
import { checkReferences } from "./references.ts";
import { checkUpdateRules } from "./updateRules.ts";
import { type Workload, workloadsOf } from "./workload.ts";

/** Sorts checked objects, reads the workloads among them, and checks what one object says of another. */
export function readManifestSet(objects: readonly ManifestObject[], report: ManifestReport): ManifestSet {
  const of = (...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  const priorities = prioritiesOf(of("PriorityClass"));
  const set: ManifestSet = {
    workloads: workloadsOf(objects, report).map((workload) => withPreemptionPolicy(workload, priorities)),
    services: of("Service"),
    budgets: of("PodDisruptionBudget"),
    autoscalers: of("HorizontalPodAutoscaler"),
    nodes: of("Node"),
    analyses: of("AnalysisTemplate", "ClusterAnalysisTemplate"),
    namespaces: new Map(of("Namespace").map(({ name, value }) => [name, textsOf(mapAt(value, "metadata"), "labels")])),
    priorities,
  };
  refuseSecondDefault(of("PriorityClass"), report);
  // One reader for all: what many pods say alike is read once.
  const reader = new PodReader();
  for (const workload of set.workloads) {
    checkPodRules(workload.template, report);
    checkUpdateRules(workload, report);
    checkPod(workload, { reader, priorities: set.priorities, report });
  }
  checkReferences(set, report);
  return { ...set, workloads: set.workloads.map((workload) => withAnsweringFirst(workload, set)) };
}

/** Puts the container that answers the requests before the others, where a Service asks another one than the first. */
function withAnsweringFirst(workload: Workload, { services }: Pick<ManifestSet, "services">): Workload {
  const { object, template } = workload;
  const { labels, spec, json } = template;
  const { containers } = json;
  const answering = answeringContainer({ namespace: object.namespace, labels, containers }, services);
  if (answering === 0 || !Array.isArray(containers)) return workload;
  const ordered = <Item>(list: readonly Item[]) => [
    ...list.slice(answering, answering + 1),
    ...list.filter((_, i) => i !== answering),
  ];
  return {
    ...workload,
    template: {
      ...template,
      spec: { ...spec, containers: ordered(spec.containers) },
      json: { ...json, containers: ordered<JsonValue>(containers) },
      places: ordered(template.places),
    },
  };
}

/** The texts of a map inside a map. */
export function textsOf(map: JsonMap, key: string): Labels {
  return new Map(
    Object.entries(mapAt(map, key)).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

/** Source: Kubernetes, plugin/pkg/admission/priority/admission.go. */
function refuseSecondDefault(classes: readonly ManifestObject[], report: ManifestReport): void {
  const [first, ...more] = classes.filter(({ value }) => value.globalDefault === true);
  for (const object of more) {
    const text = `found a second class for pods that name none, expected only one (the first is ${String(first?.name)})`;
    report.problem(object, ["globalDefault"], text);
  }
}

function prioritiesOf(classes: readonly ManifestObject[]): Priorities {
  const numberOf = ({ value }: ManifestObject) => (typeof value.value === "number" ? value.value : 0);
  const usual = classes.find(({ value }) => value.globalDefault === true);
  const never = classes.filter(({ value }) => value.preemptionPolicy === "Never");
  return {
    neverPreempting: new Set(never.flatMap((object) => (object === usual ? [object.name, ""] : [object.name]))),
    byName: new Map(classes.map((object) => [object.name, numberOf(object)])),
    byDefault: usual === undefined ? undefined : numberOf(usual),
  };
}

/** The API server writes the class's policy into a pod that gives none (Kubernetes, Pod Priority page, "Non-preempting"). */
function withPreemptionPolicy(workload: Workload, { neverPreempting }: Priorities): Workload {
  const { template } = workload;
  const { preemptionPolicy, priorityClassName = "" } = template.spec;
  if (preemptionPolicy !== undefined || !neverPreempting.has(priorityClassName)) return workload;
  return { ...workload, template: { ...template, json: { ...template.json, preemptionPolicy: "Never" } } };
}

/** Reads one pod as the scheduler would: what it cannot read is a problem where it stands in the template. */
function checkPod(
  { object, template }: Workload,
  { reader, priorities, report }: { reader: PodReader; priorities: Priorities; report: ManifestReport },
): void {
  const metadata = { name: object.name, namespace: object.namespace, labels: template.labels };
  withV1Problems(template.object, template.path, report, () =>
    reader.read({ metadata, spec: template.json }, contextOf(priorities)),
  );
}

/** Priorities as the scheduler's reader takes them. */
export function contextOf({ byName, byDefault }: Priorities) {
  return { priorities: byName, defaultPriority: byDefault };
}

/** Runs a reader of v1 objects; its complaint becomes a problem below `path` of the object, and undefined comes back. */
export function withV1Problems<Value>(
  object: ManifestObject,
  path: Path,
  report: ManifestReport,
  read: () => Value,
): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof V1FieldError)) throw error;
    const inside = parsePath(error.path) ?? [];
    report.problem(object, [...path, ...inside], `found ${error.found}, expected ${error.expected}`);
    return undefined;
  }
}
