import type { Invariant } from "../invariant.ts";
import { objection } from "./fits.ts";

/**
 * Work-conserving: nobody waits while there is room.
 *
 * Left out where more counts than the scenario's plain fields: a pod template, or room that is kept for a nominated
 * container. Not for schedulers with filters of their own.
 */
export const placedWhenItFits: Invariant = {
  name: "placed-when-it-fits",
  statement: "A container finds a place whenever an open host has room for it and nothing forbids it.",
  appliesTo: "placement",
  onPlacement({ scheduler, request, snapshot, verdict }) {
    // Kubernetes counts a cordoned host as a place to spread over (nodeTaintsPolicy: Ignore), so there more may wait.
    if (scheduler === "kubernetes" && request.service.spread.required) return undefined;
    if (verdict.kind === "fits" || request.service.pod !== undefined || snapshot.nominated.size > 0) return undefined;
    const host = snapshot.hosts.find((one) => objection(request, one, snapshot) === undefined);
    return host && `${request.container} finds no place, though ${host.spec.name} has room and nothing forbids it`;
  },
};
