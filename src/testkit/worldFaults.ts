import type { Scenario, TimelineAction } from "../cluster/spec.ts";
import type { Micros } from "../kernel/time.ts";

/** The faults of which `checkAllWorlds` tries one at each instant; `none`: the scenario as it is. */
export const WORLD_FAULTS = ["none", "crash", "kill", "partition", "control-plane"] as const;

/** One of `WORLD_FAULTS`. */
export type WorldFault = (typeof WORLD_FAULTS)[number];

/** Which faults there are, and when. */
export interface FaultGrid {
  readonly faults: readonly WorldFault[];
  /** µs between two instants of a fault; the first is at one such step. */
  readonly grid: Micros;
  /** How long a fault lasts, in µs; a killed container starts again by itself. */
  readonly length: Micros;
}

/**
 * The scenario once for each fault, whom it meets, and instant of the grid before the end: that fault is one more entry of its
 * timeline. A partition is one from the control plane.
 */
export function withOneFault(scenario: Scenario, { faults, grid, length }: FaultGrid): Scenario[] {
  const instants = Array.from({ length: Math.ceil(scenario.duration / grid) - 1 }, (_, step) => (step + 1) * grid);
  return WORLD_FAULTS.filter((fault) => faults.includes(fault)).flatMap((fault) => {
    if (fault === "none") return [scenario];
    const actions = actionsOf(fault, scenario, length);
    return instants.flatMap((at) => actions.map((action) => withEntry(scenario, at, action)));
  });
}

function actionsOf(fault: Exclude<WorldFault, "none">, scenario: Scenario, length: Micros): TimelineAction[] {
  const hosts = scenario.cluster.hosts.map(({ name }) => name);
  switch (fault) {
    case "crash":
      return hosts.map((name) => ({ kind: "crash", what: "host", name, for: length }));
    case "kill":
      return containersOf(scenario).map((name) => ({ kind: "crash", what: "container", name, for: undefined }));
    case "partition":
      return hosts.map((host) => ({ kind: "partition", host, from: "control-plane", for: length }));
    case "control-plane":
      return [{ kind: "control-plane", for: length }];
  }
}

/** By name, since `kill` would choose one by chance: those of the beginning, and as many again for each release. */
function containersOf({ services, timeline }: Scenario): string[] {
  return services.flatMap(({ name, replicas }) => {
    const releases = timeline.filter(
      ({ action }) => (action.kind === "deploy" || action.kind === "rollback") && action.service === name,
    );
    return Array.from({ length: replicas * (1 + releases.length) }, (_, place) => `${name}-${place + 1}`);
  });
}

/** Entries stay in order of time; of one moment, the fault comes last. */
function withEntry(scenario: Scenario, at: Micros, action: TimelineAction): Scenario {
  const { timeline } = scenario;
  const later = timeline.findIndex((entry) => entry.at > at);
  const place = later < 0 ? timeline.length : later;
  const entries = [...timeline.slice(0, place), { at, every: undefined, action }, ...timeline.slice(place)];
  return { ...scenario, timeline: entries.map((entry, index) => ({ ...entry, index })) };
}
