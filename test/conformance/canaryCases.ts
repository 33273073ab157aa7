import type { CountOrPercent } from "../../src/fields/countOrPercent.ts";
import { parseDuration } from "../../src/fields/duration.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { metricPhase } from "../../src/rollout/analysisPhase.ts";
import { canaryPauseOver } from "../../src/rollout/blueGreenRules.ts";
import {
  approximateWeights,
  basicCanaryCounts,
  type CanarySet,
  countableForScaleDown,
} from "../../src/rollout/canaryCounts.ts";
import { progressThresholdMet } from "../../src/rollout/progressThreshold.ts";
import { maxUnavailable } from "../../src/rollout/rollingCounts.ts";
import {
  abortWeight,
  type CanaryScale,
  dynamicCanaryCounts,
  routedCanaryCounts,
  weightToReplicas,
} from "../../src/rollout/routedCanaryCounts.ts";
import { blueGreenPauseCompleted } from "./blueGreenCases.ts";
import { CaseInput } from "./caseInput.ts";
import { postsOf } from "./deploymentCases.ts";

type Case = (input: CaseInput) => unknown;

/** The functions of Argo's canary by the name that the case files give them. */
export const CANARY_CASES: readonly (readonly [string, Case])[] = [
  ["approximateCanaryWeights", approximate],
  ["basicCanaryCounts", basicCounts],
  ["trafficRoutedCanaryCounts", routedCounts],
  ["dynamicStableScaleCounts", dynamicCounts],
  ["abortCanaryWeight", abortedWeight],
  ["trafficWeightToReplicas", replicasOfWeight],
  ["countableForScaleDown", countable],
  ["pauseCompleted", pauseCompleted],
  ["replicaProgressThreshold", threshold],
  ["analysisMetricPhase", phase],
];

function approximate(input: CaseInput): unknown {
  return approximateWeights({
    replicas: input.number("replicas"),
    weight: input.number("weight"),
    surge: input.number("maxSurge"),
    maxWeight: input.numberOr("maxWeight") ?? 100,
  });
}

function basicCounts(input: CaseInput): unknown {
  // Without a router the explicit size is not in force.
  scaleOf(input);
  const replicas = input.number("replicas");
  const limits = postsOf(input);
  const [promoted, aborted] = [input.flag("promoteFull"), input.flag("abort")];
  const weight = aborted ? 0 : input.number("setWeight");
  const stable = setOf(input.part("stable"));
  return basicCanaryCounts({
    replicas,
    weight: promoted ? 100 : weight,
    surge: limits.surge,
    unavailable: maxUnavailable(limits, replicas),
    canary: setOf(input.part("canary")),
    stable: isSameSet(input) ? undefined : stable,
    older: input.parts("older").map((set) => ({ desired: set.number("spec"), available: set.number("available") })),
  });
}

function setOf(set: CaseInput | undefined): CanarySet | undefined {
  return set === undefined ? undefined : { desired: set.number("spec"), available: set.number("available") };
}

/** Told under several names: the new set is the stable one. */
function isSameSet(input: CaseInput): boolean {
  return input.namesLike(/^same|isStable|stableIs/i).some((name) => input.flag(name));
}

function scaleOf(input: CaseInput): CanaryScale | undefined {
  const scale = input.part("setCanaryScale");
  return (
    scale && {
      replicas: scale.numberOr("replicas"),
      weight: scale.numberOr("weight"),
      matchTrafficWeight: scale.flag("matchTrafficWeight"),
    }
  );
}

/** All that a routed canary goes by save its weight. */
function routedInput(input: CaseInput) {
  const [canary, stable] = [setOf(input.part("canary")), setOf(input.part("stable"))];
  return {
    replicas: input.number("replicas"),
    promoted: input.flag("promoteFull"),
    scale: scaleOf(input),
    aborted: input.flag("abort"),
    keptAfterAbort: input.numberOr("abortScaleDownDelaySeconds") === 0,
    minContainers: input.numberOr("minPodsPerReplicaSet"),
    trafficNow: sharesOf(input.part("trafficNow")),
    committed: stable && canary?.desired,
  };
}

function routedCounts(input: CaseInput): unknown {
  const weight = input.numberOr("setWeight") ?? 0;
  const counts = { ...routedInput(input), weight: input.flag("abort") ? 0 : weight };
  return input.flag("dynamicStableScale") ? dynamicCanaryCounts(counts) : routedCanaryCounts(counts);
}

function sharesOf(shares: CaseInput | undefined) {
  return shares && { canary: shares.number("canary"), stable: shares.number("stable") };
}

