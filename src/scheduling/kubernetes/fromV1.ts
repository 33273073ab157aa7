/** Pods and nodes out of v1 JSON, as `kubectl get -o json` prints them or a manifest gives them. */
import type { Labels, Selector } from "./labels.ts";
import type { HostPort, NodeInfo, PodInfo, PodSpecInfo, SpreadConstraint, Taint, Toleration } from "./podInfo.ts";
import { isCountedResource, readAmounts, readRequests } from "./requests.ts";
import {
  readKeys,
  readLabels,
  readPreferredNodeTerms,
  readPreferredTerms,
  readRequiredNodeTerms,
  readRequiredTerms,
  readSelector,
} from "./selectorsFromV1.ts";
import { V1Field } from "./v1Fields.ts";

const LARGEST_INT32 = 2 ** 31 - 1;
const LARGEST_PORT = 65_535;
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;
/** How many different templates are kept ready before all are let go. */
const MOST_TEMPLATES = 10_000;

/** What a pod's manifest does not say itself. */
export interface PodContext {
  /** The selector of the controller that owns it, for default spreading. */
  readonly ownerSelector?: Selector | undefined;
  /** Values of PriorityClass objects by name, for pods that name a class and have no number yet. */
  readonly priorities?: ReadonlyMap<string, number> | undefined;
  /** The priority of a pod that names neither: that of the global default class. Else 0. */
  readonly defaultPriority?: number | undefined;
}

/** Priorities of the two classes every cluster has. Source: Kubernetes, Pod Priority page. */
const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/**
 * Reads one pod. Without a namespace it is in `default`.
 *
 * @throws V1FieldError where a field has a wrong shape
 */
export function podFromV1(json: unknown, context: PodContext = {}): PodInfo {
  return new PodReader().read(json, context);
}

/** Reads many pods; those of one template come to share one `spec`. What it has read must not be changed afterwards. */
export class PodReader {
  /** By the map that it is the text of: pods of one template often share that too. */
  readonly #texts = new WeakMap<object, string>();
  readonly #specs = new Map<string, PodSpecInfo>();
  readonly #labels = new Map<string, Labels>();

  /** @throws V1FieldError where a field has a wrong shape */
  read(json: unknown, context: PodContext = {}): PodInfo {
    const root = new V1Field(json, "");
    const metadata = root.at("metadata");
    const status = root.at("status");
    const namespace = metadata.at("namespace").text() || "default";
    const labels = this.#sharedLabels(metadata.at("labels"));
    const spec = root.at("spec");
    return {
      namespace,
      name: metadata.at("name").requiredText(),
      labels,
      nodeName: spec.at("nodeName").text() || undefined,
      nominatedNodeName: status.at("nominatedNodeName").text() || undefined,
      isTerminating: !metadata.at("deletionTimestamp").isAbsent,
      isPreemptionVictim: status.at("conditions").items().some(isPreemptionCondition),
      startTime: readTime(status.at("startTime")),
      spec: this.#sharedSpec(spec, { namespace, labels }, context),
    };
  }

  /** The text of what counts of a field's value. */
  #textOf({ value }: V1Field, counts: (map: object) => object): string {
    if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(counts(value));
    this.#texts.set(value, text);
    return text;
  }

  #sharedLabels(field: V1Field): Labels {
    const key = this.#textOf(field, (labels) => labels);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const labels = readLabels(field);
    if (this.#labels.size >= MOST_TEMPLATES) this.#labels.clear();
    this.#labels.set(key, labels);
    return labels;
  }

  #sharedSpec(spec: V1Field, owner: { namespace: string; labels: Labels }, context: PodContext): PodSpecInfo {
    // Terms of affinity mean the pod's own namespace and may take up its labels; nothing else of a spec does.
    const affinity = spec.at("affinity");
    const isOwnerNeeded = !(affinity.at("podAffinity").isAbsent && affinity.at("podAntiAffinity").isAbsent);
    const key = [
      this.#textOf(spec, (map) => ({ ...map, nodeName: undefined })),
      context.ownerSelector?.key ?? "-",
      String(readPriority(spec, context)),
      isOwnerNeeded ? `${owner.namespace} ${JSON.stringify([...owner.labels])}` : "",
    ].join("\n");
    const known = this.#specs.get(key);
    if (known !== undefined) return known;
    if (this.#specs.size >= MOST_TEMPLATES) this.#specs.clear();
    const made = readSpec(spec, owner, context);
    this.#specs.set(key, made);
    return made;
  }
}

function readSpec(spec: V1Field, owner: { namespace: string; labels: Labels }, context: PodContext): PodSpecInfo {
  const affinity = spec.at("affinity");
  const { requests, nonZeroMillicores, nonZeroBytes } = readRequests(spec);
  const containers = [...spec.at("initContainers").items(), ...spec.at("containers").items()];
  return {
    schedulerName: spec.at("schedulerName").text() || "default-scheduler",
    priority: readPriority(spec, context),
    isGated: spec.at("schedulingGates").items().length > 0,
    mayPreempt: spec.at("preemptionPolicy").choice(["PreemptLowerPriority", "Never"]) !== "Never",
    nodeSelector: readLabels(spec.at("nodeSelector")),
    requiredNodeTerms: readRequiredNodeTerms(affinity.at("nodeAffinity")),
    preferredNodeTerms: readPreferredNodeTerms(affinity.at("nodeAffinity")),
    tolerations: spec.at("tolerations").items().map(readToleration),
    requiredAffinity: readRequiredTerms(affinity.at("podAffinity"), owner),
    requiredAntiAffinity: readRequiredTerms(affinity.at("podAntiAffinity"), owner),
    preferredTerms: [
      ...readPreferredTerms(affinity.at("podAffinity"), owner, 1),
      ...readPreferredTerms(affinity.at("podAntiAffinity"), owner, -1),
    ],
    spreadConstraints: spec.at("topologySpreadConstraints").items().map(readSpreadConstraint),
    hostPorts: readHostPorts(spec),
    requests: new Map([...requests].filter(([name]) => isCountedResource(name))),
    nonZeroMillicores,
    nonZeroBytes,
    images: containers.flatMap((container) => {
      const image = container.at("image").text();
      return image ? [withTag(image)] : [""];
    }),
    ownerSelector: context.ownerSelector,
  };
}

