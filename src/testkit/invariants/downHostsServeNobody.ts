import { isUp } from "../../cluster/hosts.ts";
import type { Invariant } from "../invariant.ts";

/** A crash takes everything on the host at once. */
export const downHostsServeNobody: Invariant = {
  name: "down-hosts-serve-nobody",
  statement: "No container on a host that is down serves a request, answers, or passes its probe.",
  appliesTo: "requests",
  start: ({ world: { cluster, traffic } }) => ({
    afterEvent() {
      for (const host of cluster.state.hosts) {
        if (isUp(host)) continue;
        for (const id of host.containers) {
          const container = cluster.container(id);
          const busy = traffic.state.servers[id]?.busy ?? 0;
          if (busy > 0) return `${container.name} serves ${busy} requests, and ${host.spec.name} is down`;
          if (container.answers || container.probed) return `${container.name} answers, and ${host.spec.name} is down`;
        }
      }
      return undefined;
    },
  }),
};
