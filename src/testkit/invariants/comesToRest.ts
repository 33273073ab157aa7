import { isActive } from "../../cluster/containers.ts";
import type { Fact } from "../../cluster/facts.ts";
import type { Service } from "../../cluster/services.ts";
import { type Micros, SECOND } from "../../kernel/time.ts";
import type { Simulation } from "../../simulation/simulation.ts";
import type { Invariant } from "../invariant.ts";
import { isUnhindered, restOf } from "./quiet.ts";

/** News travels a second on average at the most: later than this is one in a billion. */
const NEWS: Micros = 25 * SECOND;
const CHANGES: ReadonlySet<Fact["kind"]> = new Set([
  "container-ready",
  "container-unready",
  "container-deleted",
  "receiving-changed",
]);

/** Asked at the end of runs that leave enough time after the last disturbance, and where nothing hinders. */
export const comesToRest: Invariant = {
  name: "comes-to-rest",
  statement:
    "Once faults have stopped, every service has its wanted containers within a bound, ready, of one release, and known to its balancers.",
  appliesTo: "rollout",
  start: (simulation) => {
    const { scenario, world } = simulation;
    const rest = restOf(scenario);
    if (rest.from() > scenario.duration) return {};
    let changed = 0;
    return {
      onFact(fact, now, cluster) {
        rest.hear(fact, now, cluster);
        if (CHANGES.has(fact.kind)) changed = now;
        return undefined;
      },
      atEnd() {
        if (rest.from() > scenario.duration || !isUnhindered(simulation, rest.judged)) return undefined;
        const isOld = scenario.duration - changed > NEWS;
        for (const service of world.cluster.state.services) {
          if (!rest.judged.has(service.spec.name)) continue;
          // A rollout that still gets on is not at rest yet; that it does not go on for ever is asked elsewhere.
          if (world.driver.rolloutsOf(service).some(({ outcome }) => outcome === "in-progress")) continue;
          const why = unrest(service, simulation) ?? (isOld ? ignorance(service, simulation) : undefined);
          if (why !== undefined) return why;
        }
        return undefined;
      },
    };
  },
};

function unrest(service: Service, { world: { cluster } }: Simulation): string | undefined {
  const { name } = service.spec;
  const active = service.releases.flatMap((release) => cluster.membersOf(release)).filter(isActive);
  if (active.length !== service.replicas)
    return `${name} has ${active.length} containers, wanted are ${service.replicas}`;
  const unready = active.find(({ ready }) => !ready);
  if (unready !== undefined) return `${unready.name} is ${unready.phase}, and not ready`;
  const versions = new Set(active.map(({ release }) => release));
  return versions.size > 1 ? `${name} still runs ${versions.size} releases side by side` : undefined;
}

function ignorance({ id, spec, releases, receiving }: Service, { world }: Simulation): string | undefined {
  const { cluster, traffic } = world;
  const serving = releases
    .filter((release) => receiving === undefined || receiving.includes(release.id))
    .flatMap((release) => cluster.activeOf(release).filter(({ ready }) => ready))
    .map((container) => container.id);
  for (const { known } of traffic.state.services[id]?.views ?? []) {
    const missed = serving.filter((one) => !known.includes(one)).length;
    const stale = known.filter((one) => !serving.includes(one)).length;
    if (missed + stale > 0)
      return `a balancer of ${spec.name} misses ${missed} of ${serving.length} containers, and knows ${stale} that do not serve`;
  }
  return undefined;
}
