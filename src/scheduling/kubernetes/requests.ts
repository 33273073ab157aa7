/** What a pod asks of its node, worked out from its containers as Kubernetes does. */
import { parseQuantity } from "./quantity.ts";
import type { V1Field } from "./v1Fields.ts";

/** Counted for a container that names no cpu request. Source: kube-scheduler, non-zero requests. */
export const DEFAULT_MILLICORES = 100;
/** Counted for a container that names no memory request. Source: kube-scheduler, non-zero requests. */
export const DEFAULT_BYTES = 200 * 1024 * 1024;

type Amounts = Map<string, number>;

/** What `readRequests` finds. */
export interface Requests {
  readonly requests: ReadonlyMap<string, number>;
  readonly nonZeroMillicores: number;
  readonly nonZeroBytes: number;
}

/**
 * A pod's requests: the greater of what runs for good (containers and sidecars) and each init container with the sidecars started
 * before it; then the overhead. Source: Kubernetes, Init Containers and Sidecar Containers pages; pod-level resources win.
 */
export function readRequests(spec: V1Field): Requests {
  const plain = total(spec, false);
  const filled = total(spec, true);
  return {
    requests: plain,
    nonZeroMillicores: filled.get("cpu") ?? 0,
    nonZeroBytes: filled.get("memory") ?? 0,
  };
}

function total(spec: V1Field, isFilled: boolean): Amounts {
  const lasting: Amounts = new Map();
  const sidecars: Amounts = new Map();
  const starting: Amounts = new Map();
  for (const container of spec.at("containers").items()) add(lasting, containerRequests(container, isFilled));
  for (const container of spec.at("initContainers").items()) {
    const wanted = containerRequests(container, isFilled);
    const isSidecar = container.at("restartPolicy").text() === "Always";
    if (isSidecar) {
      add(lasting, wanted);
      add(sidecars, wanted);
      raise(starting, sidecars);
      continue;
    }
    const together = new Map(wanted);
    add(together, sidecars);
    raise(starting, together);
  }
  raise(lasting, starting);
  for (const [name, amount] of podRequests(spec)) {
    if (name === "cpu" || name === "memory" || name.startsWith("hugepages-")) lasting.set(name, amount);
  }
  add(lasting, readAmounts(spec.at("overhead")));
  return lasting;
}

/** A limit of the whole pod is its request where neither it nor any container asks (defaults.go, setDefaultPodRequests). */
function podRequests(spec: V1Field): Amounts {
  const amounts = readAmounts(spec.at("resources").at("requests"));
  const containers = [...spec.at("containers").items(), ...spec.at("initContainers").items()];
  for (const [name, limit] of readAmounts(spec.at("resources").at("limits"))) {
    const isAsked = amounts.has(name) || containers.some((container) => containerRequests(container, false).has(name));
    if (!isAsked) amounts.set(name, limit);
  }
  return amounts;
}

function containerRequests(container: V1Field, isFilled: boolean): Amounts {
  const resources = container.at("resources");
  const amounts = readAmounts(resources.at("requests"));
  // The API server fills a missing request with the limit.
  for (const [name, amount] of readAmounts(resources.at("limits"))) if (!amounts.has(name)) amounts.set(name, amount);
  if (isFilled && !amounts.has("cpu")) amounts.set("cpu", DEFAULT_MILLICORES);
  if (isFilled && !amounts.has("memory")) amounts.set("memory", DEFAULT_BYTES);
  return amounts;
}

/** A map of resource names to quantities: `cpu` in millicores, all else in whole units, rounded up. */
export function readAmounts(field: V1Field): Map<string, number> {
  const amounts: Amounts = new Map();
  for (const [name, item] of field.entries()) {
    const given = item.value;
    const isText = typeof given === "string" || typeof given === "number";
    const amount = isText ? parseQuantity(given, name === "cpu" ? 1000 : 1) : undefined;
    if (amount === undefined) throw item.refused("a quantity, such as 500m, 2 or 256Mi");
    amounts.set(name, amount);
  }
  return amounts;
}

function add(sum: Amounts, more: ReadonlyMap<string, number>): void {
  for (const [name, amount] of more) sum.set(name, (sum.get(name) ?? 0) + amount);
}

function raise(most: Amounts, other: ReadonlyMap<string, number>): void {
  for (const [name, amount] of other) most.set(name, Math.max(most.get(name) ?? 0, amount));
}

/** A resource of a vendor: named with a domain that is not Kubernetes' own. Source: Kubernetes, Extended Resources. */
export function isExtendedResource(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/") && !name.startsWith("requests.");
}

/** A resource that a pod which does not ask for it is not scored by: extended, huge pages, volumes. */
export function isScalarResource(name: string): boolean {
  return name.includes("/") || name.startsWith("hugepages-") || name.startsWith("attachable-volumes-");
}

/** A resource that placement counts at all. */
export function isCountedResource(name: string): boolean {
  return name === "cpu" || name === "memory" || name === "ephemeral-storage" || isScalarResource(name);
}
