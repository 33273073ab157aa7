/** Which container of a pod answers its requests. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { selects } from "../scheduling/kubernetes/labels.ts";
import { mapsOf } from "./findings.ts";
import { mapAt } from "./jsonMap.ts";
import type { ManifestObject } from "./manifestObject.ts";
import { serviceSelector } from "./references.ts";

/** The labels and containers of pods, as v1 writes them. */
export interface PodParts {
  readonly namespace: string;
  readonly labels: JsonMap;
  readonly containers: JsonValue | undefined;
}

/** What an object says of its pods; undefined of a kind that has none. */
export function podPartsOf({ kind, namespace, value }: ManifestObject): PodParts | undefined {
  const spec = mapAt(value, "spec");
  const pod = kind === "Pod" ? value : mapAt(spec, "template");
  const { containers } = mapAt(pod, "spec");
  return containers === undefined
    ? undefined
    : { namespace, labels: mapAt(mapAt(pod, "metadata"), "labels"), containers };
}

/**
 * The place of the container whose ports the Services in front of the pods name; 0, the first one, where they name one of its ports or
 * none that any container has. A container need not list its ports (Kubernetes API reference, Container): then nothing tells.
 */
export function answeringContainer(pods: PodParts, services: readonly ManifestObject[]): number {
  // A cluster prints tens of thousands of pods: most have one container, and few files have both pods and Services.
  if (services.length === 0 || !Array.isArray(pods.containers) || pods.containers.length < 2) return 0;
  const labels = new Map(Object.entries(pods.labels).map(([key, text]) => [key, String(text)]));
  const targets = services
    .filter((service) => service.namespace === pods.namespace && asksFor(service, labels))
    .flatMap(targetsOf);
  if (targets.length === 0) return 0;
  const containers = mapsOf(pods.containers);
  const asked = targets.map((target) => containers.findIndex(({ map }) => hasPort(map, target)));
  return asked.includes(0) ? 0 : (asked.find((place) => place > 0) ?? 0);
}

function asksFor(service: ManifestObject, labels: ReadonlyMap<string, string>): boolean {
  const selector = serviceSelector(service);
  return selector !== undefined && selects(selector, labels);
}

/** The names and numbers of the ports that a Service sends requests to. */
function targetsOf({ value }: ManifestObject): readonly (JsonValue | undefined)[] {
  return mapsOf(mapAt(value, "spec").ports).map(({ map: { port, targetPort } }) => targetPort ?? port);
}

function hasPort({ ports }: JsonMap, target: JsonValue | undefined): boolean {
  return mapsOf(ports).some(({ map: { name, containerPort } }) => target === name || target === containerPort);
}
