import { MINUTE, type Micros, SECOND } from "../kernel/time.ts";
import { type Container, NEVER } from "./containers.ts";

/** A run this long forgives earlier crashes (Kubernetes: ten minutes). */
const GOOD_RUN: Micros = 10 * MINUTE;
const FIRST_BACKOFF = 10 * SECOND;
const LONGEST_BACKOFF = 300 * SECOND;

/** Kubernetes' crash back-off: the first restart at once, then 10 s doubling to 300 s (Pod Lifecycle page, "Container restarts"). */
function crashBackoff(backoffs: number): Micros {
  if (backoffs === 0) return 0;
  return Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(backoffs - 1, 10));
}

/**
 * How long a container that its host kills, as for a failed probe, waits for its next start.
 *
 * The kubelet starts it again in the same go, in which it still goes by the process before the killed one: the first time
 * there is none, and later the back-off of that one is often over (kubelet, kuberuntime_manager.go, SyncPod and doBackOff).
 *
 * @param previousEnd when the process before the killed one ended, or NEVER
 */
function killBackoff(
  backoffs: number,
  { now, previousEnd }: { readonly now: Micros; readonly previousEnd: Micros },
): Micros {
  const wait = crashBackoff(backoffs);
  return previousEnd !== NEVER && now - previousEnd < wait ? wait : 0;
}

/** Kubernetes' image pull back-off: 10 s doubling to 300 s (kubelet, imageBackOff). */
export function pullBackoff(failures: number): Micros {
  return Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(failures - 1, 10));
}

/** Sets the back-off of a container whose process has to end now, before that is written down; how long it is. */
export function beginBackoff(container: Container, now: Micros): Micros {
  const { condemned, endedAt: previousEnd } = container;
  const ran = container.phase === "running" ? now - container.startedAt : 0;
  if (ran >= GOOD_RUN && !condemned) container.backoffs = 0;
  container.backoff = condemned
    ? killBackoff(container.backoffs, { now, previousEnd })
    : crashBackoff(container.backoffs);
  // The first kill leaves no trace in the kubelet's back-off.
  if (!condemned || previousEnd !== NEVER) container.backoffs++;
  return container.backoff;
}
