import type { AutoscaleMetric, MetricSource, ResourceTarget } from "../cluster/autoscaleMetrics.ts";
import type { AutoscaleSpec, ScalingRules } from "../cluster/policies.ts";
import { formatDuration as time } from "../kernel/time.ts";
import type { Branch, Tree } from "./writePruned.ts";
import { bytes, defined } from "./writeUnits.ts";

/** An autoscaler in the words of the file: a lone percentage of cpu as `cpu`, anything else as a list of metrics. */
export function treeOfAutoscale({ min, max, metrics, behavior }: AutoscaleSpec): Tree {
  const [only, second] = metrics;
  const isPlain = only?.kind === "resource" && second === undefined && only.container === undefined;
  return defined({
    min,
    max,
    ...(isPlain ? { [only.resource]: treeOfUse(only.resource, only.target) } : { metrics: metrics.map(treeOfMetric) }),
    behavior: behavior && { up: treeOfRules(behavior.up), down: treeOfRules(behavior.down) },
  });
}

function treeOfRules({ select, window, policies, tolerance }: ScalingRules): Tree {
  return defined({
    select,
    window: time(window),
    policies: policies.map((policy) => ({ ...policy, period: time(policy.period) })),
    tolerance,
  });
}

function treeOfMetric(metric: AutoscaleMetric): Tree {
  if (metric.kind === "resource") {
    const { resource, container, target } = metric;
    return defined({ [resource]: treeOfUse(resource, target), container });
  }
  const shared = { labels: metric.labels && { ...metric.labels }, from: treeOfSource(metric.source) };
  switch (metric.kind) {
    case "pods":
      return defined({ pods: metric.name, average: amount(metric.averageMilli), ...shared });
    case "object": {
      const { object, name, target } = metric;
      const head = { object: `${object.kind}/${object.name}`, metric: name };
      return defined({ ...head, [target.kind]: amount(target.milli), ...shared });
    }
    case "external":
      return defined({ external: metric.name, [metric.target.kind]: amount(metric.target.milli), ...shared });
  }
}

function treeOfUse(resource: "cpu" | "memory", target: ResourceTarget): Branch {
  if (target.kind === "utilisation") return `${target.percent}%`;
  return resource === "cpu" ? `${target.milli}m` : bytes(target.milli / 1000);
}

function treeOfSource(source: MetricSource): Branch {
  switch (source.kind) {
    case "none":
      return "none";
    case "load":
      return source.service === undefined ? source.quantity : { quantity: source.quantity, service: source.service };
    case "series":
      return source.points.map(({ at, milli }) => ({
        at: time(at),
        value: milli === undefined ? "none" : amount(milli),
      }));
  }
}

/** Thousandths as a plain number, or in Kubernetes' own way: `2500m`. */
function amount(milli: number): Branch {
  return milli % 1000 === 0 ? milli / 1000 : `${milli}m`;
}
