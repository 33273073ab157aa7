import type { Fact } from "../../cluster/facts.ts";
import { SECOND } from "../../kernel/time.ts";
import type { Invariant } from "../invariant.ts";
import { isUnhindered, lastDisturbance, settlingTime } from "./quiet.ts";

/** A rollout in which nothing has moved for so long stands still; pauses of a strategy's own are shorter. */
const STANDSTILL = 60 * SECOND;
const MOVES: ReadonlySet<Fact["kind"]> = new Set([
  "desired-changed",
  "receiving-changed",
  "container-created",
  "container-ready",
]);

/** Strategies here do not wait for a person; one that does is expected to say that it is stuck. */
export const rolloutsEnd: Invariant = {
  name: "rollouts-end",
  statement:
    "Once faults have stopped, every rollout ends within a bound or gets on: done, rolled back, or stuck and says so.",
  appliesTo: "rollout",
  start(simulation) {
    const { scenario, world } = simulation;
    const bound = settlingTime(scenario);
    if (bound === undefined || scenario.duration < lastDisturbance(scenario) + bound) return {};
    let moved = 0;
    return {
      onFact(fact, now) {
        if (MOVES.has(fact.kind)) moved = now;
        return undefined;
      },
      atEnd() {
        if (scenario.duration - moved < STANDSTILL || !isUnhindered(simulation)) return undefined;
        for (const service of world.cluster.state.services) {
          const open = world.driver.rolloutsOf(service).find(({ outcome }) => outcome === "in-progress");
          if (open !== undefined) return `the rollout of ${service.spec.name} to ${open.to} neither ends nor says why`;
        }
        return undefined;
      },
    };
  },
};
