/** Argo Rollouts' Rollout and AnalysisTemplate, as far as the simulation knows them. Source: Argo Rollouts, specification page. */
import { z } from "zod";
import { choice, wholeNumber } from "../fields/number.ts";
import { podTemplateSchema } from "./podSchema.ts";
import { count, flag, intOrPercent, labelSelector, noEffect, objectHead, wholeSeconds, words } from "./schemaParts.ts";

const templates = z.array(z.object({ templateName: words, clusterScope: flag.optional() }));

const dryRun = z.array(z.object({ metricName: words }));

const analysis = z.object({ templates: templates.optional(), dryRun: dryRun.optional() });

/** An analysis as a Rollout asks for it. */
export type AnalysisForm = z.output<typeof analysis>;

const argoDuration = z.union([count, words]);

const step = z.object({
  /** Of maxTrafficWeight, which is 100 unless told. */
  setWeight: count.optional(),
  pause: z.object({ duration: argoDuration.optional() }).optional(),
  experiment: z.object({ duration: argoDuration.optional() }).optional(),
  analysis: analysis.optional(),
  setCanaryScale: z
    .object({ replicas: count.optional(), weight: count.optional(), matchTrafficWeight: flag.optional() })
    .optional(),
});

/** One step of a canary as written. */
export type CanaryStepForm = z.output<typeof step>;

const blueGreen = z.object({
  activeService: words,
  previewService: words.optional(),
  previewReplicaCount: count.optional(),
  autoPromotionEnabled: flag.optional(),
  autoPromotionSeconds: wholeSeconds.optional(),
  scaleDownDelaySeconds: wholeSeconds.optional(),
  scaleDownDelayRevisionLimit: count.optional(),
  abortScaleDownDelaySeconds: wholeSeconds.optional(),
  prePromotionAnalysis: analysis.optional(),
  postPromotionAnalysis: analysis.optional(),
});

/** Argo's blueGreen as written. */
export type BlueGreenForm = z.output<typeof blueGreen>;

const canary = z.object({
  canaryService: words.optional(),
  stableService: words.optional(),
  pingPong: z.object({ pingService: words.optional(), pongService: words.optional() }).optional(),
  steps: z.array(step).optional(),
  maxSurge: intOrPercent.optional(),
  maxUnavailable: intOrPercent.optional(),
  /** Which router it is does not matter: all of them split the requests by weight. */
  trafficRouting: z
    .looseObject({ maxTrafficWeight: wholeNumber({ from: 1, to: 2_147_483_647 }).optional() })
    .optional(),
  replicaProgressThreshold: z
    .object({ type: choice(["Percentage", "Pod"]).optional(), value: count.optional() })
    .optional(),
  dynamicStableScale: flag.optional(),
  minPodsPerReplicaSet: count.optional(),
  analysis: analysis.extend({ startingStep: count.optional() }).optional(),
  scaleDownDelaySeconds: wholeSeconds.optional(),
  abortScaleDownDelaySeconds: wholeSeconds.optional(),
});

/** Argo's canary as written. */
export type CanaryForm = z.output<typeof canary>;

/** argoproj.io/v1alpha1 Rollout. */
export const rolloutSchema = z.object({
  ...objectHead,
  spec: z.object({
    replicas: count.optional(),
    selector: labelSelector.optional(),
    template: podTemplateSchema.optional(),
    workloadRef: z.object({ apiVersion: noEffect, kind: words, name: words }).optional(),
    minReadySeconds: wholeSeconds.optional(),
    progressDeadlineSeconds: wholeSeconds.optional(),
    progressDeadlineAbort: flag.optional(),
    revisionHistoryLimit: count.optional(),
    rollbackWindow: z.object({ revisions: count.optional() }).optional(),
    paused: flag.optional(),
    strategy: z.object({ blueGreen: blueGreen.optional(), canary: canary.optional() }).optional(),
  }),
});

/** A Rollout as checked. */
export type RolloutForm = z.output<typeof rolloutSchema>;

const metric = z.object({
  name: words,
  /** The scenario's own errors and latency are what is measured, whoever would have been asked. */
  provider: noEffect,
  successCondition: noEffect,
  failureCondition: noEffect,
  initialDelay: argoDuration.optional(),
  interval: argoDuration.optional(),
  count: z.union([count, words]).optional(),
  failureLimit: z.union([z.int(), words]).optional(),
  inconclusiveLimit: z.union([count, words]).optional(),
  consecutiveErrorLimit: z.union([count, words]).optional(),
  consecutiveSuccessLimit: z.union([count, words]).optional(),
});

/** argoproj.io/v1alpha1 AnalysisTemplate. */
export const analysisTemplateSchema = z.object({
  ...objectHead,
  spec: z
    .object({ metrics: z.array(metric).optional(), templates: templates.optional(), dryRun: dryRun.optional() })
    .refine(({ metrics = [], templates: others = [] }) => metrics.length + others.length > 0, {
      error: "found neither metrics nor templates, expected at least one of them",
    }),
});

/** One metric of an AnalysisTemplate. */
export type MetricForm = z.output<typeof metric>;