function dynamicCounts(input: CaseInput): unknown {
  const steps = input.numbers("stepWeights");
  const delay = input.numberOr("abortScaleDownDelaySeconds");
  const step = input.numberOr("currentStep") ?? 0;
  const counts = routedInput(input);
  const goingBack = abortWeight({
    replicas: counts.replicas,
    steps,
    canary: setOf(input.part("canary")),
    stable: setOf(input.part("stable")),
    explicitDelay: delay !== undefined && delay > 0,
  });
  return dynamicCanaryCounts({ ...counts, weight: counts.aborted ? goingBack : (steps[step] ?? 100) });
}

function abortedWeight(input: CaseInput): unknown {
  const replicas = input.leaves("abort", "dynamicStableScale").number("replicas");
  const delay = input.numberOr("abortScaleDownDelaySeconds");
  const set = (name: string): CanarySet | undefined => {
    const available = input.numberOr(name);
    return available === undefined ? undefined : { desired: available, available };
  };
  return {
    weight: abortWeight({
      replicas,
      steps: input.numbers("stepWeights"),
      canary: set("canaryAvailable"),
      stable: set("stableAvailable"),
      explicitDelay: delay !== undefined && delay > 0,
    }),
  };
}

function replicasOfWeight(input: CaseInput): unknown {
  const maxWeight = input.numberOr("maxWeight") ?? 100;
  return { replicas: weightToReplicas(input.number("replicas"), input.number("weight"), maxWeight) };
}

function countable(input: CaseInput): unknown {
  return { count: countableForScaleDown(setOf(input.part("rs")), input.flag("ignoreAvailability")) };
}

/** The length of a canary's pause stands under one of several names, by itself or within the step. */
function pauseCompleted(input: CaseInput): unknown {
  const kind = input.text("kind");
  if (kind === "blueGreen") return { completed: blueGreenPauseCompleted(input) };
  if (kind !== "canary") throw new Error(`unknown kind ${JSON.stringify(kind)}`);
  input.leaves("autoPromotionEnabled", "autoPromotionSeconds", "scaleUpPreviewCheckPoint");
  const [length] = [input, ...input.parts("pause"), ...input.parts("step")].flatMap((part) =>
    part.namesLike(/duration/i).map((name) => secondsOf(part.raw(name))),
  );
  const pausedFor = input.numberOr("pausedSecondsAgo");
  // Without the controller's own mark there was no pause to take away.
  const resumed = !input.names("controllerPause") || input.flag("controllerPause");
  if (pausedFor === undefined && !resumed) return { completed: false };
  return { completed: canaryPauseOver({ length, pausedFor: pausedFor && pausedFor * SECOND }) };
}

/** Seconds as a number or a text, or a duration with its unit, as Argo reads them. */
function secondsOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const parsed = parseDuration(/^\d+$/.test(String(given)) ? `${given}s` : String(given));
  if (!parsed.ok) throw new Error(`expected a duration, found ${JSON.stringify(given)}`);
  return parsed.value;
}

/** A threshold below 0 counts as none; a size that is not stated is the API's default of one. */
function threshold(input: CaseInput): unknown {
  const given = input.part("threshold");
  const value = given?.numberOr("value");
  const kind = kindOf(given?.text("type"));
  const set = input.part("rs");
  return {
    met: progressThresholdMet(
      value === undefined || value < 0 ? undefined : { kind, value },
      input.number("desired"),
      set && { desired: set.numberOr("spec") ?? 1, available: set.numberOr("available") ?? 0 },
    ),
  };
}

function kindOf(type = "pods"): CountOrPercent["kind"] {
  if (/^percent(age)?$/i.test(type)) return "percent";
  if (/^pods?$/i.test(type)) return "count";
  throw new Error(`unknown type "${type}"`);
}

function phase(input: CaseInput): unknown {
  const metric = (input.part("metric") ?? new CaseInput({})).leaves("name");
  // Only those in a row, and those that went wrong, are judged.
  const result = (input.part("result") ?? new CaseInput({})).leaves("successful", "error");
  const count = (name: string) => result.numberOr(name) ?? 0;
  return {
    phase: metricPhase(
      {
        count: metric.numberOr("count"),
        repeats: metric.has("interval"),
        failureLimit: metric.numberOr("failureLimit"),
        inconclusiveLimit: metric.numberOr("inconclusiveLimit"),
        consecutiveErrorLimit: metric.numberOr("consecutiveErrorLimit"),
        consecutiveSuccessLimit: metric.numberOr("consecutiveSuccessLimit"),
      },
      {
        measurements: count("measurements"),
        inFlight: result.flag("inFlight"),
        failed: count("failed"),
        inconclusive: count("inconclusive"),
        consecutiveError: count("consecutiveError"),
        consecutiveSuccess: count("consecutiveSuccess"),
        total: count("total"),
      },
      input.flag("terminating"),
    ),
  };
}
