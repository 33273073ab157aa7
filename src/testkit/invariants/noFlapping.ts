import type { Fact } from "../../cluster/facts.ts";
import type { Invariant } from "../invariant.ts";
import { lastDisturbance, settlingTime } from "./quiet.ts";

/** A plan that undoes the one before goes round in circles, if slowly. */
export const noFlapping: Invariant = {
  name: "no-flapping",
  statement:
    "Once faults have stopped, and after a bound, no wanted size and no way of the traffic comes back once left.",
  appliesTo: "rollout",
  start({ scenario }) {
    const bound = settlingTime(scenario);
    if (bound === undefined) return {};
    const calm = lastDisturbance(scenario) + bound;
    const seen = new Set<string>();
    return {
      onFact(fact, now) {
        const change = now <= calm ? undefined : changeOf(fact);
        if (change === undefined) return undefined;
        if (seen.has(change)) return `${change}, for the second time, long after the last disturbance`;
        seen.add(change);
        return undefined;
      },
    };
  },
};

function changeOf(fact: Fact): string | undefined {
  if (fact.kind === "desired-changed") {
    return `the wanted number of release ${fact.release.id} (${fact.release.image.name}) becomes ${fact.release.desired}`;
  }
  if (fact.kind !== "receiving-changed") return undefined;
  const { receiving, weights, spec } = fact.service;
  const shares = weights?.map(({ release, percent }) => `${percent} % to ${release}`).join(", ") ?? "no shares";
  return `the traffic of ${spec.name} goes to ${receiving === undefined ? "all" : `releases ${receiving.join(", ")}`} (${shares})`;
}
