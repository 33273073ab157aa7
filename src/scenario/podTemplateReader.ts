import type { JsonMap, PodTemplate } from "../cluster/podTemplate.ts";
import type { ClusterSpec, ServiceSpec } from "../cluster/spec.ts";
import { podFromV1 } from "../scheduling/kubernetes/fromV1.ts";
import { profileNames } from "../scheduling/kubernetes/settings.ts";
import { V1FieldError } from "../scheduling/kubernetes/v1Fields.ts";
import type { Spot } from "./parts.ts";
import { parsePath } from "./path.ts";
import type { ServiceForm } from "./serviceSchema.ts";

/** The scheduler that places by a pod template. */
export const KUBERNETES_SCHEDULER = "kubernetes";

/**
 * A service's pod template: the one given, with the service's own affinity and constraints over its; undefined where it has
 * none of these. What its spec says is checked by the scheduler's own reader.
 */
export function readPodTemplate(name: string, form: ServiceForm, spot: Spot): PodTemplate | undefined {
  const own = {
    ...ifGiven("affinity", form.affinity),
    ...ifGiven("topologySpreadConstraints", form.topologySpreadConstraints),
  };
  if (form.pod === undefined && Object.keys(own).length === 0) return undefined;
  const given = form.pod ?? templateOf(name, form);
  const template: PodTemplate = { ...given, spec: { ...given.spec, ...own } };
  check(name, template, { form, spot });
  return template;
}

/** What the service's other settings say, as a pod. */
function templateOf(name: string, form: ServiceForm): PodTemplate {
  const { image, cpu, memory, nodeSelector, tolerations, spread } = form;
  const labels = { app: name };
  const resources = { requests: { cpu: `${cpu}m`, memory: `${memory}` } };
  const constraint = {
    maxSkew: 1,
    topologyKey: spread.over === "zone" ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname",
    whenUnsatisfiable: spread.required ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  };
  const spec: JsonMap = {
    containers: [{ name: "main", image, resources }],
    nodeSelector,
    tolerations: tolerations.map((toleration) => ifAnyGiven(toleration)),
    topologySpreadConstraints: spread.over === "none" ? [] : [constraint],
  };
  return { namespace: "default", labels, spec, ownerSelector: undefined };
}

function ifAnyGiven(map: Readonly<Record<string, string | number | undefined>>): JsonMap {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

function ifGiven(key: string, value: unknown): JsonMap {
  const isEmpty = typeof value === "object" && (value === null || Object.keys(value).length === 0);
  return value === undefined || isEmpty ? {} : { [key]: value as JsonMap };
}

function check(name: string, template: PodTemplate, { form, spot }: { form: ServiceForm; spot: Spot }): void {
  const { namespace, labels, spec } = template;
  try {
    // Priority classes are looked up where the manifests are read; the service's own priority counts here.
    podFromV1({ metadata: { name, namespace, labels }, spec: { ...spec, priority: form.priority } });
  } catch (error) {
    if (!(error instanceof V1FieldError)) throw error;
    const [, ...inside] = parsePath(error.path) ?? [];
    const [key] = inside;
    const isOwn = (key === "affinity" && form.affinity) || (key === "topologySpreadConstraints" && form[key]);
    const path = isOwn ? [...spot.path, ...inside] : [...spot.path, "pod", "spec", ...inside];
    spot.findings.problem(path, `found ${error.found}, expected ${error.expected}`);
  }
}

/** Rules that only Kubernetes' own scheduler knows, by their key in a pod's spec. */
const ONLY_KUBERNETES = ["affinity", "topologySpreadConstraints"];

/** Warns of placement rules that the chosen scheduler does not know: they are named, never dropped in silence. */
export function warnOfPlacementRules(services: readonly ServiceSpec[], cluster: ClusterSpec, spot: Spot): void {
  if (cluster.scheduler.name === KUBERNETES_SCHEDULER) {
    warnOfProfiles(services, cluster, spot);
    return;
  }
  for (const { name, pod } of services) {
    for (const key of ONLY_KUBERNETES) {
      const value = pod?.spec[key];
      if (typeof value !== "object" || value === null || Object.keys(value).length === 0) continue;
      spot.findings.warn(
        [...spot.path, name, key],
        `has no effect under the scheduler ${cluster.scheduler.name}: use scheduler: ${KUBERNETES_SCHEDULER}, or spread`,
      );
    }
  }
}

/** A pod whose scheduler name has no profile waits for ever, as in Kubernetes. */
function warnOfProfiles(services: readonly ServiceSpec[], { scheduler }: ClusterSpec, spot: Spot): void {
  const names = profileNames(scheduler.settings);
  for (const { name, pod } of services) {
    const asked = pod?.spec.schedulerName;
    if (names === undefined || typeof asked !== "string" || asked === "" || names.includes(asked)) continue;
    spot.findings.warn(
      [...spot.path, name, "pod", "spec", "schedulerName"],
      `names the scheduler ${asked}, which has no profile (there is ${names.join(", ")}): its containers stay pending`,
    );
  }
}
