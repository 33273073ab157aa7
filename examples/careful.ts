import type { Strategy } from "rehearsal";

/** The strategy that docs/testkit.md mends, as it is at last. */
export const careful: Strategy = {
  kind: "strategy",
  name: "careful",
  describe: "starts all new containers, moves the traffic, then stops the old ones",
  plan({ next, previous, replicas }) {
    const start = { release: next.id, desired: replicas };
    const stop = previous.map(({ id }) => ({ release: id, desired: 0 }));
    const whoHasIt = [next, ...previous].filter((one) => one.receiving).map(({ id }) => id);
    if (next.available < replicas) return { scale: [start], receiving: whoHasIt };
    return { scale: [start, ...stop], receiving: "all", outcome: "completed" };
  },
};
