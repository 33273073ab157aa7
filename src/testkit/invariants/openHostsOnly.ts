import type { Invariant } from "../invariant.ts";
import { closed } from "./fits.ts";

/** Nothing new goes to a host that is cordoned or known to be unreachable. */
export const openHostsOnly: Invariant = {
  name: "open-hosts-only",
  statement: "Nothing new goes to a host that is cordoned or known to be unreachable.",
  appliesTo: "placement",
  onPlacement({ request, snapshot, verdict }) {
    if (verdict.kind !== "fits") return undefined;
    const host = snapshot.hosts[verdict.host];
    if (host === undefined) return undefined;
    const why = closed(host);
    return why === undefined ? undefined : `${request.container} goes to ${host.spec.name}, but ${why}`;
  },
};
