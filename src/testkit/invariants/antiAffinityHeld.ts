import type { PodTemplate } from "../../cluster/podTemplate.ts";
import type { Invariant } from "../invariant.ts";
import { antiAffinityOf, type Neighbour, placeOf, podPlacement, selects } from "./podRules.ts";

/** Kubernetes, "Assigning Pods to Nodes": symmetric, so that what is there already keeps a newcomer away too. */
export const antiAffinityHeld: Invariant = {
  name: "anti-affinity-held",
  statement: "No container goes where its required anti-affinity, or that of one that is there, forbids it.",
  appliesTo: "placement",
  onPlacement(placement) {
    const placed = podPlacement(placement);
    if (placed === undefined) return undefined;
    const { pod, host, neighbours } = placed;
    const { container } = placement.request;
    for (const other of neighbours) {
      const shared = (key: unknown) =>
        typeof key === "string" && placeOf(host, key) !== undefined && placeOf(host, key) === placeOf(other.host, key);
      const forbids = (owner: PodTemplate, subject: PodTemplate) =>
        owner.namespace === subject.namespace &&
        antiAffinityOf(owner).some((term) => shared(term.topologyKey) && selects(term, subject) === true);
      if (forbids(pod, other.pod)) return `${container} goes to ${host.spec.name}, and keeps away from ${where(other)}`;
      if (forbids(other.pod, pod)) return `${container} goes to ${host.spec.name}, and ${where(other)} keeps it away`;
    }
    return undefined;
  },
};

function where({ name, host }: Neighbour): string {
  return `${name} on ${host.spec.name}`;
}
