import type { Invariant } from "../invariant.ts";
import { hostPortsOf, podPlacement } from "./podRules.ts";

/** Kubernetes, NodePorts plug-in. A container on its way out holds its port until it is gone. */
export const hostPortsNotShared: Invariant = {
  name: "host-ports-not-shared",
  statement: "No two containers on a host take the same host port.",
  appliesTo: "placement",
  onPlacement(placement) {
    const placed = podPlacement(placement);
    if (placed === undefined) return undefined;
    const { pod, host, neighbours } = placed;
    const wanted = hostPortsOf(pod);
    if (wanted.length === 0) return undefined;
    for (const other of neighbours) {
      if (other.host.id !== host.id) continue;
      const port = hostPortsOf(other.pod).find((one) => wanted.includes(one));
      if (port !== undefined)
        return `${placement.request.container} goes to ${host.spec.name}, where ${other.name} has ${port}`;
    }
    return undefined;
  },
};
