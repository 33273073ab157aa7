/** The autoscaler of a workload, as a scenario writes it. */
import type { z } from "zod";
import type { JsonMap } from "../cluster/podTemplate.ts";
import type { Path } from "../scenario/path.ts";
import type { SourceTree } from "../scenario/sourceTree.ts";
import { parseQuantity } from "../scheduling/kubernetes/quantity.ts";
import { given } from "./argoValues.ts";
import { autoscalerObjectSchema } from "./clusterSchemas.ts";
import { branch, leaf } from "./growTree.ts";
import { type ManifestObject, type ManifestReport, placeOf } from "./manifestObject.ts";
import type { ManifestSet } from "./manifestSet.ts";
import { selectedBy, serviceSelector, targetOf } from "./references.ts";
import type { Workload } from "./workload.ts";

type Spec = z.output<typeof autoscalerObjectSchema>["spec"];
type Metric = NonNullable<Spec["metrics"]>[number];
type Target = NonNullable<Metric["pods"]>["target"];
type Rules = NonNullable<NonNullable<Spec["behavior"]>["scaleUp"]>;

/** What a workload's autoscaler is read with. */
interface Context {
  readonly scaler: ManifestObject;
  readonly workload: Workload;
  readonly set: ManifestSet;
  readonly report: ManifestReport;
}

/** The autoscaler whose target the workload is; of two, none. */
export function autoscalerOf(workload: Workload, set: ManifestSet, report: ManifestReport): SourceTree | undefined {
  const [scaler, second] = set.autoscalers.filter((object) => targetOf(object, [workload]) !== undefined);
  if (scaler === undefined) return undefined;
  if (second !== undefined) {
    // Kubernetes, horizontal.go: the condition AmbiguousSelector.
    const text = `scales ${workload.service}, as ${scaler.name} does: Kubernetes then lets neither of them act`;
    report.warn(second, ["spec", "scaleTargetRef"], text);
    return undefined;
  }
  const { spec } = autoscalerObjectSchema.parse(scaler.value);
  const metrics = metricsOf(spec, { scaler, workload, set, report });
  if (metrics === undefined) return undefined;
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  const place = placeOf(scaler, ["spec"]);
  return branch(place, {
    min: leaf(place, spec.minReplicas ?? 1),
    max: leaf(place, spec.maxReplicas),
    ...metrics,
    behavior:
      spec.behavior === undefined
        ? undefined
        : leaf(place, { ...rulesOf("up", scaleUp), ...rulesOf("down", scaleDown) }),
  });
}

/** The keys of a scenario that say what is measured; undefined, with a warning, where nothing of it is simulated. */
function metricsOf(
  { metrics, targetCPUUtilizationPercentage }: Spec,
  context: Context,
): Readonly<Record<string, SourceTree>> | undefined {
  const { scaler, report } = context;
  // Kubernetes' own where there are no metrics at all: pkg/apis/autoscaling/v2/defaults.go.
  if (targetCPUUtilizationPercentage !== undefined || metrics === undefined || metrics.length === 0) {
    return { cpu: leaf(placeOf(scaler, ["spec"]), `${targetCPUUtilizationPercentage ?? 80}%`) };
  }
  const items = metrics.flatMap((metric, i) => {
    const path = ["spec", "metrics", i];
    const tree = metricOf(metric, path, context);
    return tree === undefined ? [] : [leaf(placeOf(scaler, path), tree)];
  });
  if (items.length === 0) {
    report.warn(scaler, ["spec", "metrics"], "has no effect: nothing of it is simulated, so nothing is scaled");
    return undefined;
  }
  return { metrics: { kind: "list", place: placeOf(scaler, ["spec", "metrics"]), items } };
}

