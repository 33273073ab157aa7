import type { Invariant } from "../invariant.ts";
import { repelled } from "./fits.ts";

/** A container goes only to hosts whose taints it tolerates and whose labels it selects. */
export const taintsAndSelectorsHeld: Invariant = {
  name: "taints-and-selectors-held",
  statement: "A container goes only to hosts whose taints it tolerates and whose labels it selects.",
  appliesTo: "placement",
  onPlacement({ request, snapshot, verdict }) {
    if (verdict.kind !== "fits") return undefined;
    const host = snapshot.hosts[verdict.host];
    if (host === undefined) return undefined;
    const why = repelled(request, host);
    return why === undefined ? undefined : `${request.container} goes to ${host.spec.name}, but ${why}`;
  },
};
