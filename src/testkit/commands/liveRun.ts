import { isActive } from "../../cluster/containers.ts";
import type { Scenario, TimelineAction, TimelineEntry } from "../../cluster/spec.ts";
import { MILLISECOND, type Micros, SECOND } from "../../kernel/time.ts";
import type { RolloutRow } from "../../rollout/rolloutState.ts";
import { BUILT_IN, type Catalogue } from "../../simulation/catalogue.ts";
import { Simulation } from "../../simulation/simulation.ts";
import { watchedCatalogue } from "../watchedCatalogue.ts";

/** Nobody's decisions are judged here: they are when the same run is checked as a file. */
const UNJUDGED = { onPlacement: () => undefined, onPlan: () => undefined };

/** How a service stands, as far as the model speaks of it. */
export interface Standing {
  readonly replicas: number;
  /** Images of all containers that count as replicas. */
  readonly images: readonly string[];
  readonly ready: number;
  /** The latest rollout; undefined before the first. */
  readonly rollout: Pick<RolloutRow, "from" | "to" | "reason" | "outcome"> | undefined;
}

/**
 * A simulation that is driven by hand, one command after another, and remembers how: the same run can be had from a file.
 *
 * Each command comes a millisecond after the one before, so that no two things from outside ever fall on one instant, and
 * their order is the file's too.
 */
export class LiveRun {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly #entries: TimelineEntry[] = [];
  /** Containers that were bound to a host while it was closed, with the host's name. */
  readonly #intruders: string[] = [];

  constructor(scenario: Scenario, catalogue: Catalogue = BUILT_IN) {
    this.scenario = scenario;
    this.simulation = new Simulation(scenario, {
      catalogue: watchedCatalogue(catalogue, UNJUDGED),
      listen: (fact, _now, cluster) => {
        if (fact.kind !== "container-phase" || fact.container.phase !== "assigned" || fact.from !== "pending") return;
        const host = cluster.host(fact.container.host);
        if (host.cordoned) this.#intruders.push(`${fact.container.name} on ${host.spec.name}`);
      },
    });
  }

  get now(): Micros {
    return this.simulation.now;
  }

  /** What was bound to closed hosts so far. */
  get intruders(): readonly string[] {
    return this.#intruders;
  }

  /** Does one thing, a millisecond from now, and nothing after it. */
  act(action: TimelineAction): void {
    const entry = this.simulation.act(action, this.now + MILLISECOND);
    this.#entries.push(entry);
    this.simulation.runUntil(entry.at);
  }

  /** Lets so many whole seconds pass. */
  advance(seconds: number): void {
    this.simulation.runUntil(this.now + seconds * SECOND);
  }

  isCordoned(host: string): boolean {
    return this.simulation.world.cluster.hostNamed(host).cordoned;
  }

  isUp(host: string): boolean {
    return this.simulation.world.cluster.hostNamed(host).downs === 0;
  }

  standingOf(name: string): Standing {
    const { cluster, driver } = this.simulation.world;
    const service = cluster.serviceNamed(name);
    const active = service.releases.flatMap((release) => cluster.membersOf(release)).filter(isActive);
    return {
      replicas: service.replicas,
      images: active.map(({ release }) => cluster.release(release).image.name),
      ready: active.filter(({ ready }) => ready).length,
      rollout: driver.rolloutsOf(service).at(-1),
    };
  }

  /** The run up to now as a scenario with a timeline, for `checkScenario` and for a file. */
  asScenario(): Scenario {
    return { ...this.scenario, duration: this.now, timeline: this.#entries };
  }
}