/** One metric; undefined, with a warning, where it does not act. The API server's rules have seen to what must be there. */
function metricOf(metric: Metric, path: Path, context: Context): JsonMap | undefined {
  const { type, resource, containerResource, pods, object, external } = metric;
  if (type === "Resource" && resource !== undefined) return useOf(resource, undefined, [...path, "resource"], context);
  if (type === "ContainerResource" && containerResource !== undefined) {
    const { container } = containerResource;
    return useOf(containerResource, container, [...path, "containerResource"], context);
  }
  if (type === "Pods" && pods !== undefined) {
    const average = needed(pods.target, "averageValue", [...path, "pods"], context);
    return average && { pods: pods.metric.name, ...average, ...labelsOf(pods) };
  }
  if (type === "Object" && object !== undefined) {
    const { kind, name } = object.describedObject;
    const key = object.target.type === "Value" ? "value" : "averageValue";
    const target = needed(object.target, key, [...path, "object"], context);
    const from = kind === "Service" ? otherServiceOf(name, context) : undefined;
    const head = { object: `${kind}/${name}`, metric: object.metric.name };
    return target && { ...head, ...target, ...labelsOf(object), ...given({ from }) };
  }
  if (type === "External" && external !== undefined) {
    const key = external.target.averageValue === undefined ? "value" : "averageValue";
    const target = needed(external.target, key, [...path, "external"], context);
    return target && { external: external.metric.name, ...target, ...labelsOf(external) };
  }
  return undefined;
}

/** Use of cpu or memory, of a whole pod or of one container. */
function useOf(
  { name, target }: { readonly name: string; readonly target: Target },
  container: string | undefined,
  path: Path,
  { scaler, workload, report }: Context,
): JsonMap | undefined {
  if (name !== "cpu" && name !== "memory") {
    report.warn(scaler, [...path, "name"], `is not simulated: of ${name} no use is measured, only of cpu and memory`);
    return undefined;
  }
  const names = workload.template.spec.containers.map((one) => one.name);
  if (container !== undefined && names.indexOf(container) > 0) {
    const text = "is not simulated: only the container that answers the requests does anything, and so uses anything";
    report.warn(scaler, [...path, "container"], text);
    return undefined;
  }
  if (container !== undefined && !names.includes(container)) {
    report.warn(
      scaler,
      [...path, "container"],
      `names no container of ${workload.service}: the metric is always missing`,
    );
  }
  const { averageUtilization, averageValue } = target;
  const inWords = name === "cpu" ? `${averageValue}m` : `${Math.ceil((averageValue ?? 0) / 1000)}B`;
  return { [name]: averageUtilization === undefined ? inWords : `${averageUtilization}%`, ...given({ container }) };
}

/** The target of one kind. Source: Kubernetes, horizontal.go: an Object's by its type, an External's by what is there. */
function needed(
  target: Target,
  key: "averageValue" | "value",
  path: Path,
  { scaler, report }: Context,
): JsonMap | undefined {
  const milli = target[key];
  if (milli !== undefined) return { [key === "value" ? "value" : "average"]: `${milli}m` };
  report.warn(scaler, [...path, "target"], `has no effect: its type asks for ${key}, which is not there`);
  return undefined;
}

function labelsOf({
  metric,
}: {
  readonly metric: { readonly selector?: { matchLabels?: JsonMap | undefined } | undefined };
}) {
  return given({ labels: metric.selector?.matchLabels });
}

/** The load of another workload, if the Service sends its requests there. */
function otherServiceOf(name: string, { scaler, workload, set }: Context): JsonMap | undefined {
  const service = set.services.find((object) => object.name === name && object.namespace === scaler.namespace);
  if (service === undefined) return undefined;
  const served = selectedBy(serviceSelector(service), service, set.workloads);
  const [first] = served;
  return first === undefined || served.includes(workload) ? undefined : { service: first.service };
}

function rulesOf(way: "up" | "down", rules: Rules | undefined): JsonMap {
  if (rules === undefined) return {};
  const window = rules.stabilizationWindowSeconds;
  const tolerance = rules.tolerance === undefined ? undefined : parseQuantity(rules.tolerance, 1000);
  const policies = rules.policies?.map(({ type, value, periodSeconds }) => ({
    type,
    value,
    period: `${periodSeconds}s`,
  }));
  return {
    [way]: given({
      select: rules.selectPolicy,
      window: window === undefined ? undefined : `${window}s`,
      policies,
      tolerance: tolerance === undefined || tolerance === 0 ? undefined : tolerance / 1000,
    }),
  };
}
