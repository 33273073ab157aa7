import type { Phase } from "../../cluster/containers.ts";
import type { Invariant } from "../invariant.ts";

/** Which phase may follow which: docs/model.md, "Containers". */
export const NEXT_PHASES: Readonly<Record<Phase, readonly Phase[]>> = {
  pending: ["assigned", "gone"],
  assigned: ["pulling", "starting", "crashed", "backoff", "terminating", "gone"],
  pulling: ["starting", "backoff", "crashed", "assigned", "terminating", "gone"],
  starting: ["running", "backoff", "crashed", "assigned", "starting", "terminating", "gone"],
  running: ["backoff", "crashed", "assigned", "starting", "terminating", "gone"],
  backoff: ["starting", "pulling", "crashed", "assigned", "terminating", "gone"],
  crashed: ["crashed", "starting", "pulling", "backoff", "assigned", "terminating", "gone"],
  terminating: ["gone"],
  gone: [],
};

/** No container is placed twice, lost or resurrected. */
export const containersLiveOnce: Invariant = {
  name: "containers-live-once",
  statement: "A container goes through its phases in order, is bound to one host once, and what is gone stays gone.",
  appliesTo: "placement",
  start({ world: { cluster } }) {
    const hosts = new Map<number, number>();
    let look = 0;
    /** By container: the last look at which a release counted it. */
    const countedAt: number[] = [];
    return {
      onFact(fact) {
        if (fact.kind !== "container-phase") return undefined;
        const { id, name, phase, host } = fact.container;
        if (!NEXT_PHASES[fact.from].includes(phase)) return `${name} goes from ${fact.from} to ${phase}`;
        const before = hosts.get(id);
        if (before !== undefined && before !== host) return `${name} moves from host ${before} to ${host}`;
        if (host >= 0) hosts.set(id, host);
        return undefined;
      },
      afterEvent() {
        look++;
        for (const release of cluster.state.releases) {
          for (const id of release.members) {
            if (cluster.container(id).phase === "gone")
              return `${cluster.container(id).name} is gone, and still counted`;
            countedAt[id] = look;
          }
        }
        for (const { id, name, phase } of cluster.state.containers) {
          if (phase !== "gone" && countedAt[id] !== look) return `${name} is ${phase}, and no release counts it`;
        }
        return undefined;
      },
    };
  },
};
