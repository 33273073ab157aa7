/** Argo Rollouts' strategies as ours. Source: Argo Rollouts, specification, blueGreen and canary pages. */
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { Path } from "../scenario/path.ts";
import { type Argo, analysisOf } from "./argoAnalysis.ts";
import { durationText, given, lengthOf } from "./argoValues.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import { type BlueGreenForm, type CanaryForm, type CanaryStepForm, rolloutSchema } from "./rolloutSchema.ts";

/** A strategy by name with its settings, as a scenario writes it. */
export function argoStrategy(
  object: ManifestObject,
  analyses: readonly ManifestObject[],
  report: ManifestReport,
): JsonMap {
  const { spec } = rolloutSchema.parse(object.value);
  const argo: Argo = { object, analyses, report };
  const common = given({
    minReadySeconds: spec.minReadySeconds,
    progressDeadlineSeconds: spec.progressDeadlineSeconds,
    progressDeadlineAbort: spec.progressDeadlineAbort,
    revisionHistoryLimit: spec.revisionHistoryLimit,
    rollbackWindow: spec.rollbackWindow?.revisions,
  });
  const { strategy } = spec;
  if (strategy?.blueGreen !== undefined) {
    if ((spec.rollbackWindow?.revisions ?? 0) > 0 && isHeldUp(strategy.blueGreen)) {
      report.warn(object, ["spec", "rollbackWindow"], ROLLBACK_MAY_HANG);
    }
    return { "blue-green": { ...blueGreenSettings(strategy.blueGreen, argo), ...common } };
  }
  return { canary: { ...canarySettings(strategy?.canary ?? {}, argo), ...common } };
}

/**
 * It clears the pause that it set at every look, and cancels the analysis that the switch waits for (Argo Rollouts, bluegreen.go and
 * analysis.go; issue 3304).
 */
const ROLLBACK_MAY_HANG =
  "a rollback within it switches as soon as it is ready, as documented; Argo Rollouts itself may wait for ever before the switch (its issue 3304): promote it in full there";

/** Something has to be passed before the switch. */
function isHeldUp({ prePromotionAnalysis, autoPromotionEnabled, autoPromotionSeconds = 0 }: BlueGreenForm): boolean {
  return prePromotionAnalysis !== undefined || autoPromotionEnabled === false || autoPromotionSeconds > 0;
}

const SMOKE_TESTS =
  "each measurement is 20 synthetic requests to the new release, since no user's reaches it before it is promoted";

function blueGreenSettings(form: BlueGreenForm, argo: Argo): JsonMap {
  const { autoPromotionEnabled = true, autoPromotionSeconds = 0 } = form;
  const { prePromotionAnalysis: pre, postPromotionAnalysis: post } = form;
  const path = ["spec", "strategy", "blueGreen"];
  const prePath = [...path, "prePromotionAnalysis"];
  if (pre !== undefined) argo.report.warn(argo.object, prePath, SMOKE_TESTS);
  return {
    // Where a person promotes, no time does (pause.go, CompletedBlueGreenPause).
    autoPromotion: autoPromotionEnabled && autoPromotionSeconds > 0 ? `${autoPromotionSeconds}s` : autoPromotionEnabled,
    verification: "none",
    ...given({
      prePromotionAnalysis: pre === undefined ? undefined : analysisOf(pre, prePath, argo),
      postPromotionAnalysis:
        post === undefined ? undefined : analysisOf(post, [...path, "postPromotionAnalysis"], argo),
      previewReplicas: form.previewReplicaCount,
      scaleDownDelay: form.scaleDownDelaySeconds,
      scaleDownDelayRevisionLimit: form.scaleDownDelayRevisionLimit,
      abortScaleDownDelay: abortDelayOf(form.abortScaleDownDelaySeconds),
    }),
  };
}

/** 0 is for ever, not at once (Argo Rollouts, defaults.go, GetAbortScaleDownDelaySecondsOrDefault). */
function abortDelayOf(seconds: number | undefined): number | string | undefined {
  return seconds === 0 ? "keep" : seconds;
}

