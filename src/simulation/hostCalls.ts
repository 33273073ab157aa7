import type { NodeAgent } from "../cluster/agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { BAND } from "../kernel/engine.ts";

/**
 * Tells each host's agent what the control plane decided for it, within the same instant: a container was bound to it, a
 * container is to end. A fact becomes an event, because nobody acts while facts are told.
 */
export function callHosts(cluster: Cluster, agent: NodeAgent): void {
  const { engine } = cluster;
  const begin = engine.define("host-told-to-begin", BAND.lifecycle, (id, epoch) => {
    const container = cluster.container(id);
    if (container.epoch === epoch) agent.begin(container);
  });
  const end = engine.define("host-told-to-end", BAND.lifecycle, (id) => {
    agent.end(cluster.container(id), "deleted");
  });
  cluster.journal.subscribe((fact) => {
    if (fact.kind === "container-phase" && fact.container.phase === "assigned") {
      engine.after(0, begin, fact.container.id, fact.container.epoch);
    }
    if (fact.kind === "container-deleted" && fact.container.phase !== "pending") {
      engine.after(0, end, fact.container.id);
    }
  });
}
