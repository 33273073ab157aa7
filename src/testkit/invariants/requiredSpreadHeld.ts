import type { Invariant } from "../invariant.ts";
import { closed, crowded } from "./fits.ts";

/** A required spread holds at binding: no place gets two more than the emptiest open one. */
export const requiredSpreadHeld: Invariant = {
  name: "required-spread-held",
  statement: "A required spread holds at binding: no place gets two more than the emptiest open one.",
  appliesTo: "placement",
  onPlacement({ scheduler, request, snapshot, verdict }) {
    if (verdict.kind !== "fits") return undefined;
    // Kubernetes counts what is on closed hosts too (nodeTaintsPolicy: Ignore).
    if (scheduler === "kubernetes" && snapshot.hosts.some((one) => closed(one) !== undefined)) return undefined;
    const host = snapshot.hosts[verdict.host];
    if (host === undefined) return undefined;
    const why = crowded(request, host, snapshot);
    return why === undefined ? undefined : `${request.container} goes to ${host.spec.name}, but ${why}`;
  },
};
