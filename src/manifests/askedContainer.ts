/** Which container of a pod the Services in front of it ask, by the ports that they name. */
import { isMap, mapAt } from "./jsonMap.ts";
import type { ManifestObject } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { selectedBy, serviceSelector } from "./references.ts";
import type { Workload } from "./workload.ts";

/** A container that does not stand first, and a Service that asks it. */
export interface AskedContainer {
  readonly container: number;
  readonly service: ManifestObject;
}

/** The first of the further containers that a Service asks, if none asks the first one; undefined also where no port tells. */
export function furtherContainerAsked(workload: Workload, { services }: ManifestSet): AskedContainer | undefined {
  const asked = services
    .filter((service) => selectedBy(serviceSelector(service), service, [workload]).length > 0)
    .flatMap((service) => targetsOf(service).map((target) => ({ service, container: holderOf(target, workload) })));
  if (asked.some(({ container }) => container === 0)) return undefined;
  return asked.find(({ container }) => container > 0);
}

/** The names and numbers of the ports that a Service sends requests to. */
function targetsOf({ value }: ManifestObject): readonly unknown[] {
  const { ports } = mapAt(value, "spec");
  if (!Array.isArray(ports)) return [];
  return ports.filter(isMap).map(({ port, targetPort }) => targetPort ?? port);
}

/** The place of the container that has that port; -1 where none has. */
function holderOf(target: unknown, { template }: Workload): number {
  const { containers } = template.json;
  if (!Array.isArray(containers)) return -1;
  return containers.findIndex((container) => {
    const ports = isMap(container) && Array.isArray(container.ports) ? container.ports : [];
    return ports.filter(isMap).some(({ name, containerPort }) => target === name || target === containerPort);
  });
}
