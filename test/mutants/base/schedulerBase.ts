import type { HostView, PlacementRequest, Scheduler, Snapshot, Verdict } from "../../../src/scheduling/framework.ts";
import { closed, crowded, noRoom, repelled } from "../../../src/testkit/invariants/fits.ts";

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

/** Empties the first open host of what the mutant thinks may go. */
export function preemptWith(
  pick: (request: PlacementRequest, on: readonly ReturnType<Snapshot["placed"]>[number][]) => readonly number[],
): SchedulerParts["otherwise"] {
  return (request, snapshot) => {
    for (const host of snapshot.hosts) {
      const victims = pick(request, snapshot.placed(host.id));
      const freed = victims.length * request.service.cpuMillicores;
      const open = fitsBut(/cpu needed|slots are taken|memory|bytes needed/)(request, host, snapshot);
      if (open && victims.length > 0 && host.freeMillicores + freed >= request.service.cpuMillicores)
        return { kind: "preempt", host: host.id, victims, refusals: [] };
    }
    return { kind: "unschedulable", refusals: [] };
  };
}
