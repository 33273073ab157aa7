import type { ScalingRules } from "../../src/cluster/policies.ts";
import {
  changeWithin,
  DEFAULT_RULES,
  limitByBehavior,
  limitByDoubling,
  type ScaleEvent,
  scaleDownLimit,
  scaleUpLimit,
  stabilise,
  stabiliseBothWays,
  storeScaleEvent,
} from "../../src/controllers/autoscalerBehavior.ts";
import {
  type CalculatorInput,
  type NoAnswer,
  objectReplicas,
  perContainerReplicas,
  resourceReplicas,
  valueReplicas,
  type Wanted,
} from "../../src/controllers/autoscalerCalculator.ts";
import { groupSamples, type SampledContainer } from "../../src/controllers/autoscalerSamples.ts";
import { SECOND } from "../../src/kernel/time.ts";
import { CaseInput } from "./caseInput.ts";

/** Some moment: ages are counted back from it. */
const NOW = 1_000_000 * SECOND;

type Case = (input: CaseInput) => unknown;

/** The autoscaler's functions by the name that the case files give them. */
export const AUTOSCALER_CASES: readonly (readonly [string, Case])[] = [
  ["hpaReplicaCalculator", replicaCalculator],
  ["hpaGroupPods", groupPods],
  ["hpaScaleLimit", scaleLimit],
  ["hpaConvertDesiredWithBehaviorRate", behaviorRate],
  [
    "hpaConvertDesiredWithRules",
    (input) =>
      limitByDoubling(input.number("current"), input.number("desired"), {
        min: input.number("min"),
        max: input.number("max"),
      }),
  ],
  ["hpaStabilizeRecommendation", stabilizeRecommendation],
  ["hpaStabilizeWithBehaviors", stabilizeWithBehaviors],
  ["hpaStoreScaleEvent", storeEvent],
];

function replicaCalculator(input: CaseInput): unknown {
  const metric = input.text("metric");
  const kind = (input.text("resource") ?? "cpu") === "cpu" ? "cpu" : "other";
  const tolerance = input.numberOr("tolerance") ?? 0.1;
  const perPod = input.numberOr("containersPerPod") ?? 1;
  const calculation: CalculatorInput = {
    current: input.number("currentReplicas"),
    tolerance: { up: tolerance, down: tolerance },
    containers: input.parts("pods").map((pod, place) => calculatedPod(pod, perPod, `pod-${place}`)),
    ...trustOf(input),
  };
  switch (metric) {
    case "resource":
      return resourceAnswer(calculation, kind, input);
    case "pods":
      return valueAnswer(valueReplicas(calculation, { kind: "other", target: input.number("targetMilli") }));
    case "object":
    case "external": {
      const [value, target] = [input.number("valueMilli"), input.number("targetMilli")];
      return valueAnswer(objectReplicas(calculation, { value, target }));
    }
    case "objectPerPod":
    case "externalPerPod": {
      const [value, target] = [input.number("valueMilli"), input.number("perPodTargetMilli")];
      return valueAnswer(perContainerReplicas(calculation, { value, target }));
    }
    default:
      throw new Error(`unknown metric ${JSON.stringify(metric)}`);
  }
}

function resourceAnswer(calculation: CalculatorInput, kind: "cpu" | "other", input: CaseInput): unknown {
  const targetPercent = input.numberOr("targetUtilizationPercent");
  if (targetPercent === undefined) {
    const answer = valueReplicas(calculation, { kind, target: input.number("targetMilli") });
    return typeof answer === "string" ? FAILED : { ...answer, averageValueMilli: answer.utilisation, error: false };
  }
  const answer = resourceReplicas(calculation, { kind, targetPercent });
  if (typeof answer === "string") return FAILED;
  return {
    error: false,
    replicas: answer.replicas,
    utilizationPercent: answer.utilisation,
    averageValueMilli: answer.average,
  };
}

function valueAnswer(answer: Wanted | NoAnswer): unknown {
  if (typeof answer === "string") return FAILED;
  return { replicas: answer.replicas, utilizationMilli: answer.utilisation, error: false };
}

/** No number comes out: the autoscaler leaves everything as it is. */
const FAILED = {
  error: true,
  replicas: null,
  utilizationPercent: null,
  utilizationMilli: null,
  averageValueMilli: null,
};

/** As upstream's tests make them: in the start-up period, the ready mark is too young for the sample's window. */
function calculatedPod(pod: CaseInput, perPod: number, name: string): SampledContainer {
  const age = (pod.flag("inCpuInitialization") ? 30 : 180) * SECOND;
  const usage = pod.numberOr("usageMilli");
  return {
    name: pod.text("name") ?? name,
    phase: phaseOf(pod),
    deleting: isDeleting(pod),
    startedAt: NOW - age,
    ready: pod.raw("ready") !== false,
    readyChangedAt: NOW - age,
    sample: usage === undefined ? undefined : { at: NOW, window: 60 * SECOND, used: usage * perPod },
    requested: (pod.numberOr("requestMilli") ?? 0) * perPod,
  };
}

function isDeleting(pod: CaseInput): boolean {
  return ["deleting", "deleted", "terminating", "deletionTimestamp"].some(
    (name) => pod.has(name) && pod.raw(name) !== false,
  );
}

function phaseOf(pod: CaseInput): SampledContainer["phase"] {
  const phase = pod.text("phase") ?? "Running";
  if (phase === "Pending") return "pending";
  if (phase === "Failed") return "failed";
  // What has succeeded still counts with its sample: upstream's tests use the phase for "neither of both".
  if (phase === "Running" || phase === "Succeeded") return "running";
  throw new Error(`unknown phase "${phase}"`);
}

