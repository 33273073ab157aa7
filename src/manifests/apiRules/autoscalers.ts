/** HorizontalPodAutoscalers. Source: Kubernetes, pkg/apis/autoscaling/validation/validation.go (v1.34). */
import type { JsonMap } from "../../cluster/podTemplate.ts";
import { eachOf, type Finding, found, needed, oneOf, ranged, within } from "./finding.ts";
import { SOME_TEXT } from "./handlers.ts";
import { DNS_LABEL, PATH_SEGMENT } from "./names.ts";

const MOST_WINDOW_SECONDS = 3600;
const MOST_PERIOD_SECONDS = 1800;

const SOURCES: ReadonlyMap<string, string> = new Map([
  ["Resource", "resource"],
  ["ContainerResource", "containerResource"],
  ["Pods", "pods"],
  ["Object", "object"],
  ["External", "external"],
]);

/** The spec of an autoscaler. */
export function autoscalerFindings(spec: JsonMap): Finding[] {
  const { minReplicas = 1, maxReplicas } = spec;
  const isAbove = typeof minReplicas === "number" && typeof maxReplicas === "number" && maxReplicas < minReplicas;
  return [
    ...(isAbove ? [found(["maxReplicas"], maxReplicas, `at least the minReplicas of ${String(minReplicas)}`)] : []),
    ...within(spec, "scaleTargetRef", reference),
    ...eachOf(spec, "metrics", metricFindings),
    ...within(spec, "behavior", (behavior) => [
      ...within(behavior, "scaleUp", rulesFindings),
      ...within(behavior, "scaleDown", rulesFindings),
    ]),
  ];
}

function reference(target: JsonMap): Finding[] {
  return [...needed(target, "kind", PATH_SEGMENT), ...needed(target, "name", PATH_SEGMENT)];
}

function metricFindings(metric: JsonMap): Finding[] {
  const { type } = metric;
  const key = typeof type === "string" ? SOURCES.get(type) : undefined;
  if (key === undefined) return [found(["type"], type, `one of ${[...SOURCES.keys()].join(", ")}`)];
  const others = [...SOURCES.values()].filter((other) => other !== key && metric[other] !== undefined);
  const findings = others.map((other) => found([other], metric[other], `only ${key}, as the type says`));
  if (metric[key] === undefined) findings.push(found([key], undefined, "the metric that the type names"));
  return [...findings, ...within(metric, key, (source) => sourceFindings(key, source))];
}

function sourceFindings(kind: string, source: JsonMap): Finding[] {
  const isUse = kind === "resource" || kind === "containerResource";
  return [
    ...(isUse ? needed(source, "name", SOME_TEXT) : metricName(source)),
    ...(kind === "containerResource" ? needed(source, "container", DNS_LABEL) : []),
    ...(kind === "object" ? within(source, "describedObject", reference) : []),
    ...within(source, "target", (target) => targetFindings(kind, target)),
  ];
}

function metricName(source: JsonMap): Finding[] {
  return within(source, "metric", (metric) => needed(metric, "name", PATH_SEGMENT));
}

function targetFindings(kind: string, target: JsonMap): Finding[] {
  const { averageUtilization, averageValue, value } = target;
  const findings = [
    ...needed(target, "type", { fits: () => true, expected: "one of Utilization, Value, AverageValue" }),
    ...oneOf(target, "type", ["Utilization", "Value", "AverageValue"]),
  ];
  if (kind === "pods" && averageValue === undefined)
    findings.push(found(["averageValue"], undefined, "a quantity above 0"));
  if (kind === "object" && value === undefined && averageValue === undefined) {
    findings.push([[], "found neither value nor averageValue, expected one of them"]);
  }
  if (kind === "external" && (value === undefined) === (averageValue === undefined)) {
    findings.push([[], "found both or neither of value and averageValue, expected one of them"]);
  }
  const isUse = kind === "resource" || kind === "containerResource";
  if (isUse && (averageUtilization === undefined) === (averageValue === undefined)) {
    findings.push([[], "found both or neither of averageUtilization and averageValue, expected one of them"]);
  }
  return findings;
}

function rulesFindings(rules: JsonMap): Finding[] {
  const { policies } = rules;
  const isEmpty = Array.isArray(policies) && policies.length === 0;
  return [
    ...ranged(rules, "stabilizationWindowSeconds", { from: 0, to: MOST_WINDOW_SECONDS }),
    ...(isEmpty ? [found(["policies"], policies, "at least one policy, or no list at all")] : []),
    ...eachOf(rules, "policies", (policy) => ranged(policy, "periodSeconds", { from: 1, to: MOST_PERIOD_SECONDS })),
  ];
}
