import type { Invariant } from "../invariant.ts";

/** docs/model.md, "Requests", step 3. */
export const slotsRespected: Invariant = {
  name: "slots-respected",
  statement: "A container serves at most as many requests as it has slots, and none waits while a slot is free.",
  appliesTo: "requests",
  start: ({ world: { cluster, traffic } }) => ({
    afterEvent() {
      for (const { container, busy, slots, queued, queueLimit } of traffic.state.servers) {
        const { name } = cluster.container(container);
        if (busy < 0 || busy > slots) return `${name} serves ${busy} requests on ${slots} slots`;
        if (queued < 0 || queued > queueLimit) return `${queued} requests wait at ${name}, where ${queueLimit} may`;
        if (queued > 0 && busy < slots)
          return `${queued} requests wait at ${name}, and only ${busy} of ${slots} slots are busy`;
      }
      return undefined;
    },
  }),
};
