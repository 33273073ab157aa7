import type { Micros } from "../kernel/time.ts";

/** One container as the autoscaler meets it. */
export interface SampledContainer {
  readonly name: string;
  /** `pending`: not started yet; `failed`: ended for good. */
  readonly phase: "running" | "pending" | "failed";
  readonly deleting: boolean;
  /** Undefined: its host has not told of a start. */
  readonly startedAt: Micros | undefined;
  /** Undefined: readiness was never told of. */
  readonly ready: boolean | undefined;
  /** When `ready` last changed. */
  readonly readyChangedAt: Micros;
  /** Its latest sample; undefined: there is none. */
  readonly sample: { readonly at: Micros; readonly window: Micros; readonly used: number } | undefined;
  /** What it asked for, in the unit of `used`. */
  readonly requested: number;
}

/** How long after their start samples are distrusted. */
export interface SampleTrust {
  readonly now: Micros;
  /** Start-up burns cpu: 5 min by default (horizontal-pod-autoscaler-cpu-initialization-period). */
  readonly cpuInitialization: Micros;
  /** Unready since within this time of its start counts as never ready: 30 s (…-initial-readiness-delay). */
  readonly readinessDelay: Micros;
}

/** Containers by how much their samples say. Those that are deleted or failed are in none. */
export interface SampleGroups<C> {
  /** Counted with their samples. */
  readonly counted: readonly C[];
  /** Set aside: not started yet or, of cpu, not warm yet. */
  readonly unready: readonly C[];
  /** Without a sample. */
  readonly missing: readonly C[];
}

/**
 * Sorts containers by whether their samples count (Kubernetes, replica_calculator.go, groupPods).
 *
 * Only samples of cpu are distrusted at the start: programs burn it while they start.
 */
export function groupSamples<C extends SampledContainer>(
  containers: readonly C[],
  metric: "cpu" | "other",
  trust: SampleTrust,
): SampleGroups<C> {
  const counted: C[] = [];
  const unready: C[] = [];
  const missing: C[] = [];
  for (const container of containers) {
    if (container.deleting || container.phase === "failed") continue;
    if (container.phase === "pending") unready.push(container);
    else if (container.sample === undefined) missing.push(container);
    else if (metric === "cpu" && isCold(container, container.sample, trust)) unready.push(container);
    else counted.push(container);
  }
  return { counted, unready, missing };
}

function isCold(
  { startedAt, ready, readyChangedAt }: SampledContainer,
  sample: { readonly at: Micros; readonly window: Micros },
  { now, cpuInitialization, readinessDelay }: SampleTrust,
): boolean {
  if (startedAt === undefined || ready === undefined) return true;
  if (startedAt + cpuInitialization > now) return !ready || sample.at < readyChangedAt + sample.window;
  return !ready && startedAt + readinessDelay > readyChangedAt;
}
