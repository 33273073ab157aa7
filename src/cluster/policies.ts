import type { CountOrPercent } from "../fields/countOrPercent.ts";
import type { Micros } from "../kernel/time.ts";
import type { AutoscaleMetric } from "./autoscaleMetrics.ts";

/**
 * What looks after the containers of a service, as Kubernetes' kinds name it; a Deployment where nothing is said.
 *
 * A `StatefulSet` gives its containers ordinals and replaces them one by one, a `DaemonSet` runs one per eligible host,
 * a `ReplicaSet` keeps the number but never replaces what runs, and a `Pod` is replaced by nobody.
 */
export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod";

/** Whether a StatefulSet starts and stops one container at a time, in order, or all at once (podManagementPolicy). */
export type PodManagement = "OrderedReady" | "Parallel";

/**
 * How many containers of a service voluntary disruptions must leave healthy (Kubernetes, PodDisruptionBudget). One of
 * the two limits is set; a percentage is rounded up in both (disruption.go, getExpectedPodCount).
 */
export interface BudgetSpec {
  readonly minAvailable: CountOrPercent | undefined;
  readonly maxUnavailable: CountOrPercent | undefined;
  /** Whether a container that runs but is not ready may go although the budget is not met (unhealthyPodEvictionPolicy). */
  readonly unhealthy: "IfHealthyBudget" | "AlwaysAllow";
}

/** One budget over the containers of several services together: a selector that selects more than one workload. */
export interface SharedBudgetSpec extends BudgetSpec {
  /** Names of services; at least one. */
  readonly services: readonly string[];
}

/** How a budget stands: what a scheduler that preempts has to know of it. */
export interface BudgetView {
  /** Names of the services whose containers it counts together. */
  readonly services: readonly string[];
  /** How many of them may be taken away now. */
  readonly disruptionsAllowed: number;
}

/** How much one rule lets the number change within a period (autoscaling/v2, HPAScalingPolicy). */
export interface ScalingPolicy {
  readonly type: "Pods" | "Percent";
  /** Containers, or percent of the number at the beginning of the period; above 0. */
  readonly value: number;
  readonly period: Micros;
}

/** How fast and how surely the number may go one way (autoscaling/v2, HPAScalingRules). */
export interface ScalingRules {
  /** `Max`: the policy that allows the most counts; `Min`: the least; `Disabled`: never this way. */
  readonly select: "Max" | "Min" | "Disabled";
  /** Over which the recommendations are held: the lowest going up, the highest going down. */
  readonly window: Micros;
  readonly policies: readonly ScalingPolicy[];
  /** Deviation from the target that is left alone, such as 0.1; undefined: the controller's own 0.1. */
  readonly tolerance?: number | undefined;
}

/** How the number of a service's containers follows its metrics (autoscaling/v2, HorizontalPodAutoscaler). */
export interface AutoscaleSpec {
  /** Least and most containers, both included; at least 1. */
  readonly min: number;
  readonly max: number;
  /** At least one. Each proposes a number, and the largest counts. */
  readonly metrics: readonly AutoscaleMetric[];
  /** Undefined: Kubernetes' rules from before `behavior` (at most twice as many, or 4, in a step; 5 m window down). */
  readonly behavior: { readonly up: ScalingRules; readonly down: ScalingRules } | undefined;
}
