import type { CountOrPercent } from "../../fields/countOrPercent.ts";
import type { RolloutView } from "../../rollout/strategy.ts";
import type { Planning } from "../invariant.ts";

/** How far a rollout may go above and below the wanted number, in containers. */
export interface Bounds {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * The bounds that a strategy was given: its settings maxSurge (rounded up) and maxUnavailable (rounded down), both zero
 * meaning one unavailable (Kubernetes, ResolveFenceposts). Undefined where it has no such settings, or a router instead.
 */
export function boundsOf({ settings, view }: Pick<Planning, "settings" | "view">): Bounds | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  const { maxSurge, maxUnavailable, trafficRouting } = settings as Readonly<Record<string, unknown>>;
  const [above, below] = [amountOf(maxSurge), amountOf(maxUnavailable)];
  if (trafficRouting === true || above === undefined || below === undefined) return undefined;
  const surge = share(above, view.replicas, Math.ceil);
  const unavailable = share(below, view.replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, view.replicas) };
}

/** Whose name says so need not say it again. */
const CLOSING = /recreate|maintenance/i;

/** True for strategies that take the service down on purpose. */
export function closesOnPurpose({ strategy }: Pick<Planning, "strategy">): boolean {
  return strategy.closes === true || CLOSING.test(strategy.name) || strategy.operatedBy === "person";
}

/**
 * True where all traffic goes back to the stable release because a person told the rollout to give up: whoever says so is obeyed,
 * however that release fares (Argo Rollouts, reconcileActiveService: on abort the stable hash).
 */
export function obeysAbort({ view, plan }: Pick<Planning, "view" | "plan">): boolean {
  const stable = releasesOf(view).filter((release) => release.stable);
  return (
    view.abortAsked &&
    Array.isArray(plan.receiving) &&
    plan.receiving.every((id) => stable.some((one) => one.id === id))
  );
}

/** What a release is to have once the plan is carried out. */
export function wantedAfter(
  { plan }: Pick<Planning, "plan">,
  release: { readonly id: number; readonly desired: number },
): number {
  return plan.scale?.findLast((wish) => wish.release === release.id)?.desired ?? release.desired;
}

/** Every release in a view. */
export function releasesOf({ next, previous }: RolloutView): RolloutView["previous"] {
  return [next, ...previous];
}

/** An author's own schema may leave a plain number, or a text such as `25%`. */
function amountOf(value: unknown): CountOrPercent | undefined {
  if (typeof value === "number") return { kind: "count", value };
  if (typeof value === "string" && /^\d+%$/.test(value)) return { kind: "percent", value: Number.parseInt(value, 10) };
  return isAmount(value) ? value : undefined;
}

function isAmount(value: unknown): value is CountOrPercent {
  return typeof value === "object" && value !== null && "kind" in value && "value" in value;
}

/** Cleared of binary dust before it is rounded. */
function share(amount: CountOrPercent, replicas: number, round: (exact: number) => number): number {
  if (amount.kind === "count") return amount.value;
  const exact = (amount.value * replicas) / 100;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) < 1e-9 ? whole : round(exact);
}
