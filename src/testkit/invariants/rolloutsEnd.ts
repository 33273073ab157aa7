import type { Fact } from "../../cluster/facts.ts";
import { SECOND } from "../../kernel/time.ts";
import type { Invariant } from "../invariant.ts";
import { isHeldAtTheEnd, isUnhindered, restOf } from "./quiet.ts";

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
    const rest = restOf(scenario);
    if (rest.from() > scenario.duration) return {};
    let moved = 0;
    return {
      onFact(fact, now, cluster) {
        rest.hear(fact, now, cluster);
        if (MOVES.has(fact.kind)) moved = now;
        return undefined;
      },
      atEnd() {
        if (
          rest.from() > scenario.duration ||
          scenario.duration - moved < STANDSTILL ||
          !isUnhindered(simulation, rest.judged)
        )
          return undefined;
        for (const service of world.cluster.state.services) {
          if (!rest.judged.has(service.spec.name) || isHeldAtTheEnd(scenario, service.spec)) continue;
          const open = world.driver.rolloutsOf(service).find(({ outcome }) => outcome === "in-progress");
          if (open !== undefined) return `the rollout of ${service.spec.name} to ${open.to} neither ends nor says why`;
        }
        return undefined;
      },
    };
  },
};
