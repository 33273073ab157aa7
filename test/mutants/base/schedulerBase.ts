import type { ServiceSpec } from "../../../src/cluster/spec.ts";
import type {
  HostView,
  PlacedContainer,
  PlacementRequest,
  Scheduler,
  Snapshot,
  Verdict,
} from "../../../src/scheduling/framework.ts";
import { closed, crowded, noRoom, repelled } from "../../../src/testkit/invariants/fits.ts";

type Size = Pick<ServiceSpec, "cpuMillicores" | "memoryBytes">;

/** What a mutant may do otherwise than a scheduler should. */
export interface SchedulerParts {
  /** The hosts that it looks at. */
  readonly candidates: (snapshot: Snapshot) => readonly HostView[];
  readonly fits: (request: PlacementRequest, host: HostView, snapshot: Snapshot) => boolean;
  readonly choose: (hosts: readonly HostView[], request: PlacementRequest) => HostView | undefined;
  /** What to do where nothing fits. */
  readonly otherwise: (request: PlacementRequest, snapshot: Snapshot) => Verdict;
}

/** True where no rule speaks against a host but those that the mutant forgets. */
export function fitsBut(...forgotten: readonly RegExp[]): SchedulerParts["fits"] {
  return (request, host, snapshot) => {
    const objections = [closed(host), noRoom(request, host), repelled(request, host), crowded(request, host, snapshot)];
    return objections.every((why) => why === undefined || forgotten.some((words) => words.test(why)));
  };
}

/** Takes the emptiest host that fits; sound but for the parts that are given. */
export function schedulerWith(changed: Partial<SchedulerParts>): Scheduler {
  const parts: SchedulerParts = {
    candidates: ({ hosts }) => hosts,
    fits: fitsBut(),
    choose: (hosts) =>
      [...hosts].sort((one, other) => other.freeMillicores - one.freeMillicores || one.id - other.id)[0],
    otherwise: (_request, { hosts }) => ({
      kind: "unschedulable",
      refusals: hosts.map(({ spec }) => ({ host: spec.name, plugin: "mutant", reason: "does not fit" })),
    }),
    ...changed,
  };
  return {
    kind: "scheduler",
    name: "mutant",
    describe: "a scheduler with a bug",
    place(request, snapshot) {
      const fitting = parts.candidates(snapshot).filter((host) => parts.fits(request, host, snapshot));
      const host = fitting.length === 0 ? undefined : parts.choose(fitting, request);
      return host === undefined ? parts.otherwise(request, snapshot) : { kind: "fits", host: host.id, scores: [] };
    },
  };
}

/**
 * Empties the first open host of what the mutant thinks may go, if that makes room.
 *
 * @param sizeOf What it takes a victim's place to be worth; the victim's own size if left out.
 */
export function preemptWith(
  pick: (request: PlacementRequest, on: readonly PlacedContainer[]) => readonly number[],
  sizeOf: (request: PlacementRequest, victim: PlacedContainer) => Size = (_request, { service }) => service,
): SchedulerParts["otherwise"] {
  return (request, snapshot) => {
    for (const host of snapshot.hosts) {
      const victims = pick(request, snapshot.placed(host.id));
      const gone = snapshot.placed(host.id).filter(({ id }) => victims.includes(id));
      const emptied: HostView = {
        ...host,
        freeMillicores: gone.reduce((sum, one) => sum + sizeOf(request, one).cpuMillicores, host.freeMillicores),
        freeBytes: gone.reduce((sum, one) => sum + sizeOf(request, one).memoryBytes, host.freeBytes),
        containers: host.containers.filter((id) => !victims.includes(id)),
      };
      if (gone.length > 0 && fitsBut()(request, emptied, snapshot))
        return { kind: "preempt", host: host.id, victims, refusals: [] };
    }
    return { kind: "unschedulable", refusals: [] };
  };
}
