/**
 * What the API server and Argo's controller refuse in how a workload is updated, beyond types and ranges.
 *
 * Source: Kubernetes, pkg/apis/apps/validation/validation.go; Argo Rollouts, pkg/apis/rollouts/validation/validation.go.
 */

import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { refusal } from "../fields/refusal.ts";
import type { Path } from "../scenario/path.ts";
import { isMap, mapAt } from "./jsonMap.ts";
import type { ManifestObject, ManifestReport } from "./manifestObject.ts";
import type { Workload } from "./workload.ts";

/** Something that is refused, and where below the object. */
type Finding = readonly [Path, string];

/** Tells of everything that would be refused in a workload's own spec. */
export function checkUpdateRules({ object, kind, template }: Workload, report: ManifestReport): void {
  const spec = mapAt(object.value, "spec");
  const findings = [...patienceFindings(object.kind, spec), ...strategyFindings(object, spec)];
  for (const [path, text] of findings) report.problem(object, ["spec", ...path], text);
  const { restartPolicy = "Always" } = template.spec;
  if (kind === "Pod" || restartPolicy === "Always") return;
  const text = refusal(restartPolicy, "Always: only a Pod of its own may have another");
  report.problem(template.object, [...template.path, "spec", "restartPolicy"], text);
}

function strategyFindings(object: ManifestObject, spec: JsonMap): Finding[] {
  switch (object.kind) {
    case "Deployment":
      return deploymentFindings(mapAt(spec, "strategy"));
    case "DaemonSet":
      return daemonFindings(mapAt(spec, "updateStrategy"));
    case "Rollout":
      return rolloutFindings(spec);
    default:
      return [];
  }
}

/** Only Deployments and Rollouts have a deadline. */
function patienceFindings(kind: string, { minReadySeconds = 0, progressDeadlineSeconds = 600 }: JsonMap): Finding[] {
  if (kind !== "Deployment" && kind !== "Rollout") return [];
  if (typeof minReadySeconds !== "number" || typeof progressDeadlineSeconds !== "number") return [];
  if (progressDeadlineSeconds > minReadySeconds) return [];
  const text = refusal(progressDeadlineSeconds, `more than the minReadySeconds of ${minReadySeconds}`);
  return [[["progressDeadlineSeconds"], text]];
}

function isNone(value: JsonValue | undefined): boolean {
  return value === 0 || value === "0" || value === "0%";
}

const BOTH_NONE = "found 0 beside a maxSurge of 0, expected one of them above 0: nothing could ever be replaced";

function deploymentFindings(strategy: JsonMap): Finding[] {
  const at = ["strategy", "rollingUpdate"];
  if (strategy.type === "Recreate") {
    const text = "found it beside the type Recreate, expected it with RollingUpdate only";
    return strategy.rollingUpdate === undefined ? [] : [[at, text]];
  }
  const { maxSurge, maxUnavailable } = mapAt(strategy, "rollingUpdate");
  return isNone(maxSurge) && isNone(maxUnavailable) ? [[[...at, "maxUnavailable"], BOTH_NONE]] : [];
}

function daemonFindings(strategy: JsonMap): Finding[] {
  if (strategy.type === "OnDelete") return [];
  const at = ["updateStrategy", "rollingUpdate"];
  const { maxSurge = 0, maxUnavailable = 1 } = mapAt(strategy, "rollingUpdate");
  if (isNone(maxSurge) && isNone(maxUnavailable)) return [[[...at, "maxUnavailable"], BOTH_NONE]];
  if (isNone(maxSurge) || isNone(maxUnavailable)) return [];
  const text = refusal(maxSurge, `0, or a maxUnavailable of 0 beside it (it is ${String(maxUnavailable)})`);
  return [[[...at, "maxSurge"], text]];
}

