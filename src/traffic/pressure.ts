import type { Cluster } from "../cluster/cluster.ts";
import { slownessOf } from "../cluster/hosts.ts";
import { OVERLOAD } from "../cluster/roots.ts";
import type { Server } from "./servers.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";

/**
 * What brought a full queue or a time-out about, nearest first: a host slowed down, traffic turned up, containers lost; or plain
 * overload, when nothing is broken.
 */
export function rootOfPressure(cluster: Cluster, state: TrafficState, server: Server): number {
  const host = cluster.host(cluster.container(server.container).host);
  if (slownessOf(host) > 1) return host.slowRoot;
  const traffic = state.services[server.service] as ServiceTraffic;
  if (traffic.factor > 1) return traffic.factorRoot;
  if (traffic.published.length < cluster.service(server.service).replicas) return traffic.lossRoot;
  return OVERLOAD;
}
