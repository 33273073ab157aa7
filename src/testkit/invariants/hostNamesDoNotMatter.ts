import type { Scenario, TimelineAction } from "../../cluster/spec.ts";
import type { Invariant } from "../invariant.ts";
import { otherWhenRenamed } from "./outcome.ts";

/**
 * Nothing may be read out of a host's name: no number, no zone, no prefix.
 *
 * A host's chance is named after it (`lease/…`, `hazard/…`), so it is asked where no host is lost and found again. The other
 * names sort as the first did, since to break a tie by name is nobody's mistake; their numbers are others.
 */
export const hostNamesDoNotMatter: Invariant = {
  name: "host-names-do-not-matter",
  statement: "Other names for the hosts that sort as the first did give the same run, where no host is lost.",
  appliesTo: "metamorphic",
  needsRuns: true,
  start: (simulation, rerun) => ({
    atEnd() {
      const { hazards, timeline } = simulation.scenario;
      if (hazards.length > 0 || timeline.some(({ action }) => losesHosts(action))) return undefined;
      return otherWhenRenamed(simulation, renamed(simulation.scenario), rerun);
    },
  }),
};

function losesHosts({ kind, ...action }: TimelineAction): boolean {
  if (kind === "crash") return !("what" in action) || action.what !== "container";
  return kind === "partition" || kind === "upgrade";
}

/**
 * By host name, the other one: `node-aa-98`, `node-ab-81`, `node-ba-64`, … in the order of the first names' code units.
 *
 * The letters sort them, as text or with numbers taken as numbers. The numbers fall at first, and are odd for even:
 * whoever reads the first number out of a name, its last digit or a remainder reads something else than in host-1, host-2, …
 */
function otherNames(scenario: Scenario): (name: string) => string {
  const sorted = scenario.cluster.hosts.map(({ name }) => name).sort();
  const width = sorted.length.toString(2).length;
  const others = new Map(
    sorted.map((name, rank) => {
      const letters = rank.toString(2).padStart(width, "0").replaceAll("0", "a").replaceAll("1", "b");
      return [name, `node-${letters}-${(98 + 83 * rank) % 100}`];
    }),
  );
  return (name) => others.get(name) ?? name;
}

function renamed(scenario: Scenario): Scenario {
  const other = otherNames(scenario);
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
