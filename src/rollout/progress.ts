import { z } from "zod";
import { parseDuration } from "../fields/duration.ts";
import { accepted, type Parsed, refused, textOrNumberField } from "../fields/refusal.ts";
import { formatDuration, type Micros, SECOND } from "../kernel/time.ts";
import { deploymentTimedOut } from "./deploymentStatus.ts";
import type { Plan, RolloutView } from "./strategy.ts";

const LONGEST_SECONDS = 2_147_483_647;

/**
 * A time as a duration (`10m`), or, as under Kubernetes' names that end in Seconds, as a whole number of seconds (600).
 */
export const seconds = textOrNumberField("a duration such as 10m, or a whole number of seconds", secondsOf);

function secondsOf(text: string): Parsed<Micros> {
  if (!/^\d{1,10}$/.test(text)) return parseDuration(text);
  const count = Number(text);
  return count <= LONGEST_SECONDS ? accepted(count * SECOND) : refused(`at most ${LONGEST_SECONDS} seconds`);
}

/** `keep`, as Argo Rollouts' 0: the containers of a release that was given up stay until the next rollout. */
export type AbortDelay = Micros | "keep";

/** How long the new release's containers stay after it was given up (Argo Rollouts, abortScaleDownDelaySeconds). */
export const abortDelayField = textOrNumberField(
  "a duration such as 30s, a whole number of seconds, or keep",
  (text) => (text === "keep" ? accepted<AbortDelay>("keep") : secondsOf(text)),
);

/** Going back by at most so many versions skips what a new one has to pass (Argo Rollouts, rollbackWindow.revisions). */
export const rollbackWindow = z
  .int()
  .min(0)
  .default(0)
  .describe("Going back by at most so many versions skips all steps, pauses and analyses; 0: never.");

/** True where a rollout goes back so little that it need not prove itself (Argo Rollouts, sync.go, isRollbackWithinWindow). */
export function goesBackWithin(window: number, { revisionsBack }: Pick<RolloutView, "revisionsBack">): boolean {
  return revisionsBack > 0 && revisionsBack <= window;
}

/** How many old releases can be gone back to (Kubernetes and Argo Rollouts, revisionHistoryLimit). */
export const revisionHistoryLimit = z
  .int()
  .min(0)
  .default(10)
  .describe("So many releases without containers are remembered; with 0 there is nothing to roll back to.");

/** Kubernetes' own: 600 s without progress, and a rollout is reported as stuck. */
export const progressDeadlineSeconds = seconds
  .prefault("10m")
  .describe("Without progress for this long, the rollout is reported as stuck; it goes on if it can.");

/**
 * What a plan says of its progress deadline: `stuck` once past it, else when to look again.
 *
 * The deadline itself is still in time (Kubernetes, deployment_util.go, DeploymentTimedOut).
 */
export function watchProgress(view: RolloutView, deadline: Micros): Pick<Plan, "outcome" | "note" | "wakeAfter"> {
  const sinceProgress = view.now - view.progressedAt;
  if (!deploymentTimedOut({ deadline, sinceProgress, complete: false })) {
    return { wakeAfter: deadline - sinceProgress + 1 };
  }
  return { outcome: "stuck", note: `stuck: no progress for ${formatDuration(deadline)}` };
}
