import type { Cluster } from "../cluster/cluster.ts";
import { slownessOf } from "../cluster/hosts.ts";
import { OVERLOAD } from "../cluster/roots.ts";
import type { Server } from "./servers.ts";
import type { ServiceTraffic, TrafficState } from "./trafficState.ts";
import type { View } from "./views.ts";

/**
 * What brought a full queue or a time-out about, nearest first: a host slowed down, traffic turned up, containers lost; or plain
 * overload, when nothing is broken. `view`: the balancer's that sent the request, which may not know yet that all is well again.
 *
 * A queue remembers: what filled it is to blame until it has been empty once, though the cause itself is long gone.
 */
export function rootOfPressure(cluster: Cluster, state: TrafficState, server: Server, view: View | undefined): number {
  const root = presentPressure(cluster, state, server, view);
  if (root !== OVERLOAD) server.pressureRoot = root;
  return server.pressureRoot;
}

function presentPressure(cluster: Cluster, state: TrafficState, server: Server, view: View | undefined): number {
  const host = cluster.host(cluster.container(server.container).host);
  if (slownessOf(host) > 1) return host.slowRoot;
  const traffic = state.services[server.service] as ServiceTraffic;
  if (traffic.factor > 1) return traffic.factorRoot;
  const { replicas } = cluster.service(server.service);
  if (traffic.published.length < replicas) return traffic.lossRoot;
  if (view !== undefined && view.pickable.length < replicas) return view.lossRoot;
  return OVERLOAD;
}