function rolloutFindings(spec: JsonMap): Finding[] {
  const findings: Finding[] = [];
  const strategy = mapAt(spec, "strategy");
  const { blueGreen, canary } = strategy;
  if (spec.template !== undefined && spec.workloadRef !== undefined) {
    findings.push([["workloadRef"], "found it beside a template, expected only one of them"]);
  }
  if (isMap(blueGreen) && isMap(canary)) {
    findings.push([["strategy", "canary"], "found it beside blueGreen, expected only one of them"]);
  }
  if (
    isMap(blueGreen) &&
    blueGreen.activeService !== undefined &&
    blueGreen.activeService === blueGreen.previewService
  ) {
    const text = refusal(blueGreen.previewService, "another Service than the activeService");
    findings.push([["strategy", "blueGreen", "previewService"], text]);
  }
  if (isMap(canary)) {
    findings.push(...canaryFindings(canary).map(([path, text]): Finding => [["strategy", "canary", ...path], text]));
  }
  return findings;
}

function canaryFindings(canary: JsonMap): Finding[] {
  const findings: Finding[] = [];
  const { stableService, canaryService, trafficRouting, maxSurge, maxUnavailable } = canary;
  if (stableService !== undefined && stableService === canaryService) {
    findings.push([["canaryService"], refusal(canaryService, "another Service than the stableService")]);
  }
  if (needsServices(canary)) {
    const missing = ["stableService", "canaryService"].filter((key) => canary[key] === undefined);
    const text = `found no ${missing.join(" and no ")}, expected both beside a router: it splits the requests between them`;
    if (missing.length > 0) findings.push([["trafficRouting"], text]);
  }
  if (isNone(maxSurge) && isNone(maxUnavailable)) findings.push([["maxUnavailable"], BOTH_NONE]);
  const steps = Array.isArray(canary.steps) ? canary.steps : [];
  const router = isMap(trafficRouting) ? trafficRouting : undefined;
  steps.forEach((step: JsonValue, i) => {
    if (isMap(step)) findings.push(...stepFindings(step, ["steps", i], router));
  });
  if (router?.maxTrafficWeight !== undefined && router.nginx === undefined && isNothing(router.plugins)) {
    const text = refusal(router.maxTrafficWeight, "it beside the routers nginx and plugins only");
    findings.push([["trafficRouting", "maxTrafficWeight"], text]);
  }
  return findings;
}

/** Routers that tell the releases apart by their Services alone (requireCanaryStableServices). */
function needsServices({ trafficRouting, pingPong }: JsonMap): boolean {
  if (!isMap(trafficRouting)) return false;
  const { alb, istio } = trafficRouting;
  if (alb !== undefined && pingPong === undefined) return true;
  if (isMap(istio) && istio.destinationRule === undefined) return true;
  return ["smi", "apisix", "ambassador", "nginx", "appMesh", "traefik"].some(
    (key) => trafficRouting[key] !== undefined,
  );
}

const STEPS = [
  ...["setWeight", "pause", "experiment", "analysis", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"],
];

/** Those that never stand in one step; what is about the router may stand beside them (hasMultipleStepsType). */
const ALONE = ["setWeight", "pause", "experiment", "analysis"];

const ROUTED = ["setCanaryScale", "setHeaderRoute", "setMirrorRoute"];

function stepFindings(step: JsonMap, path: Path, router: JsonMap | undefined): Finding[] {
  const kinds = STEPS.filter((key) => step[key] !== undefined);
  if (kinds.length === 0) return [[path, `found nothing to do, expected one of ${STEPS.join(", ")}`]];
  const findings: Finding[] = [];
  const alone = kinds.filter((kind) => ALONE.includes(kind));
  if (alone.length > 1) findings.push([path, `found ${alone.join(" and ")}, expected only one of ${ALONE.join(", ")}`]);
  const { setWeight } = step;
  const { maxTrafficWeight = 100 } = router ?? {};
  if (typeof setWeight === "number" && typeof maxTrafficWeight === "number" && setWeight > maxTrafficWeight) {
    findings.push([[...path, "setWeight"], refusal(setWeight, `a whole number from 0 to ${maxTrafficWeight}`)]);
  }
  if (router !== undefined) return findings;
  const text = "found it without a router, expected trafficRouting beside the steps";
  const routed = kinds.filter((kind) => ROUTED.includes(kind));
  return [...findings, ...routed.map((kind): Finding => [[...path, kind], text])];
}

function isNothing(value: JsonValue | undefined): boolean {
  return value === undefined || (isMap(value) && Object.keys(value).length === 0);
}
