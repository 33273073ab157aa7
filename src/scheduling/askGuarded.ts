import type { Cluster } from "../cluster/cluster.ts";
import { InternalError, PluginError, thrownAt } from "../kernel/errors.ts";
import type { PlacementRequest, Scheduler, Snapshot, Verdict } from "./framework.ts";

/** A scheduler from outside may throw, or answer nonsense: that is its fault, and told as such. */
export function askGuarded(
  scheduler: Scheduler,
  request: PlacementRequest,
  snapshot: Snapshot,
  random: () => number,
): Verdict {
  let verdict: unknown;
  try {
    verdict = scheduler.place(request, snapshot, random);
  } catch (error) {
    if (error instanceof PluginError || error instanceof InternalError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new PluginError(`scheduler "${scheduler.name}" threw: ${message}${thrownAt(error)}`, { cause: error });
  }
  if (isVerdict(verdict)) return verdict;
  if (verdict instanceof Promise) {
    // What it fails with has nobody to hear it, and would end the program.
    verdict.catch(() => undefined);
    const wanted = "expected the answer itself, from a function that is not async";
    throw new PluginError(`scheduler "${scheduler.name}" answered with a promise; ${wanted}`);
  }
  throw new PluginError(
    `scheduler "${scheduler.name}" answered neither { kind: "fits", host, scores } with the id of a host, ` +
      'nor { kind: "unschedulable", refusals } with a list of { host, plugin, reason }',
  );
}

/** Whether an answer has the shape of one; that what it names is there, is looked at elsewhere. */
export function isVerdict(given: unknown): given is Verdict {
  if (typeof given !== "object" || given === null) return false;
  const verdict: { kind?: unknown; host?: unknown; victims?: unknown; refusals?: unknown } = given;
  if (verdict.kind === "fits") return Number.isInteger(verdict.host);
  if (verdict.kind === "preempt" && !(Number.isInteger(verdict.host) && isIds(verdict.victims))) return false;
  if (verdict.kind !== "unschedulable" && verdict.kind !== "preempt") return false;
  return Array.isArray(verdict.refusals) && verdict.refusals.every(isRefusal);
}

function isRefusal(given: unknown): boolean {
  return typeof given === "object" && given !== null && "reason" in given && typeof given.reason === "string";
}

function isIds(given: unknown): boolean {
  return Array.isArray(given) && given.every((id) => Number.isInteger(id));
}

/** Room is made on a host by those who are on it. @throws PluginError for any other host or victim. */
export function checkVictims(
  { state }: Cluster,
  scheduler: string,
  { host, victims }: Extract<Verdict, { kind: "preempt" }>,
): void {
  if (state.hosts[host] === undefined) {
    throw new PluginError(`scheduler "${scheduler}" preempts on host number ${host}, which does not exist`);
  }
  const stranger = victims.find((id) => state.containers[id]?.host !== host);
  if (stranger !== undefined) {
    const what = `container number ${stranger} as a victim, which is not on that host`;
    throw new PluginError(`scheduler "${scheduler}" names ${what}`);
  }
}
