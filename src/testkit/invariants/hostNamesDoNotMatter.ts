import type { Scenario, TimelineAction } from "../../cluster/spec.ts";
import type { Invariant } from "../invariant.ts";
import { unlikeThis } from "./outcome.ts";

/**
 * Nothing may be read out of a host's name: no number, no zone, no prefix.
 *
 * A host's chance is named after it (`lease/…`, `hazard/…`), so it is asked where no host is lost and found again. The other
 * names sort as the first did: to break a tie by name is nobody's mistake.
 */
export const hostNamesDoNotMatter: Invariant = {
  name: "host-names-do-not-matter",
  statement: "Other names for the hosts that sort as the first did give the same run, where no host is lost.",
  appliesTo: "metamorphic",
  needsRuns: true,
  start: ({ scenario }, rerun) => ({
    atEnd(result) {
      if (scenario.hazards.length > 0 || scenario.timeline.some(({ action }) => losesHosts(action))) return undefined;
      const { digest } = rerun(renamed(scenario)).summary;
      return unlikeThis(
        result,
        () => rerun(scenario),
        ({ summary }) => (summary.digest === digest ? undefined : `digest ${summary.digest}, renamed ${digest}`),
      );
    },
  }),
};

function losesHosts({ kind, ...action }: TimelineAction): boolean {
  if (kind === "crash") return !("what" in action) || action.what !== "container";
  return kind === "partition" || kind === "upgrade";
}

function renamed(scenario: Scenario): Scenario {
  const other = (name: string) => `node-0-${name}`;
  return {
    ...scenario,
    cluster: {
      ...scenario.cluster,
      hosts: scenario.cluster.hosts.map((host) => ({ ...host, name: other(host.name) })),
    },
    timeline: scenario.timeline.map((entry) =>
      "host" in entry.action ? { ...entry, action: { ...entry.action, host: other(entry.action.host) } } : entry,
    ),
  };
}
