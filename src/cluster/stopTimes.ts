import { type Micros, SECOND } from "../kernel/time.ts";
import type { ShutdownSpec } from "./spec.ts";

/** What SIGTERM leaves at least before SIGKILL, if preStop used the grace up (kubelet, minimumGracePeriodInSeconds). */
const SHORTEST_STOP: Micros = 2 * SECOND;

/** From the decision to stop a container to its SIGTERM, and to its SIGKILL. Both run from that decision: preStop uses up grace. */
export function stopTimes({ preStop, gracePeriod }: ShutdownSpec): {
  readonly untilTerm: Micros;
  readonly untilKill: Micros;
} {
  const untilTerm = Math.min(preStop, gracePeriod);
  return { untilTerm, untilKill: Math.max(gracePeriod, untilTerm + SHORTEST_STOP) };
}
