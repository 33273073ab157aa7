import type { Host } from "../../cluster/hosts.ts";
import type { Invariant } from "../invariant.ts";

/** Checked after every change, from the containers alone. */
export const booksBalance: Invariant = {
  name: "books-balance",
  statement: "A host's free resources are its capacity less what is bound to it, and never negative.",
  appliesTo: "placement",
  start: ({ world: { cluster } }) => {
    const bound: Bound[] = cluster.state.hosts.map(() => ({ millicores: 0, bytes: 0, ids: [] }));
    return {
      afterEvent() {
        const { hosts, containers } = cluster.state;
        for (const sum of bound) {
          sum.millicores = 0;
          sum.bytes = 0;
          sum.ids.length = 0;
        }
        for (const { id, phase, host, service } of containers) {
          const sum = phase === "gone" ? undefined : bound[host];
          if (sum === undefined) continue;
          const { spec } = cluster.service(service);
          sum.millicores += spec.cpuMillicores;
          sum.bytes += spec.memoryBytes;
          sum.ids.push(id);
        }
        for (const host of hosts) {
          const wrong = imbalance(host, bound[host.id] as Bound);
          if (wrong !== undefined) return `${host.spec.name}: ${wrong}`;
        }
        return undefined;
      },
    };
  },
};

/** What is bound to one host; ids in ascending order. */
interface Bound {
  millicores: number;
  bytes: number;
  readonly ids: number[];
}

function imbalance(host: Host, { millicores, bytes, ids }: Bound): string | undefined {
  if (host.freeMillicores < 0 || host.freeBytes < 0) return "more is taken than there is";
  if (host.freeMillicores !== host.spec.cpuMillicores - millicores) {
    return `${host.freeMillicores}m free, but ${millicores}m of ${host.spec.cpuMillicores}m are bound`;
  }
  if (host.freeBytes !== host.spec.memoryBytes - bytes) return "free memory is not what is left";
  if (areSame(host.containers, ids)) return undefined;
  const listed = ascending(host.containers);
  return areSame(listed, ids) ? undefined : `it lists containers ${listed.join(", ")}, bound are ${ids.join(", ")}`;
}

function areSame(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((id, place) => id === others[place]);
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((one, other) => one - other);
}
