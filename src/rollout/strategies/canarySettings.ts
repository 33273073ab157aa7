import { z } from "zod";
import { countOrPercent } from "../../fields/countOrPercent.ts";
import { duration } from "../../fields/duration.ts";
import { analysisSettings, endingAnalysis } from "../analysis.ts";
import {
  abortDelayField,
  progressDeadlineSeconds,
  revisionHistoryLimit,
  rollbackWindow,
  seconds,
} from "../progress.ts";

const percent = z.number().min(0).max(100);

const pause = z.union(
  [
    z.strictObject({ duration: seconds.optional() }).transform((given) => ({ length: given.duration })),
    duration.transform((length) => ({ length })),
    z.null().transform(() => ({ length: undefined })),
  ],
  { error: "expected a duration such as 10m, or {} to wait for a person" },
);

const analysis = analysisSettings.refine(endingAnalysis, {
  error: "expected a count beside the interval: an analysis that is a step must come to an end",
});

const canaryScale = z
  .strictObject({
    replicas: z.int().min(0).optional(),
    weight: z.number().min(0).optional(),
    matchTrafficWeight: z.boolean().optional(),
  })
  .refine((given) => Object.values(given).filter((value) => value !== undefined && value !== false).length > 0, {
    error: "expected replicas, weight or matchTrafficWeight",
  });

const step = z.union(
  [
    z
      .strictObject({ setWeight: percent, setCanaryScale: canaryScale.optional() })
      .transform(({ setWeight, setCanaryScale: scale }) => ({ kind: "weight" as const, weight: setWeight, scale })),
    z
      .strictObject({ pause, setCanaryScale: canaryScale.optional() })
      .transform((given) => ({ kind: "pause" as const, length: given.pause.length, scale: given.setCanaryScale })),
    z.strictObject({ analysis }).transform((given) => ({ kind: "analysis" as const, analysis: given.analysis })),
    z.strictObject({ setCanaryScale: canaryScale }).transform((given) => ({
      kind: "scale" as const,
      scale: given.setCanaryScale,
    })),
  ],
  {
    error: "expected one of setWeight, pause, analysis and setCanaryScale (which may stand beside a weight or a pause)",
  },
);

/** One step of a canary, as the engine sees it. */
export type CanaryStep = z.output<typeof step>;

/** What a scenario may set of `canary`; names and defaults are Argo Rollouts' where it has them. */
export const canarySettings = z
  .strictObject({
    steps: z
      .array(step)
      .prefault([])
      .describe("What is done one after another: setWeight, pause, analysis, setCanaryScale. None: a rolling update."),
    maxSurge: countOrPercent
      .prefault("25%")
      .describe("Containers above the wanted number (rounded up); without a router only."),
    maxUnavailable: countOrPercent
      .prefault("25%")
      .describe("Containers below the wanted number (rounded down); without a router only."),
    trafficRouting: z
      .boolean()
      .default(false)
      .describe("true: a router splits the traffic by weight; false: by how many containers either version has."),
    dynamicStableScale: z
      .boolean()
      .default(false)
      .describe("With a router: the old release shrinks as its traffic does, instead of staying whole."),
    minContainers: z
      .int()
      .min(1)
      .optional()
      .describe("With a router: a release that has any containers has at least so many (minPodsPerReplicaSet)."),
    replicaProgressThreshold: countOrPercent
      .optional()
      .describe("A weight counts as reached with so many of its containers available; all of them if left out."),
    analysis: analysisSettings
      .extend({ startingStep: z.int().min(0).default(0) })
      .optional()
      .describe("An analysis beside the steps, from startingStep (counted from 0) until the end."),
    scaleDownDelay: seconds
      .prefault("30s")
      .describe("With a router: how long the old release is kept without traffic (scaleDownDelaySeconds)."),
    abortScaleDownDelay: abortDelayField
      .optional()
      .describe(
        "With a router: how long the new release is kept whole after an abort (abortScaleDownDelaySeconds). Left out: 30s, but with dynamicStableScale it shrinks with its traffic; keep, Argo's 0: until the next.",
      ),
    minReadySeconds: seconds.prefault("0s").describe("A container is available once it has been ready for this long."),
    progressDeadlineSeconds,
    revisionHistoryLimit,
    rollbackWindow,
    progressDeadlineAbort: z
      .boolean()
      .default(false)
      .describe("true: without progress within the deadline it is given up; false: it is only reported stuck."),
  })
  .refine(({ dynamicStableScale, trafficRouting }) => trafficRouting || !dynamicStableScale, {
    error: "expected trafficRouting: true beside dynamicStableScale",
    path: ["dynamicStableScale"],
  });

/** The settings of `canary`, complete, in the engine's units. */
export type CanarySettings = z.output<typeof canarySettings>;
