import type { Cluster } from "../../cluster/cluster.ts";
import type { Container } from "../../cluster/containers.ts";
import type { Host } from "../../cluster/hosts.ts";
import type { Invariant } from "../invariant.ts";

/** Checked after every change, from the containers alone. */
export const booksBalance: Invariant = {
  name: "books-balance",
  statement: "A host's free resources are its capacity less what is bound to it, and never negative.",
  appliesTo: "placement",
  start: ({ world: { cluster } }) => ({
    afterEvent() {
      const { hosts, containers } = cluster.state;
      const bound: Container[][] = hosts.map(() => []);
      for (const container of containers) if (container.phase !== "gone") bound[container.host]?.push(container);
      for (const host of hosts) {
        const wrong = imbalance(host, bound[host.id] ?? [], cluster);
        if (wrong !== undefined) return `${host.spec.name}: ${wrong}`;
      }
      return undefined;
    },
  }),
};

function imbalance(host: Host, bound: readonly Container[], cluster: Cluster): string | undefined {
  let [millicores, bytes] = [0, 0];
  for (const { service } of bound) {
    millicores += cluster.service(service).spec.cpuMillicores;
    bytes += cluster.service(service).spec.memoryBytes;
  }
  if (host.freeMillicores < 0 || host.freeBytes < 0) return "more is taken than there is";
  if (host.freeMillicores !== host.spec.cpuMillicores - millicores) {
    return `${host.freeMillicores}m free, but ${millicores}m of ${host.spec.cpuMillicores}m are bound`;
  }
  if (host.freeBytes !== host.spec.memoryBytes - bytes) return "free memory is not what is left";
  const listed = [...host.containers].sort((one, other) => one - other);
  const same = listed.length === bound.length && bound.every(({ id }, place) => listed[place] === id);
  return same
    ? undefined
    : `it lists containers ${listed.join(", ")}, bound are ${bound.map(({ id }) => id).join(", ")}`;
}