function readPriority(spec: V1Field, context: PodContext): number {
  const given = spec.at("priority").whole(-LARGEST_INT32 - 1, LARGEST_INT32);
  if (given !== undefined) return given;
  const name = spec.at("priorityClassName");
  const className = name.text();
  if (!className) return context.defaultPriority ?? 0;
  const value = context.priorities?.get(className) ?? SYSTEM_PRIORITIES.get(className);
  if (value === undefined) throw name.refused("the name of a PriorityClass that is there");
  return value;
}

function readToleration(field: V1Field): Toleration {
  return {
    key: field.at("key").text() || undefined,
    operator: field.at("operator").choice(["Equal", "Exists"]) ?? "Equal",
    value: field.at("value").text() ?? "",
    effect: field.at("effect").choice(EFFECTS),
  };
}

function readTaint(field: V1Field): Taint {
  const effect = field.at("effect");
  const chosen = effect.choice(EFFECTS);
  if (chosen === undefined) throw effect.refused(`one of ${EFFECTS.join(", ")}`);
  return { key: field.at("key").requiredText(), value: field.at("value").text() ?? "", effect: chosen };
}

/** One constraint, as a pod's spec or a profile's default constraints give it. */
export function readSpreadConstraint(field: V1Field): SpreadConstraint {
  const when = field.at("whenUnsatisfiable").choice(["DoNotSchedule", "ScheduleAnyway"]);
  if (when === undefined) throw field.at("whenUnsatisfiable").refused("DoNotSchedule or ScheduleAnyway");
  return {
    topologyKey: field.at("topologyKey").requiredText(),
    maxSkew: field.at("maxSkew").whole(1, LARGEST_INT32) ?? 1,
    isHard: when === "DoNotSchedule",
    selector: readSelector(field.at("labelSelector")),
    minDomains: field.at("minDomains").whole(1, LARGEST_INT32) ?? 1,
    honoursNodeAffinity: field.at("nodeAffinityPolicy").choice(["Honor", "Ignore"]) !== "Ignore",
    honoursTaints: field.at("nodeTaintsPolicy").choice(["Honor", "Ignore"]) === "Honor",
    matchLabelKeys: readKeys(field.at("matchLabelKeys")),
  };
}

/** Ports of containers and sidecars. With hostNetwork, the API server makes every container port a host port. */
function readHostPorts(spec: V1Field): readonly HostPort[] {
  const isOnHost = spec.at("hostNetwork").isTrue();
  const sidecars = spec
    .at("initContainers")
    .items()
    .filter((container) => container.at("restartPolicy").text() === "Always");
  return [...spec.at("containers").items(), ...sidecars].flatMap((container) =>
    container
      .at("ports")
      .items()
      .flatMap((item) => {
        const given = item.at("hostPort").whole(0, LARGEST_PORT) ?? 0;
        const port = given === 0 && isOnHost ? (item.at("containerPort").whole(0, LARGEST_PORT) ?? 0) : given;
        if (port === 0) return [];
        return [{ ip: item.at("hostIP").text() || "0.0.0.0", protocol: item.at("protocol").text() || "TCP", port }];
      }),
  );
}

/** An image name with neither tag nor digest means `latest`. */
export function withTag(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}

function isPreemptionCondition(condition: V1Field): boolean {
  return (
    condition.at("type").text() === "DisruptionTarget" &&
    condition.at("status").text() === "True" &&
    condition.at("reason").text() === "PreemptionByScheduler"
  );
}

/** ISO 8601 in UTC, as v1 objects write times: compared as numbers, without a calendar. Absent is later than all. */
function readTime(field: V1Field): number {
  const text = field.text();
  if (!text) return Number.POSITIVE_INFINITY;
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|[+-]00:00)$/.exec(text);
  if (match === null) throw field.refused("a time in UTC, such as 2026-01-31T12:00:00Z");
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  // Months of 31 days keep the order, which is all that is asked of it.
  return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second + Number(`0${match[7] ?? ""}`);
}

/**
 * Reads one node: its capacity counts where no allocatable is given.
 *
 * @throws V1FieldError where a field has a wrong shape
 */
export function nodeFromV1(json: unknown): NodeInfo {
  const root = new V1Field(json, "");
  const spec = root.at("spec");
  const status = root.at("status");
  const allocatable = status.at("allocatable");
  const images = status
    .at("images")
    .items()
    .flatMap((image) => {
      const bytes = image.at("sizeBytes").whole(0, Number.MAX_SAFE_INTEGER) ?? 0;
      return image
        .at("names")
        .items()
        .map((name) => [name.requiredText(), bytes] as const);
    });
  return {
    name: root.at("metadata").at("name").requiredText(),
    labels: readLabels(root.at("metadata").at("labels")),
    taints: spec.at("taints").items().map(readTaint),
    isUnschedulable: spec.at("unschedulable").isTrue(),
    allocatable: readAmounts(allocatable.isAbsent ? status.at("capacity") : allocatable),
    images: new Map(images),
  };
}
