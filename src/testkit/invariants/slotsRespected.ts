import type { Invariant } from "../invariant.ts";

/** docs/model.md, "Requests", step 3. */
export const slotsRespected: Invariant = {
  name: "slots-respected",
  statement:
    "A container serves at most as many requests as it has slots, and none waits while it answers and a slot is free.",
  appliesTo: "requests",
  start: ({ world: { cluster, traffic } }) => ({
    afterEvent() {
      for (const { container, busy, slots, queued, queueLimit } of traffic.state.servers) {
        const { name, hung } = cluster.container(container);
        if (busy < 0 || busy > slots) return `${name} serves ${busy} requests on ${slots} slots`;
        if (queued < 0 || queued > queueLimit) return `${queued} requests wait at ${name}, where ${queueLimit} may`;
        // A process that hangs takes nobody from its queue: slots fall free as clients give up, or what was begun is done.
        if (queued > 0 && busy < slots && !hung)
          return `${queued} requests wait at ${name}, and only ${busy} of ${slots} slots are busy`;
      }
      return undefined;
    },
  }),
};
