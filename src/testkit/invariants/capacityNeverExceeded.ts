import type { Invariant } from "../invariant.ts";
import { noRoom } from "./fits.ts";

/** A container goes only where cpu, memory and a slot are free, terminating containers counted. */
export const capacityNeverExceeded: Invariant = {
  name: "capacity-never-exceeded",
  statement: "A container goes only where cpu, memory and a slot are free, terminating containers counted.",
  appliesTo: "placement",
  onPlacement({ request, snapshot, verdict }) {
    if (verdict.kind !== "fits") return undefined;
    const host = snapshot.hosts[verdict.host];
    if (host === undefined) return undefined;
    const why = noRoom(request, host);
    return why === undefined ? undefined : `${request.container} goes to ${host.spec.name}, but ${why}`;
  },
};
