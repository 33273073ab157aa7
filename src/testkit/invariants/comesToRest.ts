import { isActive } from "../../cluster/containers.ts";
import type { Invariant } from "../invariant.ts";
import { isUnhindered, lastDisturbance, settlingTime } from "./quiet.ts";

/** Asked at the end of runs that leave enough time after the last disturbance, and where nothing hinders. */
export const comesToRest: Invariant = {
  name: "comes-to-rest",
  statement:
    "Once faults have stopped, every service has its wanted containers, ready and of one release, within a bound.",
  appliesTo: "rollout",
  start: (simulation) => ({
    atEnd() {
      const { scenario, world } = simulation;
      const bound = settlingTime(scenario);
      if (bound === undefined || scenario.duration < lastDisturbance(scenario) + bound) return undefined;
      if (!isUnhindered(simulation)) return undefined;
      for (const service of world.cluster.state.services) {
        const { name } = service.spec;
        // A rollout that still gets on is not at rest yet; that it does not go on for ever is asked elsewhere.
        if (world.driver.rolloutsOf(service).some(({ outcome }) => outcome === "in-progress")) continue;
        const active = service.releases.flatMap((release) => world.cluster.membersOf(release)).filter(isActive);
        if (active.length !== service.replicas)
          return `${name} has ${active.length} containers, wanted are ${service.replicas}`;
        const unready = active.find(({ ready }) => !ready);
        if (unready !== undefined) return `${unready.name} is ${unready.phase}, and not ready`;
        const versions = new Set(active.map(({ release }) => release));
        if (versions.size > 1) return `${name} still runs ${versions.size} releases side by side`;
      }
      return undefined;
    },
  }),
};
