/** What an autoscaler looks at (autoscaling/v2, MetricSpec), and where each value comes from. */
import type { Micros } from "../kernel/time.ts";

/**
 * What is measured of a service's requests: how many come in a second; how many its containers have, waiting or being served; how
 * many of these only wait.
 */
export type LoadQuantity = "requestsPerSecond" | "requestsInFlight" | "requestsQueued";

/** A metric's value from some moment on. */
export interface SeriesPoint {
  readonly at: Micros;
  /** In thousandths; undefined: nobody supplies the metric from then on. */
  readonly milli: number | undefined;
}

/** Who supplies a metric. */
export type MetricSource =
  /** The simulated requests; `service` undefined: of the service that is scaled. */
  | { readonly kind: "load"; readonly quantity: LoadQuantity; readonly service: string | undefined }
  /** The scenario itself: each value holds until the next, times ascend, and before the first there is none. */
  | { readonly kind: "series"; readonly points: readonly SeriesPoint[] }
  /** Nobody: it is always missing. */
  | { readonly kind: "none" };

/** Wanted use of a resource, averaged over the containers. */
export type ResourceTarget =
  /** In percent of the request; may be above 100. */
  | { readonly kind: "utilisation"; readonly percent: number }
  /** Per container, in thousandths: of a core, or of a byte. */
  | { readonly kind: "average"; readonly milli: number };

/** Wanted value of a metric in thousandths: as it is, or for each container. */
export interface ValueTarget {
  readonly kind: "value" | "average";
  readonly milli: number;
}

export interface NamedMetric {
  /** As the metrics API knows it. */
  readonly name: string;
  /** The metric's selector (matchLabels); it stands in events only. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly source: MetricSource;
}

/** One metric of an autoscaler. */
export type AutoscaleMetric =
  | {
      readonly kind: "resource";
      readonly resource: "cpu" | "memory";
      /** Only this container of the pods counts (ContainerResource); undefined: the whole pod. */
      readonly container?: string | undefined;
      readonly target: ResourceTarget;
    }
  | (NamedMetric & { readonly kind: "pods"; readonly averageMilli: number })
  | (NamedMetric & {
      readonly kind: "object";
      readonly object: { readonly kind: string; readonly name: string };
      readonly target: ValueTarget;
    })
  | (NamedMetric & { readonly kind: "external"; readonly target: ValueTarget });

/** The metric that most autoscalers have: use of cpu in percent of the request. */
export function cpuUtilisation(percent: number): AutoscaleMetric {
  return { kind: "resource", resource: "cpu", target: { kind: "utilisation", percent } };
}

/** A metric's value at a moment in thousandths, as a series gives it; undefined: nobody supplies it then. */
export function seriesAt(points: readonly SeriesPoint[], now: Micros): number | undefined {
  return points.findLast(({ at }) => at <= now)?.milli;
}
