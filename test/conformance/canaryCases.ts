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
  const replicas = input.number("replicas");
  const limits = postsOf(input);
  return basicCanaryCounts({
    replicas,
    weight: input.flag("promoteFull") ? 100 : input.number("setWeight"),
    surge: limits.surge,
    unavailable: maxUnavailable(limits, replicas),
    canary: setOf(input.part("canary")),
    stable: setOf(input.part("stable")),
    older: input.parts("older").map((set) => ({ desired: set.number("spec"), available: set.number("available") })),
  });
}

function setOf(set: CaseInput | undefined): CanarySet | undefined {
  return set === undefined ? undefined : { desired: set.number("spec"), available: set.number("available") };
}

function routedCounts(input: CaseInput): unknown {
  const scale = input.part("setCanaryScale");
  const counts = {
    replicas: input.number("replicas"),
    weight: input.flag("abort") ? 0 : input.number("setWeight"),
    promoted: input.flag("promoteFull"),
    scale: scale && {
      replicas: scale.numberOr("replicas"),
      weight: scale.numberOr("weight"),
      matchTrafficWeight: scale.flag("matchTrafficWeight"),
    },
    aborted: input.flag("abort"),
    keptAfterAbort: input.numberOr("abortScaleDownDelaySeconds") === 0,
    minContainers: input.numberOr("minPodsPerReplicaSet"),
  };
  if (!input.flag("dynamicStableScale")) return routedCanaryCounts(counts);
  return dynamicCanaryCounts({ ...counts, trafficNow: sharesOf(input.part("trafficNow")) });
}

function sharesOf(shares: CaseInput | undefined) {
  return shares && { canary: shares.number("canary"), stable: shares.number("stable") };
}

function dynamicCounts(input: CaseInput): unknown {
  const replicas = input.number("replicas");
  const steps = input.numbers("stepWeights");
  const aborted = input.flag("abort");
  const delay = input.numberOr("abortScaleDownDelaySeconds");
  const weight = aborted
    ? abortWeight({
        replicas,
        steps,
        canary: setOf(input.part("canary")),
        stable: setOf(input.part("stable")),
        explicitDelay: delay !== undefined && delay > 0,
      })
    : (steps[input.numberOr("currentStep") ?? 0] ?? 100);
  return dynamicCanaryCounts({
    replicas,
    weight,
    promoted: input.flag("promoteFull"),
    scale: undefined,
    aborted,
    keptAfterAbort: delay === 0,
    minContainers: input.numberOr("minPodsPerReplicaSet"),
    trafficNow: sharesOf(input.part("trafficNow")),
  });
}

function abortedWeight(input: CaseInput): unknown {
  const replicas = input.number("replicas");
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

function pauseCompleted(input: CaseInput): unknown {
  if (input.text("kind") === "blueGreen") return { completed: blueGreenPauseCompleted(input) };
  const lengthName = input.names().find((name) => /duration/i.test(name));
  const length = lengthName === undefined ? undefined : secondsOf(input.raw(lengthName));
  const pausedFor = input.numberOr("pausedSecondsAgo");
  const completed = canaryPauseOver({
    length,
    pausedFor: pausedFor === undefined ? undefined : pausedFor * SECOND,
  });
  return { completed };
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
  const kind = given?.text("type") === "percent" ? "percent" : "count";
  const set = input.part("rs");
  return {
    met: progressThresholdMet(
      value === undefined || value < 0 ? undefined : { kind, value },
      input.number("desired"),
      set && { desired: set.numberOr("spec") ?? 1, available: set.number("available") },
    ),
  };
}

function phase(input: CaseInput): unknown {
  const metric = input.part("metric") ?? new CaseInput({});
  const result = input.part("result") ?? new CaseInput({});
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
