/**
 * What Argo's controller refuses in a Rollout, beyond types and ranges.
 *
 * Source: Argo Rollouts, pkg/apis/rollouts/validation/validation.go. Where its versions differ, what any of them takes is taken.
 */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { refusal } from "../fields/refusal.ts";
import { stepFindings } from "./canaryStepRules.ts";
import { BOTH_NONE, below, type Finding, isBlank, isGiven, isNone, mapsOf } from "./findings.ts";
import { isMap, mapAt } from "./jsonMap.ts";

/** Everything that would be refused, told from the Rollout's spec. */
export function rolloutFindings(spec: JsonMap): Finding[] {
  const findings: Finding[] = selectorFindings(spec);
  const { blueGreen, canary } = mapAt(spec, "strategy");
  if (spec.template !== undefined && spec.workloadRef !== undefined) {
    findings.push([["workloadRef"], "found it beside a template, expected only one of them"]);
  }
  if (isMap(blueGreen) && isMap(canary)) {
    findings.push([["strategy", "canary"], "found it beside blueGreen, expected only one of them"]);
  }
  if (isMap(blueGreen)) findings.push(...blueGreenFindings(blueGreen, spec).map(below(["strategy", "blueGreen"])));
  if (isMap(canary)) findings.push(...canaryFindings(canary).map(below(["strategy", "canary"])));
  return findings;
}

/** A template that is lent comes with its selector. */
function selectorFindings({ selector, workloadRef }: JsonMap): Finding[] {
  if (isGiven(workloadRef)) return [];
  const wanted = "labels of its own pods, such as { matchLabels: { app: web } }";
  if (!isMap(selector)) return [[["selector"], refusal(selector, wanted)]];
  const { matchExpressions } = selector;
  const isEmpty = Object.keys(mapAt(selector, "matchLabels")).length === 0 && mapsOf(matchExpressions).length === 0;
  return isEmpty ? [[["selector"], `found an empty one, expected ${wanted}`]] : [];
}

/** Old ReplicaSets that are remembered, unless told (Argo Rollouts, defaults.go, DefaultRevisionHistoryLimit). */
const REMEMBERED = 10;

function blueGreenFindings(blueGreen: JsonMap, { revisionHistoryLimit = REMEMBERED }: JsonMap): Finding[] {
  const findings = antiAffinityFindings(blueGreen.antiAffinity);
  const { activeService, previewService, scaleDownDelayRevisionLimit: limit } = blueGreen;
  if (activeService !== undefined && activeService === previewService) {
    findings.push([["previewService"], refusal(previewService, "another Service than the activeService")]);
  }
  if (typeof limit === "number" && typeof revisionHistoryLimit === "number" && limit > revisionHistoryLimit) {
    const text = refusal(limit, `at most the revisionHistoryLimit of ${revisionHistoryLimit}: no more are remembered`);
    findings.push([["scaleDownDelayRevisionLimit"], text]);
  }
  return findings;
}

const [PREFERRED, REQUIRED] = [
  "preferredDuringSchedulingIgnoredDuringExecution",
  "requiredDuringSchedulingIgnoredDuringExecution",
] as const;

function antiAffinityFindings(antiAffinity: JsonValue | undefined): Finding[] {
  if (!isMap(antiAffinity)) return [];
  const findings: Finding[] = [];
  const { [PREFERRED]: preferred, [REQUIRED]: required } = antiAffinity;
  if (isGiven(preferred) === isGiven(required)) {
    const found = isGiven(preferred) ? "both" : "neither";
    findings.push([["antiAffinity"], `found ${found}, expected exactly one of ${PREFERRED} and ${REQUIRED}`]);
  }
  if (isMap(preferred)) {
    const { weight } = preferred;
    const isFit = typeof weight === "number" && weight >= 1 && weight <= 100;
    if (!isFit) findings.push([["antiAffinity", PREFERRED, "weight"], refusal(weight, "a whole number from 1 to 100")]);
  }
  return findings;
}

function canaryFindings(canary: JsonMap): Finding[] {
  const { stableService, canaryService, trafficRouting, maxSurge, maxUnavailable } = canary;
  const router = isMap(trafficRouting) ? trafficRouting : undefined;
  const findings = [
    ...antiAffinityFindings(canary.antiAffinity),
    ...["maxSurge", "maxUnavailable"].flatMap((key) => amountFindings(canary, key)),
    ...pingPongFindings(canary.pingPong, router),
    ...delayFindings(canary, router),
    ...ingressFindings(router).map(below(["trafficRouting"])),
  ];
  if (!isBlank(stableService) && stableService === canaryService) {
    findings.push([["canaryService"], refusal(canaryService, "another Service than the stableService")]);
  }
  if (needsServices(canary)) {
    const missing = ["stableService", "canaryService"].filter((key) => isBlank(canary[key]));
    const text = `found no ${missing.join(" and no ")}, expected both beside a router: it splits the requests between them`;
    if (missing.length > 0) findings.push([["trafficRouting"], text]);
  }
  if (isNone(maxSurge) && isNone(maxUnavailable)) findings.push([["maxUnavailable"], BOTH_NONE]);
  for (const { place, map } of mapsOf(canary.steps)) {
    findings.push(...stepFindings(map, router).map(below(["steps", place])));
  }
  if (isGiven(router?.maxTrafficWeight) && router?.nginx === undefined && isNothing(router?.plugins)) {
    const text = refusal(router?.maxTrafficWeight, "it beside the routers nginx and plugins only");
    findings.push([["trafficRouting", "maxTrafficWeight"], text]);
  }
  return findings;
}

