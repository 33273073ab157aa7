import { NOWHERE } from "../../cluster/containers.ts";
import type { Invariant } from "../invariant.ts";
import { isUnhindered, lastDisturbance, settlingTime } from "./quiet.ts";

/** Strategies here do not wait for a person; one that does is expected to say that it is stuck. */
export const rolloutsEnd: Invariant = {
  name: "rollouts-end",
  statement: "Once faults have stopped, every rollout ends within a bound: done, rolled back, or stuck and says so.",
  appliesTo: "rollout",
  start: (simulation) => ({
    atEnd() {
      const { scenario, world } = simulation;
      const bound = settlingTime(scenario);
      if (bound === undefined || scenario.duration < lastDisturbance(scenario) + bound) return undefined;
      if (!isUnhindered(simulation)) return undefined;
      for (const service of world.cluster.state.services) {
        const open = world.driver.rolloutsOf(service).find(({ outcome }) => outcome === "in-progress");
        if (open !== undefined) return `the rollout of ${service.spec.name} to ${open.to} neither ends nor says why`;
      }
      const lost = world.cluster.state.containers.find((one) => one.phase === "assigned" && one.host === NOWHERE);
      return lost && `${lost.name} is assigned to no host`;
    },
  }),
};
