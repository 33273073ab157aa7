/** What a service's containers ask for, as an autoscaler adds it up (Kubernetes, replica_calculator.go, calculatePodRequests). */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import type { ServiceSpec } from "../cluster/spec.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";

/** What counts of a resource. */
export interface Reservation {
  /** Of the pod's use, which part is looked at; undefined: the pods have no container of that name. */
  readonly share: number | undefined;
  /** Thousandths of a core, or bytes; 0: some container says nothing, so that no percentage can be told. */
  readonly requested: number;
  /** The container that says nothing, where one does. */
  readonly silent?: string | undefined;
}

/**
 * The reservation of a whole pod, or of the one container `only`.
 *
 * The model knows the use of a pod; a container has as much of it as of the pod's request.
 */
export function reservationOf(
  { cpuMillicores, memoryBytes, pod }: ServiceSpec,
  resource: "cpu" | "memory",
  only: string | undefined,
): Reservation {
  const whole = resource === "cpu" ? cpuMillicores : memoryBytes;
  const containers = mapsOf(pod?.spec.containers);
  if (containers.length === 0) return { share: 1, requested: whole };
  const requests = containers.map((container) => requestOf(container, resource));
  if (only === undefined) {
    const silent = requests.indexOf(undefined);
    if (silent < 0) return { share: 1, requested: whole };
    return { share: 1, requested: 0, silent: String(containers[silent]?.name) };
  }
  const place = containers.findIndex(({ name }) => name === only);
  if (place < 0) return { share: undefined, requested: 0 };
  const own = requests[place];
  if (own === undefined) return { share: 0, requested: 0, silent: only };
  return { share: whole === 0 ? 0 : own / whole, requested: own };
}

/** A limit without a request is the request (pkg/apis/core/v1/defaults.go, SetDefaults_Pod). */
function requestOf(container: JsonMap, resource: "cpu" | "memory"): number | undefined {
  const [resources] = mapsOf([container.resources ?? null]);
  const [requests] = mapsOf([resources?.requests ?? null]);
  const [limits] = mapsOf([resources?.limits ?? null]);
  const given = requests?.[resource] ?? limits?.[resource];
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  return parseQuantity(given, resource === "cpu" ? 1000 : 1);
}

function mapsOf(value: JsonValue | undefined): readonly JsonMap[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one: JsonValue): one is JsonMap => typeof one === "object" && one !== null && !Array.isArray(one),
  );
}