function groupPods(input: CaseInput): unknown {
  const containers = input.parts("pods").map((pod) => groupedPod(pod));
  const metric = input.text("resource") === "cpu" ? "cpu" : "other";
  const { counted, unready, missing } = groupSamples(containers, metric, trustOf(input));
  const names = (list: readonly SampledContainer[]) => list.map(({ name }) => name);
  return { readyCount: counted.length, ignored: names(unready), missing: names(missing) };
}

function groupedPod(pod: CaseInput): SampledContainer {
  const ago = (name: string): number | undefined => {
    const seconds = pod.numberOr(name);
    return seconds === undefined ? undefined : NOW - seconds * SECOND;
  };
  const metric = pod.part("metric");
  const ready = pod.raw("ready");
  return {
    name: pod.text("name") ?? "pod",
    phase: phaseOf(pod),
    deleting: isDeleting(pod),
    startedAt: ago("startedSecondsAgo"),
    ready: typeof ready === "boolean" ? ready : undefined,
    readyChangedAt: ago("readyChangedSecondsAgo") ?? 0,
    sample:
      metric === undefined
        ? undefined
        : {
            at: metric.has("ageSeconds") ? NOW - metric.number("ageSeconds") * SECOND : 0,
            window: (metric.numberOr("windowSeconds") ?? 0) * SECOND,
            used: 1,
          },
    requested: 1,
  };
}

function trustOf(input: CaseInput) {
  return {
    now: NOW,
    cpuInitialization: (input.numberOr("cpuInitializationPeriodSeconds") ?? 120) * SECOND,
    readinessDelay: (input.numberOr("delayOfInitialReadinessSeconds") ?? 10) * SECOND,
  };
}

function scaleLimit(input: CaseInput): unknown {
  const up = input.text("direction") === "up";
  const rules = rulesOf(input, "rules", up ? "up" : "down");
  const history = {
    now: NOW,
    ups: eventsOf(input.parts(up ? "events" : "otherEvents")),
    downs: eventsOf(input.parts(up ? "otherEvents" : "events")),
  };
  const limit = up ? scaleUpLimit : scaleDownLimit;
  return { limit: limit(input.number("current"), rules, history) };
}

function behaviorRate(input: CaseInput): unknown {
  const [current, desired] = [input.number("current"), input.number("desired")];
  return limitByBehavior(
    { current, desired, min: input.number("min"), max: input.number("max") },
    { up: rulesOf(input, "scaleUp", "up"), down: rulesOf(input, "scaleDown", "down") },
    { now: NOW, ups: eventsOf(input.parts("scaleUpEvents")), downs: eventsOf(input.parts("scaleDownEvents")) },
  );
}

function stabilizeRecommendation(input: CaseInput): unknown {
  const window = input.number("windowSeconds") * SECOND;
  const result = stabilise(historyOf(input), input.number("desired"), { now: NOW, window });
  return { replicas: result.replicas, historyLength: result.history.length };
}

function stabilizeWithBehaviors(input: CaseInput): unknown {
  const result = stabiliseBothWays(
    historyOf(input),
    { current: input.number("current"), desired: input.number("desired") },
    {
      now: NOW,
      upWindow: input.number("scaleUpWindowSeconds") * SECOND,
      downWindow: input.number("scaleDownWindowSeconds") * SECOND,
    },
  );
  return { replicas: result.replicas, historyReplicas: result.history.map(({ replicas }) => replicas) };
}

/** Both ways alike. */
function storeEvent(input: CaseInput): unknown {
  input.leaves("direction");
  const previous = eventsOf(input.parts("previous"));
  const rules = input.has("rules") ? rulesOf(input, "rules", "up") : undefined;
  const events = storeScaleEvent(previous, { change: input.number("change"), now: NOW }, rules);
  const period = (input.numberOr("changePeriodSeconds") ?? 60) * SECOND;
  return {
    changeWithinPeriod: rules === undefined ? 0 : changeWithin(previous, period, NOW),
    events: events.map(({ change, outdated }) => ({ change, outdated })),
  };
}

function historyOf(input: CaseInput) {
  return input
    .parts("history")
    .map((one) => ({ replicas: one.number("replicas"), at: NOW - one.number("ageSeconds") * SECOND }));
}

function eventsOf(events: readonly CaseInput[]): ScaleEvent[] {
  return events.map((event) => ({
    change: event.number("change"),
    at: NOW - event.number("ageSeconds") * SECOND,
    outdated: event.flag("outdated"),
  }));
}

/** What the rules leave out is as where there are none (Kubernetes, autoscaling/v2, defaults.go). */
function rulesOf(input: CaseInput, name: string, direction: "up" | "down"): ScalingRules {
  const usual = DEFAULT_RULES[direction];
  if (input.raw(name) === "default" || !input.has(name)) return usual;
  const rules = input.part(name) ?? new CaseInput({});
  const select = rules.text("selectPolicy") ?? "Max";
  if (select !== "Max" && select !== "Min" && select !== "Disabled") throw new Error(`unknown policy choice ${select}`);
  const window = rules.numberOr("stabilizationWindowSeconds");
  const policies = rules.parts("policies").map((policy) => ({
    type: policyType(policy.text("type")),
    value: policy.number("value"),
    period: policy.number("periodSeconds") * SECOND,
  }));
  return {
    select,
    window: window === undefined ? usual.window : window * SECOND,
    policies: rules.has("policies") ? policies : usual.policies,
  };
}

function policyType(given: string | undefined): "Pods" | "Percent" {
  if (given === "Pods" || given === "Percent") return given;
  throw new Error(`unknown policy type ${JSON.stringify(given)}`);
}
