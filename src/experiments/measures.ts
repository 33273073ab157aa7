import type { RolloutSummary, RunSummary, ServiceSummary } from "../metrics/result.ts";
import { CAUSES } from "../traffic/observer.ts";

/** The numbers of one run by dotted path: `services.shop.downtime.totalS`, `hosts.blastRadius`. A null is left out. */
export type Measures = ReadonlyMap<string, number>;

/**
 * Flattens a run's summary to dotted metrics, to be averaged and compared over replications.
 *
 * Lists are left out (they differ in length from run to run) but for two: failures become `requests.byCause.<cause>`, and
 * the last rollout becomes `rollout.durationS`, `.peakContainers`, `.minAvailable`, `.overlapS`, `.completed`. True counts as 1
 * and false as 0, so their mean is a share. What is not an outcome of the model (the seed, the wall clock) is left out, and so
 * are single hosts.
 */
export function measuresOf(summary: RunSummary): Measures {
  const measures = new Map<string, number>();
  measures.set("events", summary.events);
  for (const [name, service] of Object.entries(summary.services)) putService(measures, `services.${name}`, service);
  const { byHost: _, ...hosts } = summary.hosts;
  put(measures, "hosts", hosts);
  return measures;
}

/** What a measure that a run lacks stands for: 0 of a version that answered nothing, else nothing at all. */
export function absentMeasure(path: string): 0 | undefined {
  return path.includes(".requests.byVersion.") ? 0 : undefined;
}

function putService(measures: Map<string, number>, path: string, service: ServiceSummary): void {
  put(measures, path, service);
  const byCause = new Map<string, number>(CAUSES.map((cause) => [cause, 0]));
  for (const { cause, count } of service.requests.failures) byCause.set(cause, (byCause.get(cause) ?? 0) + count);
  for (const [cause, count] of byCause) measures.set(`${path}.requests.byCause.${cause}`, count);
  for (const cause of CAUSES) {
    const key = `${path}.requests.failedAttempts.${cause}`;
    if (!measures.has(key)) measures.set(key, 0);
  }
  const last = service.rollouts.at(-1);
  if (last !== undefined) putRollout(measures, `${path}.rollout`, last);
}

function putRollout(measures: Map<string, number>, path: string, rollout: RolloutSummary): void {
  if (rollout.endS !== null) measures.set(`${path}.durationS`, rollout.endS - rollout.startS);
  measures.set(`${path}.peakContainers`, rollout.peakContainers);
  measures.set(`${path}.minAvailable`, rollout.minAvailable);
  measures.set(`${path}.overlapS`, rollout.overlapS);
  measures.set(`${path}.completed`, rollout.outcome === "completed" ? 1 : 0);
}

function put(measures: Map<string, number>, path: string, value: unknown): void {
  if (typeof value === "number") {
    if (Number.isFinite(value)) measures.set(path, value);
    return;
  }
  if (typeof value === "boolean") {
    measures.set(path, value ? 1 : 0);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, entry] of Object.entries(value)) put(measures, `${path}.${key}`, entry);
}
