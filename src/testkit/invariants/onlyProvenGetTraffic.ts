import type { Invariant } from "../invariant.ts";

/** A balancer may hold on to one that is ready no more, but never learns of one that never was. */
export const onlyProvenGetTraffic: Invariant = {
  name: "only-proven-get-traffic",
  statement: "No balancer knows of a container that never was ready.",
  appliesTo: "rollout",
  start: ({ world: { cluster, traffic } }) => ({
    afterEvent() {
      for (const { views } of traffic.state.services) {
        for (const view of views) {
          const stranger = view.known.find((id) => !cluster.container(id).everReady);
          if (stranger !== undefined) return `${cluster.container(stranger).name} is in a balancer's view`;
        }
      }
      return undefined;
    },
  }),
};