function canarySettings(form: CanaryForm, argo: Argo): JsonMap {
  const path = ["spec", "strategy", "canary"];
  const { maxTrafficWeight = 100 } = form.trafficRouting ?? {};
  const percent = (weight: number) => (weight * 100) / maxTrafficWeight;
  const steps = (form.steps ?? []).map((step, i) => stepOf(step, [...path, "steps", i], { ...argo, percent }));
  const { analysis } = form;
  const startingStep = analysis?.startingStep;
  return {
    steps: steps.flat(),
    ...given({
      maxSurge: amountOf(form.maxSurge, [...path, "maxSurge"], argo),
      maxUnavailable: amountOf(form.maxUnavailable, [...path, "maxUnavailable"], argo),
      trafficRouting: form.trafficRouting === undefined ? undefined : true,
      dynamicStableScale: form.dynamicStableScale,
      // Argo takes 0 for no minimum too: it takes the greater of both (canary.go, CheckMinPodsPerReplicaSet).
      minContainers: form.minPodsPerReplicaSet === 0 ? undefined : form.minPodsPerReplicaSet,
      replicaProgressThreshold: thresholdOf(form.replicaProgressThreshold),
      scaleDownDelay: form.scaleDownDelaySeconds,
      abortScaleDownDelay: abortDelayOf(form.abortScaleDownDelaySeconds),
      analysis:
        analysis === undefined
          ? undefined
          : {
              ...analysisOf(analysis, [...path, "analysis"], argo),
              // Steps that are passed over are none of ours, and do not count.
              ...given({
                startingStep: startingStep === undefined ? undefined : steps.slice(0, startingStep).flat().length,
              }),
            },
    }),
  };
}

/** A number in quotes is a percentage too (apimachinery, intstr.go, GetValueFromIntOrPercent, which Argo calls). */
function amountOf(amount: number | string | undefined, path: Path, { object, report }: Argo) {
  if (typeof amount !== "string" || amount.endsWith("%")) return amount;
  report.warn(object, path, `is read as ${amount}%, as in Argo: a count has no quotes`);
  return `${amount}%`;
}

function thresholdOf(threshold: CanaryForm["replicaProgressThreshold"]): number | string | undefined {
  if (threshold?.value === undefined) return undefined;
  return threshold.type === "Pod" ? threshold.value : `${threshold.value}%`;
}

interface StepContext extends Argo {
  /** A weight as a share of all traffic (maxTrafficWeight). */
  readonly percent: (weight: number) => number;
}

/** One step; none where it is of a kind that is not simulated, which has been warned of as a field. */
function stepOf(step: CanaryStepForm, path: Path, argo: StepContext): JsonMap[] {
  const scale = step.setCanaryScale === undefined ? {} : { setCanaryScale: scaleOf(step.setCanaryScale, argo) };
  const pauses =
    step.pause === undefined ? experimentOf(step, path, argo) : pauseOf(step.pause, [...path, "pause"], argo);
  if (step.pause !== undefined || pauses.length > 0) return pauses.map((one) => ({ ...one, ...scale }));
  if (step.setWeight !== undefined) return [{ setWeight: argo.percent(step.setWeight), ...scale }];
  if (step.setCanaryScale !== undefined) {
    // What ends the step is the size, whatever else it says (canary.go, completedCurrentCanaryStep).
    if (step.analysis !== undefined) argo.report.warn(argo.object, [...path, "analysis"], ENDED_BY_SIZE);
    return [scale];
  }
  if (step.analysis === undefined) return [];
  return [{ analysis: analysisOf(step.analysis, [...path, "analysis"], argo) }];
}

const ENDED_BY_SIZE =
  "the step is over once setCanaryScale beside it is reached, as in Argo: nothing waits for the analysis";

/** One that says nothing sets no size of its own: the traffic's share counts again. */
function scaleOf(
  { weight, ...others }: NonNullable<CanaryStepForm["setCanaryScale"]>,
  { percent }: StepContext,
): JsonMap {
  const scale = given({ ...others, weight: weight === undefined ? undefined : percent(weight) });
  return Object.keys(scale).length === 0 ? { matchTrafficWeight: true } : scale;
}

/** It takes its time, whatever its pods would show; without one, it ends when its analyses do, and none is measured. */
function experimentOf({ experiment }: CanaryStepForm, path: Path, argo: Argo): JsonMap[] {
  return experiment?.duration === undefined ? [] : pauseOf(experiment, [...path, "experiment"], argo);
}

function pauseOf({ duration }: NonNullable<CanaryStepForm["pause"]>, path: Path, argo: Argo): JsonMap[] {
  if (duration === undefined) {
    argo.report.warn(argo.object, path, "waits for a person, and none promotes it in the simulation");
    return [{ pause: {} }];
  }
  if (lengthOf(duration) === undefined) {
    argo.report.problem(argo.object, [...path, "duration"], "expected a duration, such as 40s, 10m or 30");
    return [];
  }
  return [{ pause: { duration: durationText(duration) } }];
}
