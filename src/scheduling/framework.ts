/** The vocabulary of placement: what a scheduler sees, and what it answers. After Kubernetes' scheduling framework. */

import type { BudgetView } from "../cluster/policies.ts";
import type { HostSpec, ServiceSpec } from "../cluster/spec.ts";
import type { PlacedVersion } from "./placements.ts";

/** A container that wants a place. */
export interface PlacementRequest {
  readonly id: number;
  readonly container: string;
  readonly service: ServiceSpec;
  readonly image: string;
  /** Its size, for schedulers that would rather not wait for a pull. */
  readonly imageBytes: number;
}

/** One host as the control plane knows it. A host that is down but not yet noticed looks like any other. */
export interface HostView {
  readonly id: number;
  readonly spec: HostSpec;
  readonly freeMillicores: number;
  readonly freeBytes: number;
  readonly cordoned: boolean;
  readonly known: "reachable" | "unreachable";
  /** Containers holding resources here, terminating ones included. */
  readonly containers: readonly number[];
  readonly cached: readonly string[];
}

/** A container that holds a place, or waits for one, as the control plane knows it. */
export interface PlacedContainer {
  readonly id: number;
  readonly name: string;
  readonly service: ServiceSpec;
  readonly image: string;
  /** Deleted, and not gone yet. */
  readonly isTerminating: boolean;
  /** Deleted to make room for another. */
  readonly isVictim: boolean;
  /** In µs; Infinity: not started yet. */
  readonly startedAt: number;
}

/** The cluster at one instant. Read only: a plugin that changes it breaks its interface. */
export interface Snapshot {
  readonly hosts: readonly HostView[];
  /** How many containers of that service, terminating ones left out, each host holds: by host id. */
  countsOf(service: string): ReadonlyMap<number, number>;
  /** Every container that holds resources on a host, terminating ones included. */
  placed(host: number): readonly PlacedContainer[];
  /** The same object as long as `placed` says the same of that host: for those who keep what they made of it. */
  placedVersion(host: number): PlacedVersion;
  /** Containers for which room is being made: host id by container id. */
  readonly nominated: ReadonlyMap<number, number>;
  /** A container that has no place yet. */
  waiting(container: number): PlacedContainer | undefined;
  readonly services: readonly ServiceSpec[];
  /** Size of an image in bytes; 0 for one that nobody knows. */
  imageBytes(image: string): number;
  /** The disruption budgets, and how many containers each lets go now. */
  budgets(): readonly BudgetView[];
}

/** What a plugin adds to a decision. Data made by `prepare` is its own, once for each placement. */
export interface SchedulerPlugin<Data = unknown> {
  readonly kind: "scheduler-plugin";
  readonly name: string;
  readonly describe: string;
  prepare?(request: PlacementRequest, snapshot: Snapshot): Data;
  /** Why the host will not do, in Kubernetes' words where it has them; undefined: it will. */
  filter?(request: PlacementRequest, host: HostView, data: Data): string | undefined;
  /** How good the host is, any finite number, more is better; scaled to 0…100 over the hosts that fit when `normalise` is set. */
  score?(request: PlacementRequest, host: HostView, data: Data): number;
  readonly normalise?: boolean;
}

/** Why a host was refused, and by whom. */
export interface Refusal {
  readonly host: string;
  readonly plugin: string;
  readonly reason: string;
  /** Why evictions there would not have helped; of a scheduler that preempts, once for each host. */
  readonly preemption?: string;
}

/** Where to put a container, with the scores that said so; or why nowhere. */
export type Verdict =
  | { readonly kind: "fits"; readonly host: number; readonly scores: readonly HostScore[] }
  | { readonly kind: "unschedulable"; readonly refusals: readonly Refusal[] }
  /** There would be room on `host` if these containers went: they are asked to, and the container waits. */
  | {
      readonly kind: "preempt";
      readonly host: number;
      readonly victims: readonly number[];
      readonly refusals: readonly Refusal[];
    };

export interface HostScore {
  readonly host: number;
  readonly byPlugin: Readonly<Record<string, number>>;
  readonly total: number;
}

/** How long a container that found no place waits for its next try. */
export interface QueueRules {
  /** In µs: the wait after the first try; each further one doubles it. */
  readonly firstBackoff: number;
  /** In µs: no wait is longer. */
  readonly longestBackoff: number;
  /** In µs: only at multiples of this is looked for waits that are over; 0: each ends when it ends. */
  readonly backoffTick: number;
  /** In µs: only at multiples of this is looked for those that were left alone for five minutes; 0: each in its own time. */
  readonly flushTick: number;
  /** A container that was tried before keeps its place in the queue by the time of that try; else it goes to the end. */
  readonly isOrderedByLastTry: boolean;
}

/** A scheduler decides; binding is the framework's. `random` is its own stream, uniform in [0, 1). */
export interface Scheduler {
  readonly kind: "scheduler";
  readonly name: string;
  readonly describe: string;
  place(request: PlacementRequest, snapshot: Snapshot, random: () => number): Verdict;
  /** A whole number that it keeps from one placement to the next, if any: part of the run's state, put back with it. */
  memory?: { get: () => number; set: (value: number) => void };
  /** Left out: 1 s to 10 s, each wait to the point. */
  readonly queue?: QueueRules;
  /** Whether containers of the service are its own to place; one that is not waits for ever. Left out: all are. */
  accepts?(service: ServiceSpec): boolean;
  /** Whether one of the service's containers that found no place may find one when another was placed. Left out: never. */
  isHelpedByPlacement?(service: ServiceSpec): boolean;
}

/** `2 Insufficient cpu, 1 host(s) were cordoned`: the refusals counted, as Kubernetes words its events. */
export function summarise(refusals: readonly Refusal[]): string[] {
  return counted(refusals.map(({ reason }) => reason));
}

/** The same of why evictions do not help; empty where they do, and of a scheduler that does not preempt. */
export function summariseEvictions({ kind, refusals }: Exclude<Verdict, { kind: "fits" }>): string[] {
  if (kind === "preempt") return [];
  return counted(refusals.flatMap(({ preemption }) => (preemption === undefined ? [] : [preemption])));
}

function counted(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} ${text}`).sort();
}