/**
 * Argo takes any text and then reads whole numbers only, with or without a per cent sign: of another text nothing comes, and the rollout
 * never moves (replicaset.go, resolveFenceposts). More than 100 % is taken.
 */
function amountFindings(canary: JsonMap, key: string): Finding[] {
  const value = canary[key];
  if (typeof value !== "string" || /^\d+%?$/.test(value)) return [];
  return [[[key], refusal(value, "a whole number, or a whole percentage such as 25%")]];
}

/** How long the old release stays, or how it shrinks, is the router's to know. */
function delayFindings(canary: JsonMap, router: JsonMap | undefined): Finding[] {
  const { scaleDownDelaySeconds: delay, dynamicStableScale } = canary;
  if (router === undefined) {
    const text = "found it without a router, expected trafficRouting beside it";
    const given = ["scaleDownDelaySeconds", "dynamicStableScale"].filter((key) => isGiven(canary[key]));
    return given.filter((key) => canary[key] !== false).map((key) => [[key], text]);
  }
  if (!isGiven(delay) || dynamicStableScale !== true) return [];
  const text =
    "found it beside scaleDownDelaySeconds, expected only one of them: the old release goes with its traffic";
  return [[["dynamicStableScale"], text]];
}

const INGRESSES = [
  { router: "nginx", one: "stableIngress", many: "stableIngresses" },
  { router: "alb", one: "ingress", many: "ingresses" },
];

/** One Ingress or a list of them (validation_references.go, ValidateRolloutNginxIngressesConfig and the same of ALB). */
function ingressFindings(trafficRouting: JsonMap | undefined): Finding[] {
  return INGRESSES.flatMap(({ router, one, many }): Finding[] => {
    const given = trafficRouting?.[router];
    if (!isMap(given)) return [];
    const list = given[many];
    const [hasOne, hasList] = [!isBlank(given[one]), isGiven(list)];
    const isBoth = hasOne && Array.isArray(list) && list.length > 0;
    if (!isBoth && (hasOne || hasList)) return [];
    return [[[router], `found ${isBoth ? "both" : "neither"}, expected exactly one of ${one} and ${many}`]];
  });
}

/** Two Services that take turns: whichever release is stable keeps the one that it has. */
function pingPongFindings(pingPong: JsonValue | undefined, router: JsonMap | undefined): Finding[] {
  if (!isMap(pingPong)) return [];
  const findings: Finding[] = [];
  const { pingService, pongService } = pingPong;
  if (router !== undefined && !isGiven(router.alb) && !isGiven(router.istio)) {
    findings.push([["pingPong"], "found it without the router alb, expected trafficRouting.alb (or istio) beside it"]);
  }
  for (const key of ["pingService", "pongService"]) {
    if (isBlank(pingPong[key])) findings.push([["pingPong", key], refusal(pingPong[key], "the name of a Service")]);
  }
  if (!isBlank(pingService) && pingService === pongService) {
    findings.push([["pingPong", "pongService"], refusal(pongService, "another Service than the pingService")]);
  }
  if (isMap(router?.alb) && isBlank(router.alb.rootService)) {
    const text = refusal(router.alb.rootService, "the name of a Service beside pingPong");
    findings.push([["trafficRouting", "alb", "rootService"], text]);
  }
  return findings;
}

/** Routers that tell the releases apart by their Services alone (requireCanaryStableServices). */
function needsServices({ trafficRouting, pingPong }: JsonMap): boolean {
  if (!isMap(trafficRouting)) return false;
  const { alb, istio } = trafficRouting;
  if (alb !== undefined && pingPong === undefined) return true;
  if (isMap(istio) && istio.destinationRule === undefined && pingPong === undefined) return true;
  return ["smi", "apisix", "ambassador", "nginx", "appMesh", "traefik"].some(
    (key) => trafficRouting[key] !== undefined,
  );
}

function isNothing(value: JsonValue | undefined): boolean {
  return !isGiven(value) || (isMap(value) && Object.keys(value).length === 0);
}
