import type { SchedulerPlugin } from "../framework.ts";

/** Hosts that are known to be unreachable, or closed to new containers, are left out. */
export const hostReady: SchedulerPlugin = {
  kind: "scheduler-plugin",
  name: "host-ready",
  describe: "leaves out hosts that are cordoned or known to be unreachable",
  filter(_request, host) {
    if (host.known === "unreachable") return "host(s) were unreachable";
    if (host.cordoned) return "host(s) were unschedulable";
    return undefined;
  },
};
