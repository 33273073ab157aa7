import { z } from "zod";
import { duration, positiveDuration } from "../../fields/duration.ts";
import { share } from "../../fields/quantity.ts";
import { analysisSettings, endingAnalysis } from "../analysis.ts";
import {
  abortDelayField,
  progressDeadlineSeconds,
  revisionHistoryLimit,
  rollbackWindow,
  seconds,
} from "../progress.ts";
import type { ReleaseView, Signals } from "../strategy.ts";

const STEP_NAMES = ["start", "ready", "switch", "verify", "remove"] as const;

/** A step of a blue-green rollout, as `order` names it. */
export type BlueGreenStep = (typeof STEP_NAMES)[number];

const verification = z.strictObject({
  for: duration.prefault("30s").describe("How long the new release is watched under users' traffic."),
  every: positiveDuration.prefault("5s").describe("How often its answers are looked at meanwhile."),
  errors: share.prefault("5%").describe("More than this share of failed answers, and the traffic goes back."),
  requests: z.int().min(0).default(10).describe("With fewer answers than this nothing is concluded from them."),
});

/** How the new release is judged after the switch; undefined: it is not. */
export type Verification = z.output<typeof verification>;

const prePromotionAnalysis = analysisSettings
  .extend({
    requests: z.int().min(1).max(10_000).default(20).describe("Synthetic requests of each measurement."),
  })
  .refine(endingAnalysis, { error: "expected a count beside the interval: the switch waits for its end" })
  .refine(({ metrics }) => metrics.every(({ latency }) => latency === undefined), {
    error: "expected no latency: synthetic requests tell of errors only",
  });

/** How the new release is judged before the switch. */
export type PrePromotionAnalysis = z.output<typeof prePromotionAnalysis>;

const order = z
  .array(z.enum(STEP_NAMES))
  .refine((steps) => new Set(steps).size === steps.length, { error: "expected each step at most once" })
  .refine((steps) => ["start", "switch", "remove"].every((step) => steps.some((named) => named === step)), {
    error: "expected at least start, switch and remove",
  })
  .refine((steps) => !steps.includes("ready") || steps.indexOf("ready") > steps.indexOf("start"), {
    error: "expected ready after start: nothing gets ready before",
  });

/** What a scenario may set of `blue-green`; names and defaults are Argo Rollouts' where it has them. */
export const blueGreenSettings = z.strictObject({
  previewReplicas: z
    .int()
    .min(0)
    .optional()
    .describe("Containers of the new release until it is promoted (previewReplicaCount); all of them if left out."),
  autoPromotion: z
    .union([z.boolean().transform((on) => (on ? 0 : undefined)), duration])
    .prefault(true)
    .describe("true: switches as soon as ready; a duration: so long after; false: when a person promotes it."),
  prePromotionAnalysis: prePromotionAnalysis
    .optional()
    .describe(
      "Smoke tests that a ready new release must pass before the switch (prePromotionAnalysis); none if left out.",
    ),
  postPromotionAnalysis: analysisSettings
    .refine(endingAnalysis, { error: "expected a count beside the interval: the old release waits for its end" })
    .optional()
    .describe("An analysis of users' answers after the switch, in place of verification (postPromotionAnalysis)."),
  verification: z
    .union([z.literal("none").transform(() => undefined), verification])
    .prefault({})
    .describe("How the new release is judged after the switch, or none."),
  scaleDownDelay: seconds
    .prefault("30s")
    .describe("How long the old release is kept after the switch and its verification (scaleDownDelaySeconds)."),
  scaleDownDelayRevisionLimit: z
    .int()
    .min(0)
    .optional()
    .describe("Only so many of the newest replaced releases are kept for the delay; all of them if left out."),
  abortScaleDownDelay: abortDelayField
    .prefault("30s")
    .describe(
      "How long the new release is kept after switching back (abortScaleDownDelaySeconds); keep, Argo's 0: until the next.",
    ),
  minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
  progressDeadlineSeconds,
  revisionHistoryLimit,
  rollbackWindow,
  progressDeadlineAbort: z
    .boolean()
    .default(false)
    .describe(
      "true: a new release that is not ready within the deadline is given up; false: it is only reported stuck.",
    ),
  order: order
    .default([...STEP_NAMES])
    .describe("The steps in another order, to see what then goes wrong; ready and verify may be left out."),
});

/** The settings of `blue-green`, complete, in the engine's units. */
export type BlueGreenSettings = z.output<typeof blueGreenSettings>;

/** What a look at the new release concludes. */
export interface Judgement {
  readonly bad: boolean;
  readonly note: string;
}

/** Judges a release by its answers since `base`: too many failed, or nobody there to answer though it `serves`. */
export function judge(
  release: ReleaseView,
  base: Signals,
  { errors, requests, serves }: Pick<Verification, "errors" | "requests"> & { readonly serves: boolean },
): Judgement {
  const failed = release.signals.failed - base.failed;
  const answered = failed + release.signals.succeeded - base.succeeded;
  if (serves && release.ready === 0) return { bad: true, note: `no container of ${release.image} is ready` };
  if (answered < requests || answered === 0) {
    return { bad: false, note: `verified ${release.image}: only ${answered} answers, nothing against it` };
  }
  const text = `${failed} of ${answered} answers failed`;
  return failed > errors * answered
    ? { bad: true, note: `${release.image} is bad: ${text}` }
    : { bad: false, note: `verified ${release.image}: ${text}` };
}
