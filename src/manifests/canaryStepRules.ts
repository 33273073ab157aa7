/** What Argo's controller refuses in one step of a canary. Source: Argo Rollouts, pkg/apis/rollouts/validation/validation.go. */
import type { JsonMap, JsonValue } from "../cluster/podTemplate.ts";
import { refusal } from "../fields/refusal.ts";
import { below, type Finding, isBlank, isGiven, mapsOf } from "./findings.ts";
import { isMap } from "./readManifests.ts";
import { mapAt } from "./workload.ts";

const STEPS = [
  ...["setWeight", "pause", "experiment", "analysis", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"],
];

/** Those that never stand in one step; what is about the router may stand beside them (hasMultipleStepsType). */
const ALONE = ["setWeight", "pause", "experiment", "analysis"];

/** Everything that would be refused, told from the step. */
export function stepFindings(step: JsonMap, router: JsonMap | undefined): Finding[] {
  const kinds = STEPS.filter((key) => step[key] !== undefined);
  if (kinds.length === 0) return [[[], `found nothing to do, expected one of ${STEPS.join(", ")}`]];
  const findings: Finding[] = [];
  const alone = kinds.filter((kind) => ALONE.includes(kind));
  if (alone.length > 1) findings.push([[], `found ${alone.join(" and ")}, expected only one of ${ALONE.join(", ")}`]);
  const { setWeight } = step;
  const { maxTrafficWeight = 100 } = router ?? {};
  if (typeof setWeight === "number" && typeof maxTrafficWeight === "number" && setWeight > maxTrafficWeight) {
    findings.push([["setWeight"], refusal(setWeight, `a whole number from 0 to ${maxTrafficWeight}`)]);
  }
  if (kinds.includes("setCanaryScale") && router === undefined) {
    findings.push([["setCanaryScale"], "found it without a router, expected trafficRouting beside the steps"]);
  }
  for (const kind of ["setHeaderRoute", "setMirrorRoute"]) {
    const { [kind]: route } = step;
    if (isMap(route)) findings.push(...routeFindings(kind, route, router).map(below([kind])));
  }
  if (isMap(step.experiment)) findings.push(...experimentFindings(step.experiment, router).map(below(["experiment"])));
  if (isMap(step.analysis)) findings.push(...argumentFindings(step.analysis).map(below(["analysis"])));
  return findings;
}

/** The routers that can send requests by their headers, or twice. */
const ROUTERS: Readonly<Record<string, readonly string[]>> = {
  setHeaderRoute: ["istio", "alb", "apisix", "plugins"],
  setMirrorRoute: ["istio"],
};

function routeFindings(kind: string, route: JsonMap, router: JsonMap | undefined): Finding[] {
  const able = ROUTERS[kind] ?? [];
  const findings: Finding[] = [];
  if (!able.some((key) => isGiven(router?.[key]))) {
    const found = router === undefined ? "found it without a router" : "found it beside another router";
    findings.push([[], `${found}, expected trafficRouting of ${able.join(", ")} beside the steps`]);
  } else if (kind === "setHeaderRoute") {
    findings.push(...headerFindings(route, isGiven(router?.alb)));
  }
  if (kind === "setMirrorRoute") findings.push(...mirrorFindings(route));
  if (router === undefined) return findings;
  const managed = mapsOf(router.managedRoutes).map(({ map }) => map.name);
  if (managed.includes(route.name ?? "")) return findings;
  const text = refusal(route.name, "the name of one of trafficRouting.managedRoutes");
  return [...findings, [["name"], `${text}${managed.length === 0 ? ", and there is none" : ""}`]];
}

function headerFindings(route: JsonMap, isExactOnly: boolean): Finding[] {
  return mapsOf(route.match).flatMap(({ place, map: { headerValue } }): Finding[] => {
    const path = ["match", place, "headerValue"];
    if (!isExactOnly) return matchFindings(headerValue).map(below(path));
    const given = isMap(headerValue) ? headerValue : {};
    if (!isBlank(given.exact) && isBlank(given.regex) && isBlank(given.prefix)) return [];
    return [[path, "found another match, expected exact alone: the router alb knows no other"]];
  });
}

/** Argo looks at method and path, and never at the headers. */
function mirrorFindings(route: JsonMap): Finding[] {
  return mapsOf(route.match).flatMap(({ place, map }) =>
    ["method", "path"]
      .filter((key) => isGiven(map[key]))
      .flatMap((key) => matchFindings(map[key]).map(below(["match", place, key]))),
  );
}

const MATCHES = ["exact", "regex", "prefix"];

function matchFindings(match: JsonValue | undefined): Finding[] {
  const given = MATCHES.filter((key) => isMap(match) && !isBlank(match[key]));
  if (given.length === 1) return [];
  const found = given.length === 0 ? "nothing" : given.join(" and ");
  return [[[], `found ${found}, expected exactly one of ${MATCHES.join(", ")}`]];
}

/** Routers that can give a third set of pods a share. */
const SHARING = ["alb", "smi", "istio", "plugins"];

function experimentFindings(experiment: JsonMap, router: JsonMap | undefined): Finding[] {
  const shared = SHARING.some((key) => isGiven(router?.[key]));
  const weights = mapsOf(experiment.templates).flatMap(({ place, map: { weight } }): Finding[] => {
    const text = refusal(weight, `no weight but with trafficRouting of ${SHARING.join(", ")}`);
    return shared || !isGiven(weight) ? [] : [[["templates", place, "weight"], text]];
  });
  const analyses = mapsOf(experiment.analyses).flatMap(({ place, map }) =>
    argumentFindings(map).map(below(["analyses", place])),
  );
  return [...weights, ...analyses];
}

/** Of an object's metadata, what the downward API can tell (Kubernetes, pkg/fieldpath, ExtractFieldPathAsString). */
const TOLD = /^metadata\.(?:name|namespace|uid|(?:labels|annotations)(?:\['[^']+'\])?)$/;

function argumentFindings(analysis: JsonMap): Finding[] {
  return mapsOf(analysis.args).flatMap(({ place, map }): Finding[] => {
    const { fieldPath } = mapAt(mapAt(map, "valueFrom"), "fieldRef");
    if (typeof fieldPath !== "string" || !fieldPath.startsWith("metadata") || TOLD.test(fieldPath)) return [];
    const expected = "metadata.name, .namespace, .uid, .labels or .annotations, or one of those by its key";
    return [[["args", place, "valueFrom", "fieldRef", "fieldPath"], refusal(fieldPath, expected)]];
  });
}
