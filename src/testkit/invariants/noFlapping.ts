import type { Fact } from "../../cluster/facts.ts";
import type { Invariant } from "../invariant.ts";
import { restOf } from "./quiet.ts";

/** A plan that undoes the one before goes round in circles, if slowly. */
export const noFlapping: Invariant = {
  name: "no-flapping",
  statement:
    "Once faults have stopped, and after a bound, no wanted size and no way of the traffic comes back once left.",
  appliesTo: "rollout",
  start({ scenario }) {
    const rest = restOf(scenario);
    if (rest.from() > scenario.duration) return {};
    const seen = new Set<string>();
    return {
      onFact(fact, now, cluster) {
        rest.hear(fact, now, cluster);
        // What came before the latest trouble may come again because of it.
        if (now <= rest.from()) seen.clear();
        const change = now <= rest.from() ? undefined : changeOf(fact, rest.judged);
        if (change === undefined) return undefined;
        if (seen.has(change)) return `${change}, for the second time, long after the last disturbance`;
        seen.add(change);
        return undefined;
      },
    };
  },
};

function changeOf(fact: Fact, judged: ReadonlySet<string>): string | undefined {
  if (fact.kind !== "desired-changed" && fact.kind !== "receiving-changed") return undefined;
  if (!judged.has(fact.service.spec.name)) return undefined;
  if (fact.kind === "desired-changed") {
    return `the wanted number of release ${fact.release.id} (${fact.release.image.name}) becomes ${fact.release.desired}`;
  }
  const { receiving, weights, spec } = fact.service;
  const shares = weights?.map(({ release, percent }) => `${percent} % to ${release}`).join(", ") ?? "no shares";
  return `the traffic of ${spec.name} goes to ${receiving === undefined ? "all" : `releases ${receiving.join(", ")}`} (${shares})`;
}
