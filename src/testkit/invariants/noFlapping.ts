import type { Invariant } from "../invariant.ts";
import { lastDisturbance, settlingTime } from "./quiet.ts";

/** A plan that undoes the one before goes round in circles, if slowly. */
export const noFlapping: Invariant = {
  name: "no-flapping",
  statement:
    "Once faults have stopped, and after a bound, nobody changes wanted sizes or the way of the traffic any more.",
  appliesTo: "rollout",
  start({ scenario }) {
    const bound = settlingTime(scenario);
    if (bound === undefined) return {};
    const calm = lastDisturbance(scenario) + bound;
    return {
      onFact(fact, now) {
        if (now <= calm) return undefined;
        if (fact.kind === "desired-changed") {
          return `the wanted number of ${fact.release.image.name} changes to ${fact.release.desired} long after the last disturbance`;
        }
        return fact.kind === "receiving-changed" ? "the traffic moves long after the last disturbance" : undefined;
      },
    };
  },
};
